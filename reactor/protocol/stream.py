"""The protocol of a stream: it gives one connection's bytes their meaning.

The types here are chosen for the usual program, which speaks TCP, so that it passes a type checker as first written:

- `transport` is a TCP connection, `| Any`. The first half makes `self.transport.getPeer().host` known, and a mistyped
  method or `write("text")` an error. The second lets a subclass declare `transport: IUNIXTransport`, which is no TCP
  connection; without it pyright would let no subclass narrow the attribute. It is never `| None`: no method but
  `makeConnection` is called without a transport, and a program would have to assert that in each.
- `factory` is `Any`: a protocol uses what the program's own factory class adds to ours. A subclass that
  declares `factory: ChatFactory` has it checked.
- `connectionLost` gets its default after the class, not in the signature. Programs override it with and without one;
  a checker that sees a default refuses those without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reactor import error
from reactor.failure import Failure

if TYPE_CHECKING:
    from reactor.interfaces import ITLSTransport

connectionDone = Failure(error.ConnectionDone())


class Protocol:
    """One connection: what happens when it is made, when bytes come, when it is lost.

    transport: the connection's transport, from `makeConnection` on. connected: 1 from then on.
    factory: the factory that built this, when it is one of ours.
    A subclass with another transport, or a factory of its own, declares it: `factory: ChatFactory`.
    """

    connected: int = 0
    transport: ITLSTransport | Any = None
    factory: Any = None

    def makeConnection(self, transport: Any) -> None:
        """Called by the transport, once, before anything else. Override `connectionMade` instead."""
        self.connected = 1
        self.transport = transport
        self.connectionMade()

    def connectionMade(self) -> None:
        """The connection is made: greet the peer, if that is how the conversation begins."""

    def dataReceived(self, data: bytes) -> None:
        """Bytes have come, at least one, cut anywhere: one `write` of the peer may take many calls, or share one."""

    def connectionLost(self, reason: Failure) -> None:
        """The connection is gone: forget what belonged to it.

        reason: holds ConnectionDone after a clean end, ConnectionLost when bytes may be missing, or what a handler
            raised.
        Called once; nothing is called after it. Without an argument, `reason` is `connectionDone`.
        """

    def logPrefix(self) -> str:
        """What the log calls this protocol."""
        return type(self).__name__


Protocol.connectionLost.__defaults__ = (connectionDone,)
