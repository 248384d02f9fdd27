"""The servers that web.py measures: the same page, as the users of each library would write it.

    python web_servers.py NAME

prints the port that it listens on, at 127.0.0.1. None of them keeps an access log; Twisted writes the line for it all
the same, unless it is called twisted+silent. A GET is answered with thirteen bytes, a POST with the length of its body.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from typing import Any

PAGE = b"Hello, world!"


def serve_reactor() -> None:
    from reactor import reactor
    from reactor.web.resource import Resource
    from reactor.web.server import Site

    _serve_twisted_style(reactor, Resource, Site)


def serve_twisted(silent: str) -> None:
    from twisted.internet import reactor
    from twisted.web.resource import Resource
    from twisted.web.server import Site

    class Silent(Site):
        def log(self, request: Any) -> None:
            """Formats a line otherwise, for a log that nobody keeps."""

    _serve_twisted_style(reactor, Resource, Silent if silent else Site)


def _serve_twisted_style(reactor: Any, Resource: Any, Site: Any) -> None:
    class Hello(Resource):  # type: ignore[misc]  # of two libraries
        isLeaf = True

        def render_GET(self, request: Any) -> bytes:
            request.setHeader(b"content-type", b"text/plain")
            return PAGE

        def render_POST(self, request: Any) -> bytes:
            request.setHeader(b"content-type", b"text/plain")
            return b"%d" % len(request.content.read())

    port = reactor.listenTCP(0, Site(Hello()), interface="127.0.0.1")
    print(port.getHost().port, flush=True)
    reactor.run()


def serve_aiohttp() -> None:
    from aiohttp import web

    async def get(request: Any) -> Any:
        return web.Response(body=PAGE, content_type="text/plain")

    async def post(request: Any) -> Any:
        return web.Response(body=b"%d" % len(await request.read()), content_type="text/plain")

    async def main() -> None:
        application = web.Application()
        application.add_routes([web.get("/", get), web.post("/", post)])
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        skt = _listening()
        await web.SockSite(runner, skt).start()
        print(skt.getsockname()[1], flush=True)
        await asyncio.Event().wait()

    asyncio.run(main())


async def application(scope: Any, receive: Any, send: Any) -> None:
    """The page for uvicorn, in bare ASGI."""
    body = PAGE
    if scope["method"] == "POST":
        size, more = 0, True
        while more:
            message = await receive()
            size, more = size + len(message.get("body", b"")), message.get("more_body", False)
        body = b"%d" % size
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def serve_uvicorn(parser: str) -> None:
    import uvicorn

    settings = {"loop": "asyncio", "http": parser, "lifespan": "off", "access_log": False, "log_level": "error"}
    server = uvicorn.Server(uvicorn.Config(application, **settings))
    skt = _listening()
    print(skt.getsockname()[1], flush=True)  # it is listening: who comes before the server accepts, waits
    asyncio.run(server.serve([skt]))


def _listening() -> socket.socket:
    skt = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # asyncio turns Nagle off by this
    skt.bind(("127.0.0.1", 0))
    skt.listen(128)
    skt.setblocking(False)
    return skt


def main(name: str) -> None:
    kind, _, variant = name.partition("+")
    if kind == "uvicorn":
        serve_uvicorn(variant)
    elif kind == "twisted":
        serve_twisted(variant)
    else:
        globals()[f"serve_{kind}"]()


if __name__ == "__main__":
    main(*sys.argv[1:])
