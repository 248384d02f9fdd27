"""The servers that benchmarks/echo.py loads: the same two protocols, written for each library as its users write them.

    python benchmarks/servers.py reactor|asyncio|uvloop|twisted

Each listens on two ports of 127.0.0.1 that the kernel picks, prints them as one line of JSON, and serves until it is
killed. `echo` sends back what came. `answer` sends, for each request of 64 bytes, a hundred pieces of 20 bytes with a
write each: what a protocol does that formats its answer line by line. Nagle's algorithm is off for `answer`, as it
always is in asyncio and uvloop, since otherwise the figure would be about delayed acknowledgements.

Ours and Twisted's are one function: only the imports differ.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

REQUEST_BYTES = 64
PIECES, PIECE = 100, b"x" * 20


def serve_reactor() -> None:
    from reactor import reactor
    from reactor.protocol import Factory, Protocol

    _serve_twisted_style(reactor, Protocol, Factory)


def serve_twisted() -> None:
    from twisted.internet import reactor
    from twisted.internet.protocol import Factory, Protocol

    _serve_twisted_style(reactor, Protocol, Factory)


def _serve_twisted_style(reactor: Any, Protocol: Any, Factory: Any) -> None:
    class Echo(Protocol):
        def dataReceived(self, data: bytes) -> None:
            self.transport.write(data)

    class Answer(Protocol):
        waiting = 0

        def connectionMade(self) -> None:
            self.transport.setTcpNoDelay(True)

        def dataReceived(self, data: bytes) -> None:
            self.waiting += len(data)
            while self.waiting >= REQUEST_BYTES:
                self.waiting -= REQUEST_BYTES
                for _ in range(PIECES):
                    self.transport.write(PIECE)

    ports = {
        name: reactor.listenTCP(0, Factory.forProtocol(protocol), backlog=128, interface="127.0.0.1").getHost().port
        for name, protocol in (("echo", Echo), ("answer", Answer))
    }
    _announce(ports)
    reactor.run()


def serve_asyncio() -> None:
    with asyncio.Runner() as runner:
        runner.run(_serve_asyncio_style())


def serve_uvloop() -> None:
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve_asyncio_style())


async def _serve_asyncio_style() -> None:
    class Echo(asyncio.Protocol):
        def connection_made(self, transport: Any) -> None:
            self.transport = transport

        def data_received(self, data: bytes) -> None:
            self.transport.write(data)

    class Answer(asyncio.Protocol):
        waiting = 0

        def connection_made(self, transport: Any) -> None:
            self.transport = transport

        def data_received(self, data: bytes) -> None:
            self.waiting += len(data)
            while self.waiting >= REQUEST_BYTES:
                self.waiting -= REQUEST_BYTES
                for _ in range(PIECES):
                    self.transport.write(PIECE)

    loop = asyncio.get_running_loop()
    servers = {
        name: await loop.create_server(protocol, "127.0.0.1", 0, backlog=128)
        for name, protocol in (("echo", Echo), ("answer", Answer))
    }
    _announce({name: server.sockets[0].getsockname()[1] for name, server in servers.items()})
    await loop.create_future()  # never done: until we are killed


def _announce(ports: dict[str, int]) -> None:
    print(json.dumps(ports), flush=True)


if __name__ == "__main__":
    {"reactor": serve_reactor, "twisted": serve_twisted, "asyncio": serve_asyncio, "uvloop": serve_uvloop}[
        sys.argv[1]
    ]()
