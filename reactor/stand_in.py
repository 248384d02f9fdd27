"""Protocols that stand in for another protocol, and step aside.

Sometimes a connection isn't its protocol's yet: TLS has to begin first, a Deferred has to fire when the connection is
made, a greeting comes first (HTTP's Upgrade, STARTTLS, SOCKS). Until then another protocol has the connection. Then it
*steps aside*: it gives the transport over to the protocol that it stood in for. What becomes of

    the transport       its `protocol`, which it looks up at each event, is the successor from now on
    makeConnection      is called once, with that transport, before anything else
    received bytes      that the stand-in has not consumed follow in one `dataReceived`, and later ones directly
    half-closes         `readConnectionLost` and its like are looked up on the successor, from now on
    connectionLost      goes to the successor alone
    producers, pauses   must be undone by the stand-in before: the successor finds a transport that reads

One rule keeps it honest: a stand-in gives over what it has, and takes no place that isn't its own. When something else
stands between it and the transport (a policy, a test's transport), the transport's `protocol` is that thing. Twisted's
wrappers keep a place of their own, `wrappedProtocol`, which is given over as well. With anything else the stand-in
stays, and passes on all that comes.

A stand-in that has to hear of the end of the connection doesn't step aside: it overrides `makeConnection` or
`connectionLost`, and stays in between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reactor.failure import Failure

_PLACES = ("protocol", "wrappedProtocol")  # a transport's, and that of a wrapper which is a transport to its protocol


def step_aside(transport: Any, stand_in: Any, successor: Any, received: bytes = b"") -> None:
    """Give a connection over. The stand-in calls it, after it has undone its producer and its pauses.

    received: bytes that came and are not consumed, for the successor.
    """
    for place in _PLACES:
        if getattr(transport, place, None) is stand_in:
            setattr(transport, place, successor)
    successor.makeConnection(transport)
    if received:
        successor.dataReceived(received)


class StandIn:
    """Stands in for a protocol, and steps aside when the connection is made. Override `makeConnection` to do more.

    As long as it has the connection, it hands on all that a transport may look for in a protocol.
    """

    def __init__(self, protocol: Any) -> None:
        self._protocol = protocol

    def makeConnection(self, transport: Any) -> None:
        """The connection is made: give it to the protocol."""
        step_aside(transport, self, self._protocol)

    def dataReceived(self, data: bytes) -> None:
        """Pass on bytes that the transport still gives to the stand-in."""
        self._protocol.dataReceived(data)

    def connectionLost(self, reason: Failure) -> None:
        """Tell the protocol: the stand-in has not stepped aside yet, or it stays."""
        self._protocol.connectionLost(reason)

    def __getattr__(self, name: str) -> Any:
        if name == "_protocol":  # `copy` asks before it fills in the attributes, and this would recurse for ever
            raise AttributeError(name)
        return getattr(self._protocol, name)


def without_stand_ins(protocol: Any) -> Any:
    """The protocol that the user's factory built, behind all stand-ins."""
    while isinstance(protocol, StandIn):
        protocol = protocol._protocol
    return protocol
