"""What lies between a transport's buffer and its socket: as a rule, nothing.

Security is such a layer: it takes the socket's place, and has a say in what the buffering core asks about the end of
things. `Layer` is the answer of a plain socket to each of these questions; `tls.py` has the other answers. A layer asks
its transport for little in return, and `LayeredTransport` is all of it: transports import layers, never the other way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from reactor import error

if TYPE_CHECKING:
    from reactor.core.transports.state import State
    from reactor.failure import Failure
    from reactor.interfaces import IReactorTime


class Layer:
    """Nothing in between. It has no state, so that all plain transports share one."""

    encrypts = False
    """Whether what is written is encrypted."""

    @property
    def needs_peer(self) -> bool:
        """Whether a transport that closes must go on listening, for the layer's sake."""
        return False

    @property
    def waits_for_peer(self) -> bool:
        """Whether nothing can be sent before something has been received, however much room there is."""
        return False

    @property
    def application_protocol(self) -> bytes | None:
        """What both sides agreed to speak, by ALPN; None if they didn't."""
        return None

    def part(self) -> Exception | None:
        """All is sent and the connection is to end: the reason, if it ends now; None when the layer ends it later."""
        return error.ConnectionDone()

    def farewell(self) -> None:
        """The connection ends as it should, in this moment: say so to the peer, if that isn't said yet."""

    def why(self, problem: OSError) -> Exception:
        """What a protocol is told when the socket says no."""
        return error.ConnectionLost()

    def peer_certificate(self) -> bytes | None:
        """Who the peer has proved to be, as DER bytes; None when it has proved nothing."""
        return None


NOTHING = Layer()


class LayeredTransport(Protocol):
    """What a layer needs of its transport. See `StreamTransport` and `SocketConnection`, which have it.

    socket, layer: the layer takes the places of both.
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
        """Whose clock it is."""

    def setTcpNoDelay(self, enabled: bool) -> None: ...

    def stopReading(self) -> None: ...

    def readConnectionLost(self, reason: Failure) -> None: ...

    def connectionLost(self, reason: Failure) -> None: ...

    def _send_for_layer(self) -> None:
        """Ask the layer soon whether it has something to send: by an empty piece."""
