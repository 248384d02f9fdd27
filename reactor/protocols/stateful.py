"""A protocol as a chain of steps, each of which needs a known number of bytes: for formats with binary headers."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from reactor.protocol import Protocol
from reactor.protocols.basic.buffer import InputBuffer

__all__ = ["StatefulProtocol"]

Step = tuple[Callable[[bytes], Any], int]


class StatefulProtocol(Protocol):
    """Calls one function after the other, each with exactly the number of bytes that it waits for.

    A state is a pair: a function, and how many bytes to call it with. It returns the next state, or None to be
    called again with as many bytes. The number is yours to limit when it comes from the peer; it is 1 or more, except
    for a function that then goes on to another state.
    """

    __step: Step | None = None

    @cached_property
    def __waiting(self) -> InputBuffer:
        return InputBuffer()

    def makeConnection(self, transport: Any) -> None:
        """Begin with the initial state. Called by the transport."""
        super().makeConnection(transport)
        self.__step = self.getInitialState()

    def getInitialState(self) -> Step:
        """The first state. Called once, when the connection is made."""
        raise NotImplementedError

    def dataReceived(self, data: bytes) -> None:
        """Take as many steps as there are bytes for; none after one that has closed the connection."""
        assert self.__step is not None, "bytes came before makeConnection"
        self.__waiting += data
        function, size = self.__step
        while len(self.__waiting) >= size:
            following = function(self.__waiting.take(size))
            if self.transport.disconnecting:
                return
            if following:
                self.__step = function, size = following
