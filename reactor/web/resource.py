"""What a site has at each address: a tree of resources, with a child for each part of the path.

class Clock(Resource):
    def render_GET(self, request):
        return time.ctime().encode()

root = Resource()
root.putChild(b"time", Clock())
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from reactor.web import pages
from reactor.web.error import UnsupportedMethod

if TYPE_CHECKING:
    from reactor.web.server import Request

__all__ = ["IResource", "Resource", "getChildForRequest"]


@lru_cache(maxsize=64)
def _renderer(method: bytes) -> str:
    return "render_" + method.decode("latin-1")


class IResource(Protocol):
    """What a site has at an address."""

    isLeaf: bool

    def getChildWithDefault(self, path: bytes, request: Request) -> IResource:
        """The resource one part of the path further on."""

    def putChild(self, path: bytes, child: IResource) -> None:
        """Put a resource at that part of the path."""

    def render(self, request: Request) -> bytes | int:
        """The body of the answer, or NOT_DONE_YET."""


class Resource:
    """What a site has at an address. Override `render_GET` and its sisters, and `getChild` for dynamic children.

    isLeaf: whether this resource answers for everything below it too; `request.postpath` has the rest of the path.
    children: those that `putChild` put here.
    """

    isLeaf: bool = False
    server: Any = None

    def __init__(self) -> None:
        self.children: dict[bytes, Any] = {}

    def putChild(self, path: bytes, child: Any) -> None:
        """Put a resource at one part of the path, such as b"time". b"" is the part behind a final slash.

        Raises TypeError for a path that isn't bytes, as it is on the wire.
        """
        if not isinstance(path, bytes):
            raise TypeError(f"Path segment must be bytes, but {path!r} is {type(path).__name__}: encode it")
        self.children[path] = child
        child.server = self.server

    def getChildWithDefault(self, path: bytes, request: Request) -> Any:
        """The child that `putChild` put at `path`; without one, what `getChild` finds."""
        if path in self.children:
            return self.children[path]
        return self.getChild(path, request)

    def getChild(self, path: bytes, request: Request) -> Any:
        """The child at a path where none was put: a page that says that there is none. Override this.

        path: decoded (%41 is A), so it may hold any byte, a slash or a zero byte too.
        """
        return pages.notFound()

    def render(self, request: Request) -> bytes | int:
        """Call the method that is named after the request's: `render_GET` for GET.

        Returns the body, or NOT_DONE_YET when `request.finish()` will be called later.
        Raises UnsupportedMethod when there is none; it is answered with 405.
        """
        render = getattr(self, _renderer(request.method), None)
        if render is None:
            raise UnsupportedMethod(allowed_methods(self))
        return render(request)  # type: ignore[no-any-return]  # what the user's method returns is checked when sent

    def render_HEAD(self, request: Request) -> bytes | int:
        """The answer to GET; the request leaves the body out."""
        render = getattr(self, "render_GET", None)
        if render is None:
            raise UnsupportedMethod(allowed_methods(self))
        return render(request)  # type: ignore[no-any-return]  # as above


def allowed_methods(resource: object) -> list[bytes]:
    """The methods that a resource answers: its `allowedMethods`, or those for which it has a `render_` method."""
    declared = getattr(resource, "allowedMethods", None)
    if declared is not None:
        return list(declared)
    names = {name.removeprefix("render_") for name in dir(resource) if name.startswith("render_")}
    if "GET" not in names and getattr(type(resource), "render_HEAD", None) is Resource.render_HEAD:
        names.discard("HEAD")
    return [name.encode("latin-1") for name in sorted(names)]


def getChildForRequest(resource: Any, request: Request) -> Any:
    """The resource at a request's address, below `resource`. Moves parts of the path from `postpath` to `prepath`."""
    while request.postpath and not resource.isLeaf:
        part = request.postpath.pop(0)
        request.prepath.append(part)
        resource = resource.getChildWithDefault(part, request)
    return resource
