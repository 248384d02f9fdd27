"""Timers and calls from threads: CPU time an operation, beside asyncio, uvloop and Twisted.

- set: ask for a call in an hour, with thousands of others waiting (up to the next turn: some loops sort only then)
- cancel: take each back (up to the next turn, for the same reason)
- due at once: what a call costs from asking until it ran, when thousands become due together
- one a turn: each call asks for the next with a delay of 0, so that a whole turn of the loop goes by for each
  (uvloop takes a delay of 0 for call_soon and never touches its timers)
- thread, burst: a thread hands over thousands of calls, one after the other
- thread, in turn: a thread hands over a call and waits until it ran, then the next

Each turn of a contender is a process of its own. The clock is the CPU time of the whole process, threads included.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from _machine import Watch, importable
from _measure import chosen, comparison, conditions, options, positive, publish, run_process, take_turns

NEEDS = {"reactor": "reactor.protocol", "asyncio": "asyncio", "uvloop": "uvloop", "twisted": "twisted.internet"}
WORKER = "--worker"
HOUR_S = 3600.0
SOON_S = 0.001
OPERATIONS = ("set", "cancel", "due at once", "one a turn", "thread, burst", "thread, in turn")


@dataclass(frozen=True)
class Loop:
    """What the operations need of an event loop, whatever it calls them itself."""

    call_later: Callable[[float, Callable[[], None]], Any]
    call_from_thread: Callable[[Callable[[], None]], Any]
    stop: Callable[[], Any]


def run_asyncio_style(new_event_loop: Callable[[], asyncio.AbstractEventLoop], work: Callable[[Loop], None]) -> None:
    loop = new_event_loop()
    loop.call_soon(work, Loop(loop.call_later, loop.call_soon_threadsafe, loop.stop))
    loop.run_forever()
    loop.close()


def run_twisted_style(reactor: Any, work: Callable[[Loop], None]) -> None:
    reactor.callWhenRunning(work, Loop(reactor.callLater, reactor.callFromThread, reactor.stop))
    reactor.run()


def run_in(contender: str, work: Callable[[Loop], None]) -> None:
    """Start the contender's loop, call `work` in it, and come back when that stopped the loop."""
    if contender == "asyncio":
        run_asyncio_style(asyncio.new_event_loop, work)
    elif contender == "uvloop":
        import uvloop

        run_asyncio_style(uvloop.new_event_loop, work)
    elif contender == "twisted":
        from twisted.internet import reactor as twisted_reactor

        run_twisted_style(twisted_reactor, work)
    else:
        from reactor import reactor as our_reactor

        run_twisted_style(our_reactor, work)


class Operations:
    """Runs the operations one after the other in a running loop, and stops it at the end.

    count: how many calls each operation makes. results: operation → µs of CPU time a call.
    """

    def __init__(self, count: int) -> None:
        self.results: dict[str, float] = {}
        self._count = count

    def start(self, loop: Loop) -> None:
        self._loop = loop
        self._set()

    def _begin(self) -> None:
        self._left = self._count
        self._clock = time.process_time_ns()

    def _end(self, operation: str) -> None:
        self.results[operation] = (time.process_time_ns() - self._clock) / self._count / 1000

    def _set(self) -> None:
        def a_turn_later() -> None:
            self._end("set")
            self._cancel(calls)

        self._begin()
        calls = [self._loop.call_later(HOUR_S, nothing) for _ in range(self._count)]
        self._loop.call_later(0, a_turn_later)

    def _cancel(self, calls: list[Any]) -> None:
        def a_turn_later() -> None:
            self._end("cancel")
            self._due_at_once()

        self._begin()
        for call in calls:
            call.cancel()
        self._loop.call_later(0, a_turn_later)

    def _due_at_once(self) -> None:
        def ran() -> None:
            self._left -= 1
            if not self._left:
                self._end("due at once")
                self._one_a_turn()

        self._begin()
        for _ in range(self._count):
            self._loop.call_later(SOON_S, ran)

    def _one_a_turn(self) -> None:
        def ran() -> None:
            self._left -= 1
            if self._left:
                self._loop.call_later(0, ran)
            else:
                self._end("one a turn")
                threading.Thread(target=self._call_from_thread).start()

        self._begin()
        self._loop.call_later(0, ran)

    def _call_from_thread(self) -> None:
        ran = threading.Event()
        self._begin()
        for _ in range(self._count - 1):
            self._loop.call_from_thread(nothing)
        self._loop.call_from_thread(ran.set)
        ran.wait()
        self._end("thread, burst")
        self._begin()
        for _ in range(self._count):
            ran.clear()
            self._loop.call_from_thread(ran.set)
            ran.wait()
        self._end("thread, in turn")
        self._loop.call_from_thread(self._loop.stop)


def nothing() -> None:
    pass


def work(contender: str, count: int) -> None:
    """One turn of one contender: what the worker process does."""
    operations = Operations(count)
    run_in(contender, operations.start)
    print(json.dumps(operations.results))


def measure(contender: str, count: int) -> dict[str, float]:
    command = [sys.executable, __file__, WORKER, contender, str(count)]
    results: dict[str, float] = json.loads(run_process(command).output)
    return results


def main() -> None:
    parser = options(__doc__, rounds=9)
    parser.add_argument("--count", type=positive, default=10_000, help="calls in each operation (10,000)")
    arguments = parser.parse_args()
    wanted = chosen(tuple(NEEDS), arguments.only)
    present = [name for name in wanted if importable(NEEDS[name])]
    missing = [name for name in wanted if name not in present]
    watch = Watch(["tutorial-of-doom", "uvloop", "twisted"])
    samples = take_turns(present, arguments.rounds, lambda name: measure(name, arguments.count))
    machine = watch.report()
    sections = {}
    for operation in OPERATIONS:
        cpu = {name: [one[operation] for one in series] for name, series in samples.items()}
        sections[operation] = comparison(cpu, "µs", missing)
    sections["Conditions"] = f"{arguments.count:,} calls each. " + conditions(machine, arguments.rounds)
    result = {"unit": "µs of CPU for a call", "machine": machine, "missing": missing, "samples": samples}
    publish("Timers and calls from threads: CPU for a call", sections, result, arguments.json)


if __name__ == "__main__":
    if sys.argv[1:2] == [WORKER]:
        work(sys.argv[2], int(sys.argv[3]))
    else:
        main()
