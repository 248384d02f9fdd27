"""Starts workers (see `worker`), and keeps one in reserve that has imported all that it needs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

from lecture.serve.worker import ANSWERS_FD
from reactor import log
from reactor.defer import Deferred, DeferredList
from reactor.failure import Failure
from reactor.protocol import ProcessProtocol

GRACE_S = 5.0  # until a worker that was told to end is killed; ending what it started takes less
_START = "import sys; sys.path[:] = {path!r}; from lecture.serve.worker import main; main()"

Answer = dict[str, Any]


class Worker(ProcessProtocol):
    """One worker, which takes one order.

    ended: fires with None when its process has gone.
    """

    def __init__(self, clock: Any) -> None:
        self._clock = clock
        self._told: Callable[[Answer], object] = lambda answer: None
        self._unread = b""
        self._is_over = False
        self._kill: Any = None
        self.ended: Deferred[None] = Deferred()

    def order(self, order: Answer, told: Callable[[Answer], object]) -> None:
        """Give it its order. told: called with every answer, until `stop`."""
        self._told = told
        self.transport.write(json.dumps(order).encode() + b"\n")

    def stop(self) -> None:
        """Have it tidy up and end; what it still says is not heard. It is killed if it takes too long."""
        self._told = lambda answer: None
        if self._kill is None and not self._is_over:
            self._kill = self._clock.callLater(GRACE_S, self._signal, "KILL")
            self._signal("TERM")

    def _signal(self, name: str) -> None:
        if not self._is_over:
            self.transport.signalProcess(name)

    def childDataReceived(self, childFD: int, data: bytes) -> None:
        """A piece of an answer came."""
        *lines, self._unread = (self._unread + data).split(b"\n")
        for line in lines:
            self._told(json.loads(line))

    def processExited(self, reason: Failure) -> None:
        """The process is gone."""
        self._is_over = True
        if self._kill is not None and self._kill.active():
            self._kill.cancel()

    def processEnded(self, reason: Failure) -> None:
        """And all that it said has come."""
        self.ended.callback(None)


class Workers:
    """All workers of a server."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._living: list[Worker] = []
        self._reserve = self._start()

    def order(self, order: Answer, told: Callable[[Answer], object]) -> Worker:
        """Have a worker carry out an order. told: called with each of its answers."""
        worker = self._reserve
        worker.order(order, told)
        self._reserve = self._start()
        return worker

    def stop(self) -> Deferred[Any]:
        """End all of them. Fires when they have gone."""
        for worker in self._living:
            worker.stop()
        return DeferredList([worker.ended for worker in self._living])

    def _start(self) -> Worker:
        worker = Worker(self._reactor)
        command = [sys.executable, "-c", _START.format(path=sys.path)]
        descriptors = {0: "w", 1: 1, 2: 2, ANSWERS_FD: "r"}
        self._reactor.spawnProcess(worker, command[0], command, dict(os.environ), childFDs=descriptors)
        self._living.append(worker)
        worker.ended.addCallback(lambda _: self._living.remove(worker)).addErrback(log.err)
        return worker
