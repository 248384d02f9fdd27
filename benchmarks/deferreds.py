"""Results that come later: CPU time for a chain and for an await, beside asyncio, uvloop and Twisted.

- chain of five: a result goes through five functions, each adding 1, hung on before it comes
- chain after failure: the first of the five raises, the last one mends it
- await, ready: a coroutine awaits a thousand results that are there already
- await, later: a coroutine is started, waits, and gets the result

asyncio has no chains: its nearest is a future whose done-callback fires the next future. Its callbacks wait for a turn
of the loop each, which is what most of the difference is. Its coroutines are tasks. Each turn of a contender is a
process of its own; the clock is the CPU time of that process.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable
from typing import Any

from _machine import Watch, importable
from _measure import chosen, comparison, conditions, options, positive, publish, run_process, take_turns

NEEDS = {"reactor": "reactor.defer", "asyncio": "asyncio", "uvloop": "uvloop", "twisted": "twisted.internet"}
WORKER = "--worker"
STEPS = 5
AWAITS = 1000
OPERATIONS = ("chain of five", "chain after failure", "await, ready", "await, later")


def add_one(value: int) -> int:
    return value + 1


def whole(count: int) -> int:
    """The next whole number of thousands: one coroutine awaits that many ready results."""
    return -(-count // AWAITS) * AWAITS


def refuse(value: int) -> int:
    raise ValueError(value)


class Deferreds:
    """The operations on Deferreds, ours or Twisted's. defer: the module."""

    def __init__(self, defer: Any) -> None:
        self._defer = defer

    def operations(self) -> dict[str, Callable[[int], None]]:
        return {
            "chain of five": self._chain,
            "chain after failure": self._failing_chain,
            "await, ready": self._await_ready,
            "await, later": self._await_later,
        }

    def _chain(self, count: int) -> None:
        for _ in range(count):
            deferred = self._defer.Deferred()
            for _ in range(STEPS):
                deferred.addCallback(add_one)
            deferred.callback(0)
            assert deferred.result == STEPS

    def _failing_chain(self, count: int) -> None:
        for _ in range(count):
            deferred = self._defer.Deferred().addCallback(refuse)
            for _ in range(STEPS - 2):
                deferred.addCallback(add_one)
            deferred.addErrback(lambda failure: 0)
            deferred.callback(0)

    def _await_ready(self, count: int) -> None:
        succeed = self._defer.succeed

        async def work() -> None:
            for _ in range(AWAITS):
                await succeed(None)

        for _ in range(whole(count) // AWAITS):
            self._defer.ensureDeferred(work())

    def _await_later(self, count: int) -> None:
        async def work(deferred: Any) -> None:
            await deferred

        for _ in range(count):
            deferred = self._defer.Deferred()
            self._defer.ensureDeferred(work(deferred))
            deferred.callback(None)


class Futures:
    """The nearest that asyncio has, on one of its loops."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def operations(self) -> dict[str, Callable[[int], None]]:
        return {
            "chain of five": lambda count: self._run(self._chain(count, add_one)),
            "chain after failure": lambda count: self._run(self._chain(count, refuse)),
            "await, ready": lambda count: self._run(self._await_ready(count)),
            "await, later": lambda count: self._run(self._await_later(count)),
        }

    def _run(self, work: Any) -> None:
        self._loop.run_until_complete(work)

    async def _chain(self, count: int, first_step: Callable[[int], int]) -> None:
        for _ in range(count):
            first = last = self._loop.create_future()
            for step in [first_step, *[add_one] * (STEPS - 1)]:
                last = self._then(last, step)
            first.set_result(0)
            try:
                await last
            except ValueError:
                pass

    def _then(self, before: asyncio.Future[int], step: Callable[[int], int]) -> asyncio.Future[int]:
        after: asyncio.Future[int] = self._loop.create_future()

        def go_on(before: asyncio.Future[int]) -> None:
            try:
                after.set_result(step(before.result()))
            except ValueError as problem:
                after.set_exception(problem)

        before.add_done_callback(go_on)
        return after

    async def _await_ready(self, count: int) -> None:
        for _ in range(whole(count)):
            future = self._loop.create_future()
            future.set_result(None)
            await future

    async def _await_later(self, count: int) -> None:
        async def work(future: asyncio.Future[None]) -> None:
            await future

        for _ in range(count):
            future: asyncio.Future[None] = self._loop.create_future()
            task = self._loop.create_task(work(future))
            self._loop.call_soon(future.set_result, None)
            await task


def contender_named(name: str) -> Deferreds | Futures:
    if name == "reactor":
        from reactor import defer

        return Deferreds(defer)
    if name == "twisted":
        from twisted.internet import defer as twisted_defer

        return Deferreds(twisted_defer)
    if name == "uvloop":
        import uvloop

        return Futures(uvloop.new_event_loop())
    return Futures(asyncio.new_event_loop())


def work(name: str, count: int) -> None:
    """One turn of one contender: what the worker process does."""
    results = {}
    for operation, run in contender_named(name).operations().items():
        run(count)  # warm
        clock = time.process_time_ns()
        run(count)
        done = whole(count) if operation == "await, ready" else count
        results[operation] = (time.process_time_ns() - clock) / done / 1000
    print(json.dumps(results))


def measure(contender: str, count: int) -> dict[str, float]:
    results: dict[str, float] = json.loads(
        run_process([sys.executable, __file__, WORKER, contender, str(count)]).output
    )
    return results


def main() -> None:
    parser = options(__doc__, rounds=9)
    parser.add_argument("--count", type=positive, default=10_000, help="how often each is done (10,000)")
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
    sections["Conditions"] = f"{arguments.count:,} of each. " + conditions(machine, arguments.rounds)
    result = {"unit": "µs of CPU for one", "machine": machine, "missing": missing, "samples": samples}
    publish("Results that come later: CPU for a chain and for an await", sections, result, arguments.json)


if __name__ == "__main__":
    if sys.argv[1:2] == [WORKER]:
        work(sys.argv[2], int(sys.argv[3]))
    else:
        main()
