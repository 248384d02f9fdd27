"""Names to addresses, without blocking the loop.

The operating system's resolver comes only in a blocking form. So questions are asked in a pool of threads, at most ten
at once; the answers come back through `callFromThread`. Nothing is cached: asking again asks the system again.

The pool is not that of `reactor.getThreadPool()`, for two reasons. Work in that one may itself wait for a connection
to a name, and ten such pieces of work would wait for ever. And a program waits for that pool before it ends; a resolver
that hangs for half a minute must not delay the end. So these threads are daemons, which the interpreter leaves behind;
they exist only while there are questions.
"""

from __future__ import annotations

from _thread import allocate_lock  # `threading` itself is imported with the first question
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from reactor import error
from reactor.core.system import System
from reactor.defer import Deferred

if TYPE_CHECKING:
    from threading import Thread

    from reactor.threadpool import ThreadPool

_AT_ONCE = 10  # as many as Twisted asks
PATIENCE_S = 60.0  # Twisted's default is 1 + 3 + 11 + 45 seconds

T = TypeVar("T")


class Lookups:
    """The questions that one loop has asked its system's resolver. Nothing is remembered between questions.

    call_later, call_from_thread: the loop's.
    """

    def __init__(self, system: System, call_later: Callable[..., Any], call_from_thread: Callable[..., object]) -> None:
        self._system = system
        self._call_later = call_later
        self._call_from_thread = call_from_thread
        self._pool: ThreadPool | None = None
        self._open_questions = 0
        self._guard = allocate_lock()  # for these two, which the threads change as well

    def look_up(self, name: str, patience_s: float = PATIENCE_S) -> Deferred[str]:
        """The IPv4 address of a host. Fails with DNSLookupError: no such name, or no answer in time."""
        return self._ask(self._system.look_up, name, patience_s)

    def look_up_all(self, name: str, patience_s: float = PATIENCE_S) -> Deferred[list[str]]:
        """All addresses of a host, of both families, in the order in which to try them. Fails as `look_up` does."""
        return self._ask(self._system.look_up_all, name, patience_s)

    def _ask(self, question: Callable[[str], T], name: str, patience_s: float) -> Deferred[T]:
        def give_up() -> None:
            answer.errback(error.DNSLookupError(f"timeout: no answer for {name!r} in {patience_s:g} seconds"))

        def cancel_deadline(result: object) -> object:
            if deadline.active():
                deadline.cancel()
            return result

        answer: Deferred[T] = Deferred()
        deadline = self._call_later(patience_s, give_up)
        answer.addBoth(cancel_deadline)
        try:
            self._ask_in_thread(question, name, answer)
        except Exception as problem:  # too many questions, or no more threads
            answer.errback(error.DNSLookupError(f"can't look {name!r} up now: {problem}"))
        return answer

    def _ask_in_thread(self, question: Callable[[str], T], name: str, answer: Deferred[T]) -> None:
        with self._guard:
            self._running_pool().callInThread(self._get_answer, question, name, answer)
            self._open_questions += 1

    def _running_pool(self) -> ThreadPool:
        if self._pool is None:
            from reactor.threadpool import ThreadPool

            self._pool = ThreadPool(0, _AT_ONCE, "lookup")
            self._pool.threadFactory = _daemon
            self._pool.start()
        return self._pool

    def _get_answer(self, question: Callable[[str], T], name: str, answer: Deferred[T]) -> None:
        """In the thread: ask, and send the answer to the loop."""
        result: T | Exception | None
        try:  # unless the question was cancelled or timed out while it waited for a thread
            result = None if answer.called else question(name)
        except OSError as problem:
            result = error.DNSLookupError(f"address {name!r} not found: {problem}")
        except UnicodeError as problem:
            result = error.DNSLookupError(f"{name!r} is no host name: {problem}")
        self._one_question_less()
        self._call_from_thread(self._answered, answer, result)

    def _one_question_less(self) -> None:
        """The thread that asked the last question ends all threads."""
        with self._guard:
            self._open_questions -= 1
            if not self._open_questions and self._pool is not None:
                self._pool.finish()
                self._pool = None

    def _answered(self, answer: Deferred[Any], result: Any) -> None:
        if answer.called:  # too late: the question was cancelled, or timed out
            return
        if isinstance(result, Exception):
            answer.errback(result)
        else:
            answer.callback(result)


def _daemon(**options: Any) -> Thread:
    import threading

    return threading.Thread(daemon=True, **options)
