"""The records of a run, and what must be true of them whatever happens."""

from __future__ import annotations

from random import Random

from reactor import log

_SIZE = 65521  # a prime: no multiple of a buffer, window or segment fits, so a missing piece is noticed
_BLOCK = Random("faults").randbytes(_SIZE) * 8


def content(stream, start, size):
    """Bytes `start` to `start + size` of the numbered stream: each byte says where it belongs, by its neighbours."""
    offset = (stream * 7919 + start) % _SIZE
    assert offset + size <= len(_BLOCK), "a stream is longer than its block"
    return _BLOCK[offset : offset + size]


class Deliberate(Exception):
    """Handlers raise this on purpose."""


class Books:
    """The records of one run, which have to add up.

    world: the simulated one. problems: what must not have happened, in words; empty if all is well.
    """

    def __init__(self, world):
        self.world = world
        self.problems = []
        self._raised = []
        self._logged = []

    def note(self, who, what):
        """Record what an end does or hears, for the reader of a replay."""
        self.world.note(f"    {who}: {what}")

    def complain(self, who, what):
        """Something has happened that must not happen."""
        self.note(who, f"!!! {what}")
        self.problems.append(f"at {self.world.seconds():.6f} s, {who}: {what}")

    def fail(self, who, where):
        """Raise an unexpected exception. It must be logged, once."""
        problem = Deliberate(f"{who} in {where}, number {len(self._raised)}")
        self._raised.append(problem)
        self.note(who, f"raises in {where}")
        raise problem

    # --- the log

    def __enter__(self):
        self._observers = log.theLogPublisher.observers[:]
        log.theLogPublisher.observers[:] = [self._observe]
        return self

    def __exit__(self, *exception):
        log.theLogPublisher.observers[:] = self._observers

    def _observe(self, event):
        if not event["isError"]:
            return
        problem = event["failure"].value if "failure" in event else None
        if isinstance(problem, Deliberate):
            self._logged.append(problem)
        else:
            self.complain("the log", log.textFromEventDict(event))

    def check_the_log(self):
        """Everything that was raised is logged, and nothing twice."""
        for problem in self._raised:
            times = sum(other is problem for other in self._logged)
            if times != 1:
                self.complain("the log", f"{problem} was logged {times} times instead of once")


class End:
    """One end of one connection: what it has sent, received and asked for.

    program: the one that it is in. name: for people. number: of the stream that it sends.
    peer: the other End, when the first bytes have told.
    written: bytes given to `write`, header and all. promised: how many of them when it asked for the end; None before.
    asked: the ways to end it that were called. reason: what `connectionLost` was told.
    """

    def __init__(self, books, program, name, number):
        self.books = books
        self.program = program
        self.name = name
        self.number = number
        self.peer = None
        self.written = self.received = 0
        self.promised = None
        self.asked = []
        self.reason = None
        self.raised_in = None
        self.producer = None

    def note(self, what):
        self.books.note(self.name, what)

    def complain(self, what):
        self.books.complain(self.name, what)

    def fail(self, where):
        self.raised_in = where
        self.books.fail(self.name, where)

    @property
    def is_over(self):
        """Whether it can receive nothing more: it is lost, or its program is gone."""
        return self.reason is not None or not self.program.is_running

    def __repr__(self):
        said = f"{self.name}: wrote {self.written}, promised {self.promised}, heard {self.received}"
        return f"{said}, asked {self.asked}, {self.reason!r}"
