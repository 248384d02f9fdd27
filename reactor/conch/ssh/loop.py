"""asyncssh on a reactor, whichever it is: as much of an asyncio event loop as asyncssh needs, on transports of ours.

`reactor.asyncioloop` is all of asyncio, on sockets of its own, one loop for a reactor. Here it is the other way round:
asyncssh is one more protocol at a transport of ours. So SSH comes through any endpoint, counts in any factory's limits,
and runs in the simulated world; and a program still begins with `reactor.run()`.

    loop = loop_of(reactor)                                       # one for each reactor
    Carrier(loop, asyncssh.SSHServerConnection(loop, options))    # a Protocol, which a factory builds
    d = loop.run(asyncssh.connect("host", username="ann"))        # a Deferred of what asyncssh's coroutine returns

What asyncssh would have a thread do (read its options, sign with a key) is done in a later turn: it is short.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextvars import Context
from typing import Any, TypeVar, TypeVarTuple

from reactor import log
from reactor.defer import Deferred
from reactor.endpoints import HostnameEndpoint, UNIXClientEndpoint, connectProtocol
from reactor.error import ConnectionDone
from reactor.failure import Failure
from reactor.protocol import Protocol, connectionDone

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


def loop_of(reactor: Any) -> ReactorLoop:
    """The loop for asyncssh on this reactor; made when it is asked for first."""
    its_own = vars(reactor)
    if "asyncssh_loop" not in its_own:
        its_own["asyncssh_loop"] = ReactorLoop(reactor)  # type: ignore[abstract]  # what it lacks raises
    loop: ReactorLoop = its_own["asyncssh_loop"]
    return loop


class ReactorLoop(asyncio.AbstractEventLoop):
    """Callbacks, timers, tasks and connections of asyncio's, on a reactor. It has no servers and no processes."""

    def __init__(self, reactor: Any) -> None:
        self.reactor = reactor
        self._ready: list[asyncio.Handle] = []
        self._timers: dict[asyncio.TimerHandle, Any] = {}  # each with its DelayedCall
        self._next_turn: Any = None
        if hasattr(reactor, "addSystemEventTrigger"):  # a Clock of a test never stops
            reactor.addSystemEventTrigger("after", "shutdown", self._last_turns)

    def run(self, awaitable: Awaitable[Any]) -> Deferred[Any]:
        """Begin it in the next turn. Returns a Deferred of what it returns; to cancel that is to cancel it."""
        return Deferred.fromFuture(asyncio.ensure_future(awaitable, loop=self))

    def call(self, function: Callable[..., Any], *args: Any) -> Any:
        """Call something of asyncssh's, which finds this loop running."""
        outer = asyncio._get_running_loop()  # documented, both, for authors of loops
        asyncio._set_running_loop(self)
        try:
            return function(*args)
        finally:
            asyncio._set_running_loop(outer)

    def call_soon(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        if not self._ready:
            self._next_turn = self.reactor.callLater(0, self._turn)
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def _turn(self) -> None:
        ready, self._ready = self._ready, []
        for handle in ready:
            if not handle.cancelled():
                self.call(handle._run)

    def _last_turns(self) -> None:
        """The reactor has stopped, and cut all connections: what asyncssh does then, it does in its next turns."""
        for _ in range(100):
            if self._ready:
                self._next_turn.cancel()
                self._turn()

    def call_later(
        self, delay: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> Any:
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(
        self, when: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> Any:
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        self._timers[timer] = self.reactor.callLater(max(0, when - self.time()), self._ring, timer)
        return timer

    def _ring(self, timer: asyncio.TimerHandle) -> None:
        del self._timers[timer]
        self.call(timer._run)

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        if handle in self._timers:
            self._timers.pop(handle).cancel()

    def time(self) -> float:
        return float(self.reactor.seconds())

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def create_task(self, coro: Any, **options: Any) -> asyncio.Task[Any]:
        return asyncio.Task(coro, loop=self, **options)

    def run_in_executor(self, executor: Any, func: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        async def work() -> T:
            return func(*args)

        return self.create_task(work())

    async def create_connection(
        self, protocol_factory: Callable[..., Any], host: Any = None, port: Any = None, **options: Any
    ) -> Any:
        """To a name and port. Raises as our endpoints do. options: of sockets; they are asyncio's, and not used."""
        return await self._carry(HostnameEndpoint(self.reactor, host, port), protocol_factory)

    async def create_unix_connection(self, protocol_factory: Any, path: Any = None, **options: Any) -> Any:
        """To a UNIX socket: an agent's."""
        return await self._carry(UNIXClientEndpoint(self.reactor, os.fspath(path)), protocol_factory)

    async def _carry(self, endpoint: Any, protocol_factory: Callable[[], Any]) -> tuple[Any, Any]:
        carrier = Carrier(self, protocol_factory())
        await connectProtocol(endpoint, carrier)
        return carrier, carrier.carried

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        problem = context.get("exception")
        log.err(Failure(problem) if problem else RuntimeError(context["message"]), context["message"])


class Carrier(Protocol, asyncio.Transport):
    """A protocol of asyncio's, at a transport of ours; this is the transport that it sees.

    carried: it. channels: what is told by `carrierPaused(bool)` that the peer doesn't take what is written, or does
    again: asyncssh itself ignores it. mostUnread: so many bytes are read from a peer that doesn't take what is written;
    then no more are: each could be a question. goodbye_s: how long the last words may take.
    """

    mostUnread = 32 * 2**20  # above all windows that asyncssh opens to ten channels: or two such peers wait for ever
    goodbye_s = 5.0

    def __init__(self, loop: ReactorLoop, carried: Any) -> None:
        self.loop, self.carried = loop, carried
        self.channels: set[Any] = set()
        self.isPaused = self._is_closing = False
        self._unread = 0
        self._not_reading: set[str] = set()  # why
        self._goodbye: Any = None

    # our side

    def connectionMade(self) -> None:
        if hasattr(self.transport, "setTcpNoDelay"):
            self.transport.setTcpNoDelay(True)
        self.transport.registerProducer(self, True)
        self.loop.call(self.carried.connection_made, self)

    def dataReceived(self, data: bytes) -> None:
        if self.isPaused:
            self._unread += len(data)
            if self._unread >= self.mostUnread:
                self.pause_reading("it doesn't read")
        self.loop.call(self.carried.data_received, data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._is_closing = True
        if self._goodbye is not None:
            self._goodbye.cancel()
        self.loop.call(self.carried.connection_lost, None if reason.check(ConnectionDone) else reason.value)

    def pauseProducing(self) -> None:
        """The peer doesn't take what is written."""
        self._tell(True)

    def resumeProducing(self) -> None:
        """It does."""
        self._unread = 0
        self.resume_reading("it doesn't read")
        self._tell(False)

    def stopProducing(self) -> None:
        """Nothing: `connectionLost` follows."""

    def _tell(self, is_paused: bool) -> None:
        self.isPaused = is_paused
        for channel in list(self.channels):
            channel.carrierPaused(is_paused)
        self.loop.call(self.carried.pause_writing if is_paused else self.carried.resume_writing)

    # asyncio's side

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Where both ends are, as sockets tell it; and "carrier" is this."""
        if name == "carrier":
            return self
        if name not in ("peername", "sockname"):
            return default
        address = self.transport.getPeer() if name == "peername" else self.transport.getHost()
        return (address.host, address.port) if hasattr(address, "port") else default

    def write(self, data: Any) -> None:
        if not self._is_closing:
            self.transport.write(bytes(data))

    def is_closing(self) -> bool:
        return self._is_closing

    def close(self) -> None:
        """Send what waits, for as long as that may take, and close."""
        if not self._is_closing:
            self._is_closing = True
            self.transport.unregisterProducer()
            self._goodbye = self.loop.reactor.callLater(self.goodbye_s, self._give_up)
            self.transport.loseConnection()

    abort = close  # asyncssh aborts in the turn after its last words, which sockets of asyncio's have sent by then

    def _give_up(self) -> None:
        self._goodbye = None
        self.transport.abortConnection()

    def pause_reading(self, why: str = "asyncio") -> None:
        """Read nothing, until each reason not to is gone."""
        if not self._not_reading:
            self.transport.pauseProducing()
        self._not_reading.add(why)

    def resume_reading(self, why: str = "asyncio") -> None:
        """This reason is gone."""
        if why in self._not_reading:
            self._not_reading.discard(why)
            if not self._not_reading:
                self.transport.resumeProducing()
