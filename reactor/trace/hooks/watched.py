"""Which reactors are watched, and what all hooks need to know: which program has its turn, and what belongs to it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from reactor.trace.tape import Tape

if TYPE_CHECKING:
    from reactor.sim import World

_KEPT = 10_000

Place = tuple[str, int]


class Watched:
    """The reactors that a recorder watches, each as a program of the timeline.

    tape: where steps are taken down. world: whose reactors; None for those that are in no world.
    ways, letters: what goes from where to where, in streams and in datagrams.
    """

    def __init__(self, tape: Tape, world: World | None) -> None:
        self.tape = tape
        self.world = world
        self._programs: dict[int, tuple[Any, int | None]] = {}  # by id() of the loop, which is kept
        self._main: int | None = None  # the program whose reactor has not been seen yet
        self.ways = Ways()
        self.letters = Letters()
        self.connects: dict[str, int | None] = {}  # by connector: the step that began the newest attempt

    # --- programs

    def main_program(self, name: str) -> None:
        """Add the program of this process, whose reactor is made later."""
        self._main = self.tape.program = self._add_program(name, None)

    def add_program(self, loop: Any, name: str, host: str | None) -> int:
        """Add a program and its reactor."""
        number = self._add_program(name, host)
        self._programs[id(loop)] = loop, number
        return number

    def _add_program(self, name: str, host: str | None) -> int:
        self.tape.programs.append({"name": name} if host is None else {"name": name, "host": host})
        return len(self.tape.programs) - 1

    def program_of(self, loop: Any) -> int | None:
        """The number of a reactor's program; None if it isn't watched."""
        if id(loop) not in self._programs:
            self._programs[id(loop)] = loop, self._new(loop)
        return self._programs[id(loop)][1]

    def _new(self, loop: Any) -> int | None:
        """Add a reactor that was not seen before."""
        host = getattr(getattr(loop, "system", None), "host", None)
        if self.world is None:
            if host is not None:
                return None
            main, self._main = self._main, None
            return main if main is not None else self._add_program(f"reactor {len(self.tape.programs) + 1}", None)
        if host is None or host not in self.world.network.hosts:
            return None
        return self._add_program("reactor", host.name)

    @contextmanager
    def turn_of(self, loop: Any) -> Iterator[bool]:
        """While the block runs, what happens belongs to this reactor. Gives whether it is watched."""
        tape = self.tape
        number = self.program_of(loop)
        outer, tape.program = tape.program, number
        try:
            yield number is not None and not tape.is_elsewhere()
        finally:
            tape.program = outer


class Letters:
    """Which step wrote which datagram.

    A simulated kernel knows the datagram itself when it is read. Otherwise nothing is written on it but the sender's
    port: of several with the same words from there, the second that a receiver reads is taken for the second.
    """

    def __init__(self) -> None:
        self._written: dict[tuple[int, bytes], list[int]] = {}
        self._read: dict[tuple[str, int, bytes], int] = {}
        self.opened: list[int] | None = None  # in a simulated world: the step that wrote the datagram being read

    def wrote(self, port: int, data: bytes, step: int | None) -> None:
        """A datagram was written. port: the sender's."""
        if step is not None and len(self._written) < _KEPT:
            self._written.setdefault((port, data), []).append(step)

    def read(self, receiver: str, port: int, data: bytes) -> list[int] | None:
        """The step that wrote the datagram which has come, as far as we can tell."""
        exact, self.opened = self.opened, None
        written = self._written.get((port, data))
        if exact is not None or not written:
            return exact
        number = self._read[receiver, port, data] = self._read.get((receiver, port, data), 0) + 1
        return [written[min(number, len(written)) - 1]]


class Ways:
    """Which connection is the other end of which, and which step wrote which bytes.

    A stream has no messages. Bytes are known by their place in it: those from 10 to 15 that one end receives are those
    that the other end has written as the 10th to 15th.
    """

    def __init__(self) -> None:
        self._by_ends: dict[tuple[Any, Any], str] = {}
        self._ends: dict[str, tuple[Any, Any]] = {}
        self._written: dict[str, deque[tuple[int, int]]] = {}  # the end of each piece, and its step
        self._sizes: dict[tuple[str, str], int] = {}

    def between(self, name: str, here: Any, there: Any) -> None:
        """Note a connection from here to there."""
        self._by_ends[here, there] = name
        self._ends[name] = here, there

    def find(self, here: Any, there: Any) -> str | None:
        """The newest connection between these."""
        return self._by_ends.get((here, there))

    def peer(self, name: str) -> str | None:
        """The other end, if it is watched too."""
        here, there = self._ends.get(name, (None, None))
        return self._by_ends.get((there, here)) if here is not None else None

    def wrote(self, name: str, size: int, step: int | None) -> None:
        """Note that this many more bytes were written."""
        end = self._sizes[name, "out"] = self._sizes.get((name, "out"), 0) + size
        if step is not None and name in self._ends:
            self._written.setdefault(name, deque(maxlen=_KEPT)).append((end, step))

    def received(self, name: str, size: int) -> list[int] | None:
        """Note that this many more bytes have come. Returns the steps that wrote them."""
        first = self._sizes.get((name, "in"), 0)
        self._sizes[name, "in"] = first + size
        written = self._written.get(self.peer(name) or "", deque())
        steps = []
        while written and written[0][0] <= first:  # all of this piece has come
            written.popleft()
        for end, step in written:
            steps.append(step)
            if end >= first + size:
                break
        return steps or None


def one_or_none(number: int | None) -> list[int] | None:
    """The steps that caused another one, if they are known."""
    return None if number is None else [number]
