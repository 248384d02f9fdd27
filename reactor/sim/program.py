"""A script that runs on a simulated host.

It runs in this interpreter, one step at a time: a step ends where its reactor would wait. Between steps its
surroundings (see interpreter.py) are put away, so that the next program finds its own.
"""

from __future__ import annotations

import builtins
import gc
import signal
import sys
import traceback
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any, Protocol
from weakref import WeakSet

import reactor as package
from reactor import log, main
from reactor.core.reactor import Reactor
from reactor.defer.unhandled import Alarm
from reactor.error import ReactorAlreadyInstalledError
from reactor.log.program import print_errors
from reactor.sim.asyncio_loop import OwnLoops, SimEventLoop, last_breath, no_loop_around
from reactor.sim.errors import SimulationError
from reactor.sim.interpreter import Exchange, clock_and_dice, forbidden, missing, sockets, streams
from reactor.sim.plain_sockets import PlainSockets
from reactor.sim.signals import Signals
from reactor.sim.sim_reactor import SimReactor
from reactor.sim.splitting import IN_STEPS, LINK, is_split, link, split, twin_of
from reactor.sim.streams import Input, Output

_KILLED, _INTERRUPTED = -9, -2  # as subprocess has it: the signal, negated
_HERE = Path(__file__).parent
_EPOCH = 1048672800.0  # time.time() when a world begins: 26 March 2003, 10:00 UTC, when the talk was given


class WorldOfProgram(Protocol):
    """The world around a program."""

    random: Random

    def wait_inside(self, condition: Callable[[], object], timeout: float | None) -> bool:
        """Let the world go on, inside a call that the program has made; see PlainSockets."""

    def program_ended(self, program: Program) -> None:
        """The program has ended."""

    def program_printed(self, program: Program, text: str) -> None:
        """The program prints this."""


class Program:
    """One run of a script. Made by `World.run`.

    name: its file's. host: the name of the host that it runs on. stdout, stderr: what it has printed so far; output:
    both, in the order in which they were. exit_code: None while it runs.
    deadline: until when it waits, if nothing happens: a time of the world's clock; None is for ever.
    """

    def __init__(
        self,
        script: Path,
        args: tuple[str, ...],
        stdin: str | None,
        reactor: SimReactor,
        world: WorldOfProgram,
    ) -> None:
        self.name = script.name
        self.host = reactor.system.host.name
        self.exit_code: int | None = None
        self.deadline: float | None = None
        self.reactor = reactor
        self._world = world
        self._printed: list[tuple[str, str]] = []
        self._module = _main_module(script)
        self._local_modules: dict[str, ModuleType] = {"__main__": self._module}
        self._folder = str(script.parent)
        self._is_busy = False
        self._ended_by: BaseException | None = None
        self._input = Input()
        self._signals = Signals(reactor.system.descriptors)
        own_streams = self._open_streams([str(script), *args])
        own_time = clock_and_dice(reactor.seconds, _EPOCH, Random(world.random.getrandbits(64)))
        self._surroundings = Exchange([*own_streams, *own_time, *self._what_else_is_its_own()])
        if stdin is not None:
            self.type(stdin)
            self.end_input()
        self._steps = self._run(script)  # a coroutine: each `send` is a step

    def _open_streams(self, argv: list[str]) -> list[tuple[Any, str, Any]]:
        """Standard input, output and error."""
        out = Output(1, lambda text: self._print("out", text))
        err = Output(2, lambda text: self._print("err", text))
        descriptors = self.reactor.system.descriptors
        descriptors.standard.update({0: self._input, 1: out, 2: err})
        self._input.on_change = partial(descriptors.changed, 0)
        return streams(self._input.as_file(self._world.wait_inside), out, err, argv)

    def _print(self, stream: str, text: str) -> None:
        self._world.program_printed(self, text)
        self._printed.append((stream, text))

    def _what_else_is_its_own(self) -> list[tuple[Any, str, Any]]:
        """Where imports look first, what `from reactor import reactor` finds, and where errors are logged."""
        return [
            *forbidden(),
            *self._signals.surroundings(),
            (builtins, IN_STEPS, self._in_steps),
            (builtins, LINK, link),
            *sockets(PlainSockets(self.reactor.system, self._world.wait_inside)),
            *OwnLoops(self.reactor).surroundings(),
            (sys, "path", [self._folder, *sys.path]),
            (log.theLogPublisher, "observers", [print_errors]),
            (Alarm, "alive", WeakSet()),
            (package, "install_default", self._install_default),
            (main, "installReactor", self._install_instead_of),
            missing(package, "reactor"),
        ]

    # --- what it has done

    @property
    def output(self) -> str:
        """All that the program has printed."""
        return "".join(text for _, text in self._printed)

    @property
    def stdout(self) -> str:
        """What the program has printed on standard output."""
        return "".join(text for stream, text in self._printed if stream == "out")

    @property
    def stderr(self) -> str:
        """What the program has printed on standard error."""
        return "".join(text for stream, text in self._printed if stream == "err")

    def type(self, text: str) -> None:
        """Write this to its standard input. Raises BrokenPipeError after the end of the input."""
        self._input.feed(text.encode())

    def end_input(self) -> None:
        """Close its standard input."""
        self._input.end()

    @property
    def is_running(self) -> bool:
        """Whether the program hasn't ended yet."""
        return self.exit_code is None

    @property
    def listens(self) -> bool:
        """Whether it has a socket that takes connections or datagrams."""
        return any(getattr(file, "listens", False) for file in self.reactor.system.descriptors)

    def interrupt(self) -> None:
        """Do as Ctrl-C does: run its handler of SIGINT, else stop its reactor, else raise KeyboardInterrupt in it.

        Raises SimulationError if the program has ended.
        """
        if not self.is_running:
            raise SimulationError(f"{self!r} can't be interrupted: it has ended")
        if self.reactor.running and not self._signals.says_what_ctrl_c_does:
            self.reactor.interrupt()
            return
        with self._own_turn():
            try:
                self._signals.arrive(signal.SIGINT)
            except BaseException as raised:
                problem = raised
            else:
                return
        self._go_on(lambda: self._steps.throw(problem))

    def kill(self) -> None:
        """Kill it: its sockets are closed, and its exit code is -9. Does nothing when it has ended.

        Unlike what SIGKILL does, the `finally` blocks that it is in still run.
        """
        if not self.is_running:
            return
        if loop := self.reactor.asyncio_loop:
            loop.ends()
        with self._own_turn(), suppress(RuntimeError):  # asyncio's, when its loop stopped before a task was done
            self._steps.close()
        self._has_ended(_KILLED)

    def tell_unhandled(self) -> None:
        """Have it log failures that no errback will ever handle; else that is when Python happens to notice them."""
        if not self.is_running:
            return
        with self._own_turn():
            if Alarm.alive:
                gc.collect()

    # --- for the world

    def is_due(self, now: float) -> bool:
        """Whether the program has something to do."""
        if self._is_busy or not self.is_running:
            return False
        return (self.deadline is not None and self.deadline <= now) or self.reactor.poller.is_anybody_ready()

    @property
    def waits_until(self) -> float | None:
        """When the program will go on by itself; None for never."""
        return None if self._is_busy or not self.is_running else self.deadline

    def step(self) -> None:
        """Let the program go on until it waits again, or ends. Called by the world."""
        self._go_on(lambda: self._steps.send(None))

    def _go_on(self, resume: Callable[[], float | None]) -> None:
        exit_code = None
        with self._own_turn():
            try:
                self.deadline = resume()
            except StopIteration as ending:
                exit_code = ending.value
        if exit_code is not None:
            self._has_ended(exit_code)

    @contextmanager
    def _own_turn(self) -> Iterator[None]:
        """Inside the block the interpreter is this program's."""
        self._is_busy = True
        before = len(sys.modules)
        hidden = {name: sys.modules.get(name) for name in self._local_modules}
        sys.modules.update(self._local_modules)
        try:
            with self._surroundings, no_loop_around():
                yield
        finally:
            self._put_modules_away(before, hidden)
            self._is_busy = False

    def _has_ended(self, exit_code: int) -> None:
        self.exit_code = exit_code
        with self._own_turn():
            for alarm in Alarm.alive:  # Python may free it while another program runs, which has nothing to do with it
                alarm.failure = None
        if loop := self.reactor.asyncio_loop:
            with self._own_turn(), last_breath():
                loop.end()
                vars(self._module).clear()
                self._ended_by = None
        self.reactor.system.end()
        self._world.program_ended(self)

    def _put_modules_away(self, before: int, hidden: dict[str, ModuleType | None]) -> None:
        """Modules beside the script belong to this program only: another may have modules of the same names."""
        for name in list(sys.modules)[before - len(sys.modules) :] if len(sys.modules) > before else ():
            if str(getattr(sys.modules[name], "__file__", None) or "").startswith(self._folder):
                self._local_modules[name] = sys.modules[name]
        for name in self._local_modules:
            sys.modules.pop(name, None)
        sys.modules.update({name: module for name, module in hidden.items() if module is not None})

    # --- running

    async def _run(self, script: Path) -> int:
        """The whole program, to the end of its interpreter. Returns the exit code."""
        exit_code = await self._run_script(script)
        if Alarm.alive:  # an interpreter frees all objects at its end; Deferreds whose failure nobody took tell it then
            vars(self._module).clear()
            gc.collect()
        return exit_code

    async def _run_script(self, script: Path) -> int:
        try:
            code = split(script.read_text("utf-8-sig"), str(script))
            running = eval(code, vars(self._module))
            if is_split(code):
                await running
        except SystemExit as ending:
            return _exit_code(ending)
        except GeneratorExit:  # killed
            raise
        except BaseException as problem:
            self._ended_by = problem  # its frames hold what the program has open, until `last_breath`
            _print_traceback(problem, str(script))
            return _INTERRUPTED if isinstance(problem, KeyboardInterrupt) else 1
        return 0

    async def _in_steps(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Make a call at a place that can wait. Called by the script, see splitting.py."""
        if (found := twin_of(function)) is not None:
            twin, first = found
            return await twin(*first, *args, **kwargs)
        loop = getattr(function, "__self__", None)
        if loop is self.reactor and function.__name__ == "run":
            return await _Turns(self.reactor.turns())
        if isinstance(loop, SimEventLoop) and function.__name__ == "run_forever":
            return await _Turns(loop.turns())
        return function(*args, **kwargs)

    def _install_default(self) -> Reactor:
        """In place of `reactor.install_default`."""
        package.reactor = self.reactor
        return self.reactor

    def _install_instead_of(self, asked: Reactor) -> None:
        """In place of `main.installReactor`: the simulated reactor takes the name of the one that was asked for."""
        if "reactor" in vars(package):
            raise ReactorAlreadyInstalledError("a reactor is installed already in this simulated program")
        from reactor.core.guests.reactor import GuestReactor

        if isinstance(asked, GuestReactor):
            raise SimulationError(f"{type(asked).__name__} needs another loop to be a guest in, which isn't simulated")
        self.reactor.__class__ = type(type(asked).__name__, (SimReactor,), {})
        package.reactor = self.reactor

    def __repr__(self) -> str:
        state = "running" if self.is_running else f"exit {self.exit_code}"
        return f"<Program {self.name} on {self.host}, {state}>"


class _Turns:
    """Awaiting this makes all these turns, in steps; see `SimReactor.turns`."""

    def __init__(self, turns: Generator[float | None, None, None]) -> None:
        self._turns = turns

    def __await__(self) -> Generator[float | None, None, None]:
        return self._turns


def _main_module(script: Path) -> ModuleType:
    module = ModuleType("__main__")
    module.__file__ = str(script)
    return module


def _exit_code(ending: SystemExit) -> int:
    """The exit code, as the interpreter makes it: None is 0, a number itself; anything else is printed and is 1."""
    if ending.code is None:
        return 0
    if isinstance(ending.code, int):
        return ending.code & 0xFF
    print(ending.code, file=sys.stderr)
    return 1


def _print_traceback(problem: BaseException, script: str) -> None:
    """As the interpreter does, without our own frames: those before the script's first, and those of its steps."""
    trace = problem.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename != script:
        trace = trace.tb_next
    printed: traceback.TracebackException | None
    printed = whole = traceback.TracebackException.from_exception(problem.with_traceback(trace))
    while printed is not None:
        printed.stack[:] = [frame for frame in printed.stack if Path(frame.filename).parent != _HERE]
        printed = printed.__cause__ or printed.__context__
    sys.stderr.write("".join(whole.format()))
