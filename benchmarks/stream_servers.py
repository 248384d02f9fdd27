"""The servers of tls.py and slow_reader.py: one protocol that echoes and one that sends a lot, over TCP and over TLS.

    python benchmarks/stream_servers.py reactor|asyncio|uvloop|twisted echo|stream tcp|tls PEM BYTES

Each listens on a port of 127.0.0.1 that the kernel picks, prints its number, and serves until it is killed. PEM is a
file with certificate and key. `echo` sends back what comes. `stream` sends BYTES bytes, as fast as it may and no
faster: it stops when the transport says so and goes on when it says so, and closes after the last one.

Ours and Twisted's are one function: only the imports differ.
"""

from __future__ import annotations

import asyncio
import ssl
import sys
from pathlib import Path
from typing import Any

PIECE = bytes(64 * 1024)


def serve_reactor(kind: str, secure: bool, pem: str, size: int) -> None:
    from reactor import reactor, ssl
    from reactor.protocol import Factory, Protocol

    _serve_twisted_style(reactor, Protocol, Factory, ssl if secure else None, kind, pem, size)


def serve_twisted(kind: str, secure: bool, pem: str, size: int) -> None:
    from twisted.internet import reactor
    from twisted.internet.interfaces import IPushProducer
    from twisted.internet.protocol import Factory, Protocol
    from zope.interface import implementer

    if secure:
        from twisted.internet import ssl
    made = _serve_twisted_style(reactor, Protocol, Factory, ssl if secure else None, kind, pem, size, run=False)
    implementer(IPushProducer)(made)  # Twisted looks at it over TLS
    reactor.run()


def _serve_twisted_style(
    reactor: Any, Protocol: Any, Factory: Any, ssl: Any, kind: str, pem: str, size: int, run: bool = True
) -> Any:
    class Echo(Protocol):
        def dataReceived(self, data: bytes) -> None:
            self.transport.write(data)

    class Stream(Protocol):
        def connectionMade(self) -> None:
            self.left, self.paused = size, False
            self.transport.registerProducer(self, True)
            self.resumeProducing()

        def resumeProducing(self) -> None:
            self.paused = False
            while self.left and not self.paused:
                piece = PIECE[: self.left]
                self.left -= len(piece)
                self.transport.write(piece)
            if not self.left:
                self.transport.unregisterProducer()
                self.transport.loseConnection()

        def pauseProducing(self) -> None:
            self.paused = True

        def stopProducing(self) -> None:
            self.paused = True

    made = {"echo": Echo, "stream": Stream}[kind]
    factory = Factory.forProtocol(made)
    if ssl is None:
        port = reactor.listenTCP(0, factory, backlog=128, interface="127.0.0.1")
    else:
        options = ssl.PrivateCertificate.loadPEM(Path(pem).read_bytes()).options()
        port = reactor.listenSSL(0, factory, options, backlog=128, interface="127.0.0.1")
    print(port.getHost().port, flush=True)
    if run:
        reactor.run()
    return made


def serve_asyncio(*what: Any) -> None:
    with asyncio.Runner() as runner:
        runner.run(_serve_asyncio_style(*what))


def serve_uvloop(*what: Any) -> None:
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve_asyncio_style(*what))


async def _serve_asyncio_style(kind: str, secure: bool, pem: str, size: int) -> None:
    class Echo(asyncio.Protocol):
        def connection_made(self, transport: Any) -> None:
            self.transport = transport

        def data_received(self, data: bytes) -> None:
            self.transport.write(data)

    class Stream(asyncio.Protocol):
        def connection_made(self, transport: Any) -> None:
            self.transport, self.left, self.paused = transport, size, False
            self.resume_writing()

        def resume_writing(self) -> None:
            self.paused = False
            while self.left and not self.paused:
                piece = PIECE[: self.left]
                self.left -= len(piece)
                self.transport.write(piece)
            if not self.left and not self.transport.is_closing():
                self.transport.close()

        def pause_writing(self) -> None:
            self.paused = True

    context = None
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
    loop = asyncio.get_running_loop()
    made = {"echo": Echo, "stream": Stream}[kind]
    server = await loop.create_server(made, "127.0.0.1", 0, backlog=128, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.create_future()  # never done: until we are killed


def main(contender: str, kind: str, transport: str, pem: str, size: str) -> None:
    """Serve, for ever."""
    serve = {"reactor": serve_reactor, "twisted": serve_twisted, "asyncio": serve_asyncio, "uvloop": serve_uvloop}
    serve[contender](kind, transport == "tls", pem, int(size))


if __name__ == "__main__":
    main(*sys.argv[1:])
