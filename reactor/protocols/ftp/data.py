"""The second connection of FTP, at the server: for one file or list, then it is over.

A client says where this connection is to go, or is told where it may come to. Both have been abused: to have a server
knock at others' doors (the bounce, RFC 2577), and to come sooner than the client, and take its file. So it goes to the
client's own address and to no port below 1024, which the session sees to; and it is taken from there alone, once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from reactor import log
from reactor.abstract import ip_address_of
from reactor.defer import Deferred
from reactor.error import ConnectionDone
from reactor.failure import Failure
from reactor.protocol import ClientFactory, Protocol, connectionDone
from reactor.protocols.ftp.wire import Refused
from reactor.vfs.transfers import pass_on

if TYPE_CHECKING:
    from reactor.protocols.ftp.conversation import FTPSession

_ALONE = re.compile(rb"(?<!\r)\n")


def is_same_host(one: str, other: str) -> bool:
    """Whether two texts are one address."""
    return ip_address_of(one) is not None and ip_address_of(one) == ip_address_of(other)


@contextmanager
def _no_tickets(contextFactory: Any) -> Iterator[None]:
    """For what TLS begins in the block, send no tickets of TLS 1.3: a client that only sends doesn't read them.

    When it closes, its kernel says reset because of them, and ours throws away what we haven't read of the file.
    """
    context = getattr(contextFactory, "getContext", lambda: contextFactory)()
    count, context.num_tickets = context.num_tickets, 0
    try:
        yield
    finally:
        context.num_tickets = count


class DTP(Protocol):
    """One data connection: a consumer of what is sent.

    pi: its session. received: how many bytes have come. over: fires at its end, with whether that was in order.
    """

    received = 0
    _consumer: Any = None
    _early = b""  # what came before there was a consumer; then nothing more is read

    def __init__(self, factory: DTPFactory) -> None:
        self.factory, self.pi = factory, factory.pi
        self.over: Deferred[bool] = Deferred()

    def connectionMade(self) -> None:
        """Begin TLS, if the client wants that. The server is TLS's server, whoever connected."""
        transport: Any = self.transport
        self.registerProducer, self.unregisterProducer = transport.registerProducer, transport.unregisterProducer
        if self.pi.isProtected:
            with _no_tickets(self.pi.contextFactory):
                transport.startTLS(self.pi.contextFactory, normal=self.factory.address is None)
        else:
            self.factory.settle(self)

    def handshakeCompleted(self) -> None:
        """The client may have to show that it is the one of the control connection."""
        transport: Any = self.transport
        if self.pi.requireSessionReuse and not transport.getTLSSession().was_reused:
            self.factory.settle(Refused(522, "the data connection must go on with the TLS session of this one"))
            transport.abortConnection()
        else:
            self.factory.settle(self)

    def dataReceived(self, data: bytes) -> None:
        """Pass it on; without a consumer, keep it, and read no more."""
        self.pi.resetTimeout()
        self.received += len(data)
        if self._consumer is not None:
            self._consumer.write(data)
        else:
            self._early += data
            self.transport.pauseProducing()

    def registerConsumer(self, cons: Any) -> Deferred[bool]:
        """Pass on to it all that comes. Returns `over`."""
        self._consumer = cons
        cons.registerProducer(self.transport, True)
        early, self._early = self._early, b""
        if early:
            cons.write(early)
        self.transport.resumeProducing()
        return self.over

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """It is over."""
        self.factory.settle(Refused(425, "the data connection is gone"))
        self.over.callback(reason.check(ConnectionDone) is not None)

    def write(self, data: bytes) -> None:
        """Send these bytes."""
        self.pi.resetTimeout()
        self.transport.write(data)

    def writeFrom(self, file: IO[bytes], size: int) -> int:
        """Send the next bytes of a file, as `transport.writeFrom`."""
        self.pi.resetTimeout()
        return pass_on(file, self.transport)


class DTPFactory(ClientFactory[Any]):
    """How the one data connection of a transfer comes about.

    pi: the session. peerHost: the only address that it may come from. address: where it goes to, if it doesn't come.
    port: what listens for it, otherwise; closed when it is there. deferred: of the DTP, or of the Refused that tells
    why there is none, after `pi.dtpTimeout` s at the latest.
    """

    noisy = False
    port: Any = None
    _connector: Any = None
    _dtp: DTP | None = None

    def __init__(self, pi: FTPSession, peerHost: str, address: tuple[str, int] | None = None) -> None:
        self.pi, self.peerHost, self.address = pi, peerHost, address
        self.deferred: Deferred[DTP | Refused] = Deferred()
        late = Refused(425, "no data connection came in time")
        self._timer = pi.reactor.callLater(pi.dtpTimeout, self.settle, late)

    def buildProtocol(self, addr: Any) -> DTP | None:
        """The connection, if it is the first, and the client's."""
        if not is_same_host(addr.host, self.peerHost):
            log.msg(f"FTP: {addr.host} came for the data of {self.peerHost}, and is turned away")
        elif self._dtp is None and not self.deferred.called:
            self._stop_listening()
            self._dtp = DTP(self)
            return self._dtp
        return None

    def connect(self) -> None:
        """Go to `address`, from the address that the client knows."""
        assert self.address is not None, "it is for those"
        host, port = self.address
        here = (self.pi.transport.getHost().host, 0)
        self._connector = self.pi.reactor.connectTCP(host, port, self, self.pi.dtpTimeout, here)

    def clientConnectionFailed(self, connector: Any, reason: Failure) -> None:
        """The client doesn't listen there."""
        self.settle(Refused(425, "nothing takes the data connection there"))

    def settle(self, outcome: DTP | Refused) -> None:
        """The connection is ready, or won't be any more. Only the first call counts."""
        self._stop_listening()
        if self._timer.active():
            self._timer.cancel()
        if not self.deferred.called:
            self.deferred.callback(outcome)

    def _stop_listening(self) -> Any:
        port, self.port = self.port, None
        return port.stopListening() if port is not None else None

    def close(self) -> Any:
        """Nobody wants the connection any more: neither one that may come, nor one that is there.

        Returns a Deferred if the port isn't free at once.
        """
        stopped = self._stop_listening()
        self.settle(Refused(425, "the data connection is closed"))
        if self._dtp is not None:
            self._dtp.transport.abortConnection()
        elif self._connector is not None and self._connector.state == "connecting":
            self._connector.stopConnecting()
        return stopped


class _Translating:
    """A consumer in front of another, for a transfer of type A: it changes the ends of lines."""

    def __init__(self, consumer: Any) -> None:
        self._consumer, self._held = consumer, b""
        self.registerProducer, self.unregisterProducer = consumer.registerProducer, consumer.unregisterProducer

    def write(self, data: bytes) -> None:
        """Pass it on; a CR at its end waits for what follows."""
        data = self._held + data
        self._held = b"\r" if data.endswith(b"\r") else b""
        self._consumer.write(self.translate(data.removesuffix(self._held)))

    def finish(self) -> None:
        """All has come."""
        self._consumer.write(self._held)

    def translate(self, data: bytes) -> bytes:
        """The same lines, with other ends."""
        raise NotImplementedError


class ToText(_Translating):
    """Every LF becomes CRLF, unless it is one."""

    def translate(self, data: bytes) -> bytes:
        return _ALONE.sub(b"\r\n", data)


class FromText(_Translating):
    """Every CRLF becomes LF."""

    def translate(self, data: bytes) -> bytes:
        return data.replace(b"\r\n", b"\n")
