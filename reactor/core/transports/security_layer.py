"""What lies between a transport's buffer and its socket: as a rule, nothing.

TLS is such a layer: it takes the socket's place, and has a say when a connection ends. `Layer` answers the buffering
core's questions as for a plain socket; `tls.py` has the other answers. A layer asks little of its transport in return,
and `LayeredTransport` is all of it: transports import layers, never the other way round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from reactor import error

if TYPE_CHECKING:
    from reactor.core.transports.state import State
    from reactor.failure import Failure
    from reactor.interfaces import IReactorTime


class TLSSession(NamedTuple):
    """What two ends of TLS remember. session: an `ssl.SSLSession`. was_reused: whether an older one went on."""

    session: Any
    was_reused: bool


class Layer:
    """Nothing in between. It has no state, so that all plain transports share one."""

    encrypts = False
    """Whether what is written is encrypted."""

    @property
    def needs_peer(self) -> bool:
        """Whether a transport that closes must go on reading, for the layer's sake."""
        return False

    @property
    def waits_for_peer(self) -> bool:
        """Whether nothing can be sent before something has been received, however much room there is."""
        return False

    @property
    def application_protocol(self) -> bytes | None:
        """The protocol that both sides agreed on, by ALPN; None without agreement."""
        return None

    def take_early(self, data: bytes) -> None:
        """The protocol was given these bytes, which are the layer's: the first of all."""

    def part(self) -> Exception | None:
        """End the connection, since all is sent. Returns the reason if it ends now, None if the layer ends it later."""
        return error.ConnectionDone()

    def farewell(self) -> None:
        """The connection is being closed cleanly: say goodbye to the peer, unless that is done already."""

    def why(self, problem: OSError) -> Exception:
        """The reason to tell the protocol when a call of the socket has failed."""
        return error.ConnectionLost()

    def peer_certificate(self) -> bytes | None:
        """The certificate by which the peer has proved its name, as DER bytes; None without one."""
        return None

    def session(self) -> TLSSession | None:
        """What the two ends have agreed on; None without a session."""
        return None


NOTHING = Layer()


class LayeredTransport(Protocol):
    """What a layer needs of its transport; `StreamTransport` and `SocketConnection` have it.

    socket, layer: the layer takes the place of both.
    """

    socket: Any
    layer: Layer
    protocol: Any
    state: State
    pending_bytes: int

    @property
    def connector(self) -> Any:
        """The client's; None at the server's end."""

    @property
    def reactor(self) -> IReactorTime:
        """Used as a clock."""

    def setTcpNoDelay(self, enabled: bool) -> None: ...

    def stopReading(self) -> None: ...

    def readConnectionLost(self, reason: Failure) -> None: ...

    def connectionLost(self, reason: Failure) -> None: ...

    def _send_empty_piece(self) -> None:
        """Have `doWrite` ask the layer whether it has something to send, by an empty piece in the buffer."""
