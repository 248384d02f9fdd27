"""Error pages."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from reactor.web import status

if TYPE_CHECKING:
    from reactor.web.server import Request

__all__ = ["errorPage", "forbidden", "notFound"]


class ErrorPage:
    """A page with a status, for whatever address. Made by the functions below."""

    isLeaf = True
    server: Any = None

    def __init__(self, code: int, brief: str, detail: str) -> None:
        self.code, self.brief, self.detail = code, brief, detail

    def render(self, request: Request) -> bytes:
        """The page, for every method."""
        request.setResponseCode(self.code)
        request.setHeader(b"content-type", b"text/html; charset=utf-8")
        return page(f"{self.code} - {self.brief}", f"<p>{escape(self.detail)}</p>", heading=self.brief)

    def getChildWithDefault(self, path: bytes, request: Request) -> ErrorPage:
        """The same page: it answers for everything below it."""
        return self

    def putChild(self, path: bytes, child: object) -> None:
        """Raises TypeError: an error page has no children."""
        raise TypeError(f"an error page has no children; {path!r} was to be put under {self.brief!r}")


def page(title: str, content: str, heading: str | None = None) -> bytes:
    """A plain page. title, heading: text. content: HTML."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">'
        f"<title>{escape(title)}</title></head>\n"
        f"<body>\n<h1>{escape(heading or title)}</h1>\n{content}\n</body>\n</html>\n"
    ).encode("utf-8", "replace")


def errorPage(code: int, brief: str, detail: str) -> ErrorPage:
    """A page with this status. brief, detail: text for its reader; it is escaped."""
    return ErrorPage(code, brief, detail)


def notFound(brief: str = "No Such Resource", message: str = "Sorry. No luck finding that resource.") -> ErrorPage:
    """A page that says that nothing is at this address (404)."""
    return ErrorPage(status.NOT_FOUND, brief, message)


def forbidden(brief: str = "Forbidden Resource", message: str = "Sorry, resource is forbidden.") -> ErrorPage:
    """A page that says that this client may not see what is here (403)."""
    return ErrorPage(status.FORBIDDEN, brief, message)
