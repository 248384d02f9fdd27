"""The signals of a simulated program: SIGINT, from `Program.interrupt`, and what it sends to itself.

The module `signal` of a program keeps its handlers here. A loop of asyncio is told through its wake-up descriptor, as
the interpreter does it: a byte for each signal (signal.set_wakeup_fd).
"""

from __future__ import annotations

import errno
import os
import signal
from typing import Any, NoReturn

from reactor.sim.addresses import failure
from reactor.sim.descriptors import Descriptors
from reactor.sim.errors import SimulationError


class Signals:
    """Who handles which signal in one program. descriptors: the program's."""

    def __init__(self, descriptors: Descriptors) -> None:
        self._descriptors = descriptors
        self._handlers: dict[int, Any] = {}
        self._wakeup_fd = -1

    def surroundings(self) -> list[tuple[Any, str, Any]]:
        """What a program has for its own; see interpreter.py."""
        own = {
            "signal": self.set_handler,
            "getsignal": self.handler,
            "set_wakeup_fd": self.set_wakeup_fd,
            "siginterrupt": lambda number, flag: None,
            "raise_signal": self.arrive,
            **dict.fromkeys(("setitimer", "alarm"), _no_alarm),
        }
        names = [(signal, name, function) for name, function in own.items() if hasattr(signal, name)]
        return [*names, (os, "kill", self.kill)]

    def handler(self, number: int) -> Any:
        """As `signal.getsignal`."""
        return self._handlers.get(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)

    def set_handler(self, number: int, handler: Any) -> Any:
        """As `signal.signal`: returns the handler until now. Raises TypeError for what can't be one."""
        if not callable(handler) and handler not in (signal.SIG_DFL, signal.SIG_IGN):
            raise TypeError("signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object")
        before = self.handler(number)
        self._handlers[number] = handler
        return before

    def set_wakeup_fd(self, fd: int, *, warn_on_full_buffer: bool = True) -> int:
        """As `signal.set_wakeup_fd`: returns the descriptor until now."""
        before, self._wakeup_fd = self._wakeup_fd, fd
        return before

    @property
    def says_what_ctrl_c_does(self) -> bool:
        """Whether the program has a handler of its own for SIGINT."""
        return self.handler(signal.SIGINT) is not signal.default_int_handler

    def arrive(self, number: int) -> None:
        """A signal arrives. Raises what its handler raises, and SimulationError where it would end the program."""
        handler = self.handler(number)
        if handler == signal.SIG_DFL:
            raise SimulationError(f"signal {number} would end the program, which handles it nowhere: see Program.kill")
        if handler == signal.SIG_IGN:
            return
        woken: Any = self._descriptors.find(self._wakeup_fd)
        if woken is not None:
            woken.send(bytes([number]))
        handler(number, None)

    def kill(self, pid: int, number: int) -> None:
        """As `os.kill`, of the program itself. Raises ProcessLookupError for any other process: it sees none."""
        if pid != os.getpid():
            raise failure(errno.ESRCH)
        if number:
            self.arrive(number)


def _no_alarm(*args: object) -> NoReturn:
    raise SimulationError("no alarm rings in a simulated world, where a program stops by itself: use reactor.callLater")
