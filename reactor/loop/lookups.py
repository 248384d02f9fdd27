"""Names to addresses, without waiting.

The operating system's resolver only comes in a blocking form. So each question is asked in a thread of its own, at
most a few at once; the answer comes back through `callFromThread`. The threads are daemons: a resolver that hangs for
half a minute must not keep a program from ending.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from reactor import error
from reactor.defer import Deferred
from reactor.system import System

_AT_ONCE = 10
_PATIENCE_S = 60.0

Answer = Deferred[str]


class Lookups:
    """The questions that one loop has asked of its system's resolver. Nothing is remembered between questions.

    call_later, call_from_thread: the loop's.
    """

    def __init__(self, system: System, call_later: Callable[..., Any], call_from_thread: Callable[..., object]) -> None:
        self._system = system
        self._call_later = call_later
        self._call_from_thread = call_from_thread
        self._running = 0
        self._queue: deque[tuple[str, Answer]] = deque()

    def look_up(self, name: str, patience_s: float = _PATIENCE_S) -> Answer:
        """The IPv4 address of a host. Fails with DNSLookupError: no such name, or no answer in time."""

        def give_up() -> None:
            answer.errback(error.DNSLookupError(f"timeout: no answer for {name!r} in {patience_s:g} seconds"))

        def cancel_deadline(result: object) -> object:
            if deadline.active():
                deadline.cancel()
            return result

        answer: Answer = Deferred()
        deadline = self._call_later(patience_s, give_up)
        answer.addBoth(cancel_deadline)
        self._queue.append((name, answer))
        self._start()
        return answer

    def _start(self) -> None:
        import threading

        while self._queue and self._running < _AT_ONCE:
            question = self._queue.popleft()
            if not question[1].called:  # it may have been cancelled, or timed out, while it waited
                self._running += 1
                threading.Thread(target=self._ask, args=question, name=f"look up {question[0]}", daemon=True).start()

    def _ask(self, name: str, answer: Answer) -> None:
        """In the thread: ask, and send home what came."""
        result: str | Exception
        try:
            result = self._system.look_up(name)
        except OSError as problem:
            result = error.DNSLookupError(f"address {name!r} not found: {problem}")
        except UnicodeError as problem:
            result = error.DNSLookupError(f"{name!r} is no host name: {problem}")
        self._call_from_thread(self._answered, answer, result)

    def _answered(self, answer: Answer, result: str | Exception) -> None:
        self._running -= 1
        self._start()
        if answer.called:  # too late: nobody waits for it
            return
        if isinstance(result, Exception):
            answer.errback(result)
        else:
            answer.callback(result)
