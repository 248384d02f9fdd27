"""A site: a tree of resources, served over HTTP.

reactor.listenTCP(8080, Site(File("/var/www")))
"""

from __future__ import annotations

import os
from collections.abc import Callable
from html import escape
from typing import Any
from urllib.parse import quote

from reactor import log
from reactor.failure import Failure
from reactor.web import http, status
from reactor.web.channel import HTTPChannel
from reactor.web.dates import datetimeToString
from reactor.web.error import UnsupportedMethod
from reactor.web.forms import unquote
from reactor.web.host import with_port
from reactor.web.http_headers import Headers
from reactor.web.pages import errorPage, page
from reactor.web.resource import IResource, getChildForRequest

__all__ = ["NOT_DONE_YET", "Request", "Site", "UnsupportedMethod", "version"]

NOT_DONE_YET = 1
"""What `render_GET` and its sisters return when they answer later, by `request.write` and `request.finish`."""

version = b"tutorial-of-doom"
"""The value of the header `Server`."""

supportedMethods = (b"HEAD", b"GET", b"POST")
"""The methods that a server knows: a resource that lacks one of them answers 405, and to any other method 501."""


class Request(http.Request):
    """A request to a site.

    site: the one that was asked. prepath, postpath: the path's parts up to the resource that answers, and the rest.
    """

    site: Site
    prepath: list[bytes]
    postpath: list[bytes]

    def usual_headers(self) -> Headers:
        """`Server` and `Date`."""
        return Headers.of_checked({b"server": [version], b"date": [datetimeToString()]})

    def process(self) -> None:
        """Find the resource at the path, and let it answer."""
        self.site = self.channel.site
        self.prepath = []
        if not self.path.startswith(b"/"):
            if self.path == b"*":
                self._answer_for_the_whole_server()
                return
            raise http.BadRequest(status.BAD_REQUEST, f"{self.path!r} is no path: it begins with a slash")
        self.postpath = self.path[1:].split(b"/")
        if b"%" in self.path:
            try:
                self.postpath = [unquote(part) for part in self.postpath]
            except ValueError as problem:
                raise http.BadRequest(status.BAD_REQUEST, str(problem)) from None
        self.render(self.site.getResourceFor(self))

    def render(self, resrc: Any) -> None:
        """Let `resrc` answer, and send what it returns."""
        try:
            body = resrc.render(self)
        except UnsupportedMethod as problem:
            body = self._without_method(problem.allowedMethods)
        if body is NOT_DONE_YET:
            return
        if not isinstance(body, bytes):
            raise TypeError(f"{resrc!r} answered {self!r} with {body!r}, which is neither bytes nor NOT_DONE_YET")
        if self.code not in status.NO_BODY_CODES:
            self.responseHeaders.put(b"content-length", b"%d" % len(body))
        self.write(body)
        self.finish()

    def _without_method(self, allowed: tuple[bytes, ...]) -> bytes:
        method = self.method.decode("latin-1")
        if self.method not in supportedMethods and self.method not in allowed:
            return errorPage(status.NOT_IMPLEMENTED, "Huh?", f"I don't know how to treat a {method} request.").render(
                self
            )
        self.setHeader(b"allow", b", ".join(allowed))
        detail = (
            f"Your browser approached me with the method {method}. I allow {b', '.join(allowed).decode('latin-1')}."
        )
        return errorPage(status.NOT_ALLOWED, "Method Not Allowed", detail).render(self)

    def _answer_for_the_whole_server(self) -> None:
        """`OPTIONS *` asks only whether the server is alive."""
        self.responseHeaders.put(b"content-length", b"0")
        if self.method != b"OPTIONS":
            self.setResponseCode(status.NOT_ALLOWED)
            self.setHeader(b"allow", b"OPTIONS")
        self.finish()

    def processingFailed(self, reason: Failure) -> None:
        """As http.Request does, but show the traceback if the site's `displayTracebacks` says so."""
        if not self.site.displayTracebacks or self.startedWriting or reason.check(http.BadRequest):
            super().processingFailed(reason)
            return
        log.err(reason, f"answering {self!r}")
        self.setResponseCode(status.INTERNAL_SERVER_ERROR)
        self.setHeader(b"content-type", b"text/html; charset=utf-8")
        self.write(page("500 - Internal Server Error", f"<pre>{escape(reason.getTraceback())}</pre>"))
        self.finish()

    def childLink(self, name: bytes) -> bytes:
        """A relative link, from the page at this address to a child of the resource that answers."""
        above = len(self.postpath)
        if above > 1:
            return b"../" * (above - 1) + name
        if above == 1 or not self.prepath or not self.prepath[-1]:
            return name
        return self.prepath[-1] + b"/" + name

    def sibLink(self, name: bytes) -> bytes:
        """A relative link, from the page at this address to a sibling of the resource that answers."""
        return b"../" * len(self.postpath) + name

    def prePathURL(self) -> bytes:
        """The URL of the resource that answers."""
        return self._address(self.prepath)

    def _address(self, parts: list[bytes]) -> bytes:
        name, port, is_secure = self.getRequestHostname(), getattr(self.getHost(), "port", 0), self.isSecure()
        scheme, host = b"https" if is_secure else b"http", with_port(name, port, is_secure) if port else name
        path = b"/".join(quote(part, safe="").encode("ascii") for part in parts)
        return b"%b://%b/%b" % (scheme, host, path)


class Site(http.HTTPFactory):
    """Serves a tree of resources. Its other arguments, and its limits, are HTTPFactory's.

    resource: the root of the tree. displayTracebacks: show clients the traceback of an error; only while you develop.
    """

    displayTracebacks = False
    isLeaf = False  # a site can stand where a resource does

    def __init__(
        self,
        resource: Any,
        requestFactory: Callable[[HTTPChannel], http.Request] | None = None,
        logPath: str | bytes | os.PathLike[str] | None = None,
        timeout: float | None = 60,
        logFormatter: Callable[[str, http.Request], str] | None = None,
        reactor: Any = None,
    ) -> None:
        super().__init__(logPath, timeout, logFormatter, reactor, requestFactory or Request)
        self.resource = resource

    def render(self, request: Request) -> bytes:
        """Redirect to the address with a slash behind it: it is a folder."""
        request.redirect(request.prePathURL() + b"/")
        return b""

    def getResourceFor(self, request: Request) -> IResource:
        """The resource at the request's address."""
        request.site = self
        return getChildForRequest(self.resource, request)  # type: ignore[no-any-return]  # the user's resources

    def getChildWithDefault(self, pathEl: bytes, request: Request) -> Any:
        """The child of the root."""
        return self.resource.getChildWithDefault(pathEl, request)
