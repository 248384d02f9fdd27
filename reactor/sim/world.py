"""A whole little world: hosts, the network between them, the programs on them, one clock, and dice from one seed."""

from __future__ import annotations

import math
import os
from collections import deque
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from reactor.sim.clock import Clock
from reactor.sim.descriptors import Descriptors
from reactor.sim.errors import NothingLeftToHappen, SimulationError
from reactor.sim.function_program import FunctionProgram
from reactor.sim.host import Host
from reactor.sim.links import Link
from reactor.sim.network import Network
from reactor.sim.never_waits import explained
from reactor.sim.poller import SimPoller
from reactor.sim.program import Program
from reactor.sim.resolver import Names
from reactor.sim.sim_reactor import SimReactor
from reactor.sim.system import SimSystem

_LOG_LINES = 100_000
_TURNS_IN_AN_INSTANT = 1000  # for a program that is busy for longer, time can't stand still
_TURN_S = 1e-6  # the time that each turn takes from then on
_PATIENCE_S = 3600.0


class World:
    """A simulated network, and the programs that run on it.

    seed: all that is random comes from it: two worlds with one seed, in which the same is done, are the same to the
    last byte.
    most_turns: so many turns may programs take without any event; by the 200,000th a fifth of a second has passed.
    on_output: if set, is called with each piece that a program prints, at once. If it raises, `print` raises that, and
        prints nothing.
    """

    def __init__(self, seed: int = 0, most_turns: int = 200_000) -> None:
        self.seed = seed
        self.most_turns = most_turns
        self.clock = Clock()
        self.random = Random(seed)
        self.names = Names()
        self.network = Network(self.clock, self.random, self.note)
        self.programs: list[Program | FunctionProgram] = []
        self._queue: list[Program | FunctionProgram] = []  # the same; the one that had the last turn is at the end
        self._hosts: dict[str, Host] = {}
        self._lines: deque[str] = deque(maxlen=_LOG_LINES)
        self._turns = 0  # since the last event
        self.on_output: Callable[[Program, str], object] | None = None

    # --- what it is made of

    def host(self, name: str) -> Host:
        """The host of this name; a new one, on the network with all others, if there is none yet."""
        if name not in self._hosts:
            number = len(self._hosts) + 1
            if number > 250:
                raise SimulationError(f"there is no address left for host {name!r}: a world has room for 250")
            host = Host(name, (f"10.0.0.{number}", f"fd00::{number:x}"), self.network)
            self._hosts[name] = host
            self.network.add(host)
            self.names.add(name, *host.addresses)
        return self._hosts[name]

    def link(self, one: str, other: str, **changes: Any) -> Link:
        """The link between two hosts, or from a host to itself.

        changes: fields of the Link to set. Raises SimulationError for a host or a field that isn't there.
        """
        link = self.network.link(self._existing(one), self._existing(other))
        for name, value in changes.items():
            if name.startswith("_") or not hasattr(link, name):
                raise SimulationError(f"a link has no {name!r}: see reactor.sim.Link")
            setattr(link, name, value)
        return link

    def run(
        self, script: str | os.PathLike[str], *args: str, host: str, stdin: str | None = "", files: int = 1024
    ) -> Program:
        """Start a script on a host. It runs until its reactor waits for the first time, or to its end.

        args: its command line. stdin: all that it can read there; None leaves it open, for `Program.type`.
        files: how many descriptors it may have.
        Raises SimulationError for a host that isn't there, OSError when the script can't be read.
        """
        path = Path(script).absolute()
        if not path.is_file():
            raise FileNotFoundError(f"no script to run: {path}")
        program = Program(path, args, stdin, self.reactor(host, files), self)
        self._begins(program)
        return program

    def start(self, main: Callable[[SimReactor], object], *, host: str, files: int = 1024) -> FunctionProgram:
        """Start a function as a program on a host: `main(reactor)` is called once the program's own reactor runs.

        For tests of protocols. It ends when its reactor is stopped. files: how many descriptors it may have.
        Raises SimulationError for a host that isn't there.
        """
        program = FunctionProgram(main, self.reactor(host, files), self)
        self._begins(program)
        return program

    def _begins(self, program: Program | FunctionProgram) -> None:
        self.programs.append(program)
        self._queue.append(program)
        self.note(f"{program.host}: {program.name} begins")
        program.step()

    def reactor(self, host: str, files: int = 1024) -> SimReactor:
        """A reactor on a host, for tests that have no script. Its `run()` and `iterate()` let the world go on."""
        descriptors = Descriptors(files)
        system = SimSystem(self._existing(host), descriptors, self.names, self.clock)
        poller = SimPoller(descriptors, lambda timeout: self._wait(reactor, timeout))
        reactor = SimReactor(poller, system)
        return reactor

    def _existing(self, name: str) -> Host:
        if name not in self._hosts:
            raise SimulationError(f"there is no host {name!r} in this world: make it with world.host({name!r})")
        return self._hosts[name]

    def program_ended(self, program: Program | FunctionProgram) -> None:
        """The program has ended. Called by the program."""
        self._queue.remove(program)
        self.note(f"{program.host}: {program.name} ends, exit {program.exit_code}")

    def program_printed(self, program: Program, text: str) -> None:
        """A program prints. Called by the program."""
        if self.on_output is not None:
            self.on_output(program, text)

    def close(self) -> None:
        """Kill the programs that still run, the newest first. As a context manager, a world does so at its end."""
        for program in reversed(self.programs):
            program.kill()

    def __enter__(self) -> World:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    # --- what happens

    def seconds(self) -> float:
        """The age of the world."""
        return self.clock.seconds()

    def step(self) -> bool:
        """Let one thing happen: a program's turn, or the next event. Returns False if nothing will happen again."""
        return self._step(math.inf)

    def run_until(self, condition: Callable[[], object], patience_s: float = _PATIENCE_S) -> None:
        """Let things happen until `condition()` is true.

        Raises NothingLeftToHappen when it can't become true any more, or hasn't after `patience_s` seconds of the
        world's time; the message says who still runs.
        """
        limit = self.seconds() + patience_s
        while not condition():
            if not self._step(limit):
                raise NothingLeftToHappen(
                    f"it hasn't happened, and nothing more happens until {limit:g} s; seed {self.seed}, "
                    f"still running: {[program for program in self.programs if program.is_running]}"
                )

    def advance(self, seconds: float) -> None:
        """Let the world go on for this many seconds."""
        limit = self.seconds() + seconds
        while self._step(limit):
            pass
        self.clock.jump_to(limit)

    def _step(self, limit: float) -> bool:
        """As `step`, but no later than `limit`."""
        now = self.seconds()
        for program in self._awake():
            if program.is_due(now):
                self._take_turns(program)
                program.step()
                self._count_turn(limit, program.reactor, self.most_turns)
                return True
        return self._go_on(limit)

    def _awake(self) -> list[Program | FunctionProgram]:
        return [program for program in self._queue if not program.reactor.system.host.is_paused]

    def _go_on(self, limit: float) -> bool:
        """Move the clock to what comes next."""
        event = self.clock.next_time()
        ends = [time for program in self._awake() if (time := program.waits_until) is not None]
        earliest = min([*ends, math.inf if event is None else event], default=math.inf)
        if earliest > limit or earliest == math.inf:
            return False
        self._turns = 0
        if event == earliest:
            self.clock.go_on()
        else:
            self.clock.jump_to(earliest)
        return True

    def _take_turns(self, program: Program | FunctionProgram) -> None:
        """Put this program, which has its turn now, at the end of the queue."""
        self._queue.remove(program)
        self._queue.append(program)

    def _count_turn(self, limit: float, reactor: SimReactor, most: int) -> None:
        """Time stands still while programs work; for one that never stops, it must go on all the same, and end."""
        self._turns += 1
        if self._turns > most:
            raise SimulationError(explained(reactor, self._turns))
        if self._turns > _TURNS_IN_AN_INSTANT:
            self.clock.jump_to(min(self.seconds() + _TURN_S, limit))

    def _wait(self, reactor: SimReactor, timeout: float | None) -> None:
        """A reactor waits inside `run()` or `iterate()`: let the world go on until its wait is over."""
        if timeout == 0:
            # The turn of a program is counted here and in `_step`, which raises first, and not inside the program.
            self._count_turn(math.inf, reactor, 2 * self.most_turns)
            while (self.clock.next_time() or math.inf) <= self.seconds():
                self.clock.go_on()
            return
        self.wait_inside(reactor.poller.is_anybody_ready, timeout)

    def wait_inside(self, condition: Callable[[], object], timeout: float | None) -> bool:
        """A program waits inside a call: let the world go on until `condition()`. Returns whether it became true."""
        limit = math.inf if timeout is None else max(self.seconds() + timeout, math.nextafter(self.seconds(), math.inf))
        while not condition():
            if not self._step(limit):
                if limit == math.inf:
                    raise NothingLeftToHappen("a call waits for ever: no event is left, and no program has a timer")
                self.clock.jump_to(limit)
                return bool(condition())
        return True

    # --- the log

    @property
    def log(self) -> str:
        """What happened on the network and to the programs, a line each with its time; the last 100,000 of them."""
        return "".join(self._lines)

    def note(self, line: str) -> None:
        """Add a line to the log."""
        self._lines.append(f"{self.seconds():.6f} {line}\n")
