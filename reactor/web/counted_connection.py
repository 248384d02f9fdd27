"""A connection that was HTTP's, and is another protocol's now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reactor.failure import Failure
from reactor.stand_in import StandIn

if TYPE_CHECKING:
    from reactor.web.http import HTTPFactory


class CountedConnection(StandIn):
    """Stands before the protocol that took a connection over, to tell the factory, which counts it, when it is lost.

    The channel can't do that: it is gone, with everything else that HTTP needs.
    """

    def __init__(self, protocol: Any, factory: HTTPFactory) -> None:
        super().__init__(protocol)
        self._factory = factory

    def makeConnection(self, transport: Any) -> None:
        self._protocol.makeConnection(transport)

    def connectionLost(self, reason: Failure) -> None:
        self._factory.channel_lost()
        super().connectionLost(reason)
