"""The site as it was built last. Each page of it gets what connects it to the server, and nothing else is changed:

    <meta name="lecture-live" content="/live">      where the WebSocket is
    <meta name="lecture-build" content="…">         which build this page is of: a newer one makes it load itself again
    <link rel="stylesheet" href="/live.css">
    <script src="/live.js" defer></script>          site/src/live; before the deck's own script, which moves the address

and its security policy lets it connect to where it came from. So the site that `lecture build` writes holds no part of
this, and can't connect anywhere.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lecture.outputs.pages import POLICY
from lecture.serve.door import Door
from reactor.web import pages
from reactor.web.opening import open_file
from reactor.web.resource import Resource
from reactor.web.server import Site
from reactor.web.static import File

if TYPE_CHECKING:
    from reactor.web.server import Request

LIVE, SCRIPT, STYLESHEET = "live", "live.js", "live.css"
_POLICY_BEGINS = 'content="default-src'
_CONNECTED_POLICY_BEGINS = "content=\"connect-src 'self'; default-src"
_HEADERS = {
    b"cache-control": b"no-store",  # a page that loads itself again must get the new ones
    b"referrer-policy": b"no-referrer",  # the speaker's link has the token in it
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"SAMEORIGIN",  # nobody else's page may have the button Run under its own
    b"cross-origin-resource-policy": b"same-origin",
}
_WAITING = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title></head>
<body><h1>{title}</h1><p>This page shows the deck as soon as it can.</p>{errors}</body></html>
"""


class LiveSite(Site):
    """Serves requests that name us as their host, each with our headers. door: to be set before the first comes."""

    maxConnections = 800  # a process has 1,024 descriptors on most systems

    door: Door

    def __init__(self, resource: Any, reactor: Any) -> None:
        super().__init__(resource, reactor=reactor)

    def getResourceFor(self, request: Request) -> Any:
        """As Site does it."""
        for name, value in _HEADERS.items():
            request.setHeader(name, value)
        if not self.door.knows_host(request):
            return pages.forbidden("The header Host names another server than this one.")
        return super().getResourceFor(request)


class Pages(File):
    """The folder of the site. Until there is one, every page says what it waits for.

    build: the name of the build that is there, "" before the first. errors: what is wrong with the deck.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.build = ""
        self.errors: list[dict[str, Any]] = []

    def createSimilarFile(self, path: str) -> File:
        """A file of the site."""
        return _SiteFile(path, self)

    def getChild(self, path: bytes, request: Request) -> Any:
        """As File does it, when there is a site."""
        return super().getChild(path, request) if self.build else _Waiting(self)

    def directoryListing(self) -> Any:
        """There is none."""
        return self.childNotFound

    def mayServe(self, name: str, path: str) -> bool:
        """Whether it is a file for readers; the build leaves its mark as a hidden one."""
        return not name.startswith(".")

    def connected(self, page: str) -> bytes:
        """A page with what it needs to connect to us."""
        tags = (
            f'<meta name="lecture-live" content="/{LIVE}"><meta name="lecture-build" content="{escape(self.build)}">'
            f'<link rel="stylesheet" href="/{STYLESHEET}"><script src="/{SCRIPT}" defer></script>'
        )
        page = page.replace(_POLICY_BEGINS, _CONNECTED_POLICY_BEGINS, 1)
        return page.replace("<title>", f"{tags}<title>", 1).encode()


class _SiteFile(File):
    def __init__(self, path: str, site: Pages) -> None:
        super().__init__(path)
        self._site = site

    def createSimilarFile(self, path: str) -> File:
        return _SiteFile(path, self._site)

    directoryListing, mayServe = Pages.directoryListing, Pages.mayServe

    def render_GET(self, request: Request) -> Any:
        if not self.path.endswith(".html"):
            return super().render_GET(request)
        try:
            with open_file(self.path, self._root) as file:
                page = file.read().decode("utf-8", "replace")
        except OSError:  # a build has replaced it since
            return self.childNotFound.render(request)
        request.setHeader(b"content-type", b"text/html; charset=utf-8")
        return self._site.connected(page)


class _Waiting(Resource):
    isLeaf = True

    def __init__(self, site: Pages) -> None:
        super().__init__()
        self._site = site

    def render_GET(self, request: Request) -> bytes:
        request.setResponseCode(503)
        request.setHeader(b"content-type", b"text/html; charset=utf-8")
        errors = "".join(
            f"<p><code>{escape(error['file'])}:{error['line']}</code> {escape(error['message'])}</p>"
            for error in self._site.errors
        )
        title = "The deck has a mistake" if errors else "The deck is being built"
        return self._site.connected(_WAITING.format(policy=escape(POLICY), title=title, errors=errors))
