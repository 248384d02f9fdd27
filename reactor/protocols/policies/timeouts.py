"""How long a connection may be idle. Otherwise we would wait for a vanished peer until its cable is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from reactor.failure import Failure
from reactor.interfaces import IDelayedCall, IProtocol
from reactor.protocol import connectionDone
from reactor.protocols.policies.wrapping import ProtocolWrapper, WrappingFactory, call_later


class TimeoutMixin:
    """Mix this into a protocol that wants to end a connection on which nothing happens.

    Call `setTimeout(seconds)` when it is made, `resetTimeout()` when something useful comes, `setTimeout(None)` when it
    is lost.

    timeOut: the current period in seconds; None when there is none.
    """

    timeOut: float | None = None
    transport: Any
    __call: IDelayedCall | None = None

    if TYPE_CHECKING:  # an attribute: type checkers refuse an assignment to a method, but let a class override this
        callLater: Callable[..., IDelayedCall]
    else:

        def callLater(self, period: float, func: Callable[[], object]) -> IDelayedCall:
            """The reactor's; override it, or assign a clock's, to bring another clock."""
            return call_later(period, func)

    def setTimeout(self, period: float | None) -> float | None:
        """Time out in `period` seconds; None cancels the time-out. Returns the previous period."""
        before, self.timeOut = self.timeOut, period
        call = self.__call
        if period is None:
            self.__call = None
            if call is not None and call.active():
                call.cancel()
        elif call is not None:
            call.reset(period)
        else:
            self.__call = self.callLater(period, self.__time_is_up)
        return before

    def resetTimeout(self) -> None:
        """Count from the beginning, if it counts."""
        if self.__call is not None and self.timeOut is not None:
            self.__call.reset(self.timeOut)

    def __time_is_up(self) -> None:
        self.__call = None
        self.timeoutConnection()

    def timeoutConnection(self) -> None:
        """Time is up; closes the connection. Override it to do more."""
        self.transport.loseConnection()


class TimeoutProtocol(ProtocolWrapper):
    """Closes one connection when nothing is written and nothing comes for too long. Made by TimeoutFactory.

    timeoutPeriod: in seconds; None without a time-out.
    """

    timeoutPeriod: float | None = None
    timeoutCall: IDelayedCall | None = None

    def __init__(self, factory: Any, wrappedProtocol: IProtocol, timeoutPeriod: float | None) -> None:
        super().__init__(factory, wrappedProtocol)
        self.setTimeout(timeoutPeriod)

    def setTimeout(self, timeoutPeriod: float | None = None) -> None:
        """Time out in `timeoutPeriod` seconds; None cancels the time-out, as `cancelTimeout` does."""
        self.cancelTimeout()
        self.timeoutPeriod = timeoutPeriod
        if timeoutPeriod is not None:
            self.timeoutCall = self.factory.callLater(timeoutPeriod, self.timeoutFunc)

    def cancelTimeout(self) -> None:
        """Cancel the time-out."""
        self.timeoutPeriod = None
        call, self.timeoutCall = self.timeoutCall, None
        if call is not None and call.active():
            call.cancel()

    def resetTimeout(self) -> None:
        """Count from the beginning, if it counts."""
        if self.timeoutCall is not None and self.timeoutCall.active():
            assert self.timeoutPeriod is not None
            self.timeoutCall.reset(self.timeoutPeriod)

    def write(self, data: bytes) -> None:
        self.resetTimeout()
        super().write(data)

    def writeSequence(self, seq: Iterable[bytes]) -> None:
        self.resetTimeout()
        super().writeSequence(seq)

    def dataReceived(self, data: bytes) -> None:
        self.resetTimeout()
        super().dataReceived(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.cancelTimeout()
        super().connectionLost(reason)

    def timeoutFunc(self) -> None:
        """Time is up; closes the connection. Override it to do more."""
        self.loseConnection()


class TimeoutFactory(WrappingFactory):
    """Closes the connections of the wrapped factory's protocols when they are idle for too long.

    timeoutPeriod: in seconds; half an hour unless given.
    """

    protocol = TimeoutProtocol

    def __init__(self, wrappedFactory: Any, timeoutPeriod: float = 30 * 60) -> None:
        self.timeoutPeriod = timeoutPeriod
        super().__init__(wrappedFactory)

    def wrap(self, protocol: IProtocol) -> Any:
        """A wrapper whose time-out begins now."""
        return self.protocol(self, protocol, timeoutPeriod=self.timeoutPeriod)

    def callLater(self, period: float, func: Callable[[], object]) -> IDelayedCall:
        """The reactor's; override it to bring another clock."""
        return call_later(period, func)
