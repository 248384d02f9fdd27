"""Redirects, and resources that aren't known yet."""

from __future__ import annotations

from html import escape
from typing import Any

from reactor.defer import Deferred
from reactor.web.pages import page
from reactor.web.resource import Resource, getChildForRequest
from reactor.web.server import NOT_DONE_YET, Request

__all__ = ["DeferredResource", "ParentRedirect", "Redirect", "redirectTo"]


def redirectTo(URL: bytes, request: Request) -> bytes:
    """Redirect the client to `URL` (302). Returns the body: a page with a link, for clients that don't follow.

    Raises TypeError for a URL that is text, and not bytes.
    """
    if not isinstance(URL, bytes):
        raise TypeError(f"URL must be bytes, not {URL!r}: encode it")
    request.redirect(URL)
    request.setHeader(b"content-type", b"text/html; charset=utf-8")
    shown = escape(URL.decode("utf-8", "replace"))
    return page("Elsewhere", f'<p>It is at <a href="{shown}">{shown}</a>.</p>')


class Redirect(Resource):
    """Redirects every request, for this address and those below, to `url`, which is bytes."""

    isLeaf = True

    def __init__(self, url: bytes) -> None:
        super().__init__()
        self.url = url

    def render(self, request: Request) -> bytes:
        """The redirect, for every method."""
        return redirectTo(self.url, request)


class ParentRedirect(Resource):
    """Redirects every request to the folder above."""

    isLeaf = True

    def render(self, request: Request) -> bytes:
        """The redirect, for every method."""
        return redirectTo(b"../" if request.path.endswith(b"/") else b"./", request)


class DeferredResource(Resource):
    """A resource that isn't known yet.

    d: fires with it. If it fails, the request is answered with 500, and the failure is logged. If the client has gone
    by then, nothing is rendered.
    """

    isLeaf = True

    def __init__(self, d: Deferred[Any]) -> None:
        super().__init__()
        self.d = d

    def render(self, request: Request) -> int:
        """NOT_DONE_YET: the resource answers when it is there."""
        gone: list[object] = []
        request.notifyFinish().addErrback(gone.append)

        def answer(resource: Any) -> None:
            if not gone:
                request.render(getChildForRequest(resource, request))

        self.d.addCallback(answer).addErrback(request.processingFailed)
        return NOT_DONE_YET
