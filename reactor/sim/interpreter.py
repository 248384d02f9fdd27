"""A program's surroundings in the interpreter, which are its own while it runs.

Several programs share one interpreter, and each must believe that it is alone: with its standard streams and
arguments, its reactor, its clock, its dice. So these are exchanged when a program gets its turn, and restored after it.
Sockets are those of the
simulated host. What would break the world (sleep, threads, processes) is replaced by something that says so.
"""

from __future__ import annotations

import os
import random as random_module
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from io import TextIOBase
from random import Random
from typing import Any, NoReturn

from reactor.sim.errors import NoProcessesError, SimulationError
from reactor.sim.plain_sockets import NAMES, PlainSockets
from reactor.sim.sockets import SHARING

with suppress(ImportError):
    import ssl  # noqa: F401  # it keeps a reference to `socket.socket`, which must be the real one, not a program's

_MISSING = object()


class Exchange:
    """Attributes that have another value inside the `with` block; changes to that value are kept for the next block.

    values: owner, name and first value of each. An owner may be a dictionary.
    """

    def __init__(self, values: list[tuple[Any, str, Any]]) -> None:
        self._owners = list({id(owner): owner for owner, _, _ in values}.values())
        self._inside = [{name: value for one, name, value in values if one is owner} for owner in self._owners]
        self._outside: list[dict[str, Any]] = []

    def __enter__(self) -> None:
        self._outside = self._exchange(self._inside)

    def __exit__(self, *exception: object) -> None:
        self._inside = self._exchange(self._outside)

    def _exchange(self, new: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Put these values in their owners' places. Returns those that were there."""
        before = []
        for owner, values in zip(self._owners, new, strict=True):
            space = owner if isinstance(owner, dict) else vars(owner)
            before.append({name: space.get(name, _MISSING) for name in values})
            if isinstance(space, dict):  # at once: some fifty of them change at each turn of each program
                space.update(values)
                for name in [name for name, value in values.items() if value is _MISSING]:
                    del space[name]
            else:
                _put(owner, values)
        return before


def _put(owner: type, values: dict[str, Any]) -> None:
    """As above, for a class, whose namespace can't be written to."""
    for name, value in values.items():
        if value is not _MISSING:
            setattr(owner, name, value)
        elif name in vars(owner):
            delattr(owner, name)


def missing(owner: Any, name: str) -> tuple[Any, str, Any]:
    """A value for an attribute that doesn't exist at first."""
    return owner, name, _MISSING


def streams(stdin: TextIOBase, stdout: TextIOBase, stderr: TextIOBase, argv: list[str]) -> list[tuple[Any, str, Any]]:
    """Standard streams and arguments."""
    return [
        (sys, "stdin", stdin),
        (sys, "stdout", stdout),
        (sys, "stderr", stderr),
        (sys, "argv", argv),
    ]


def clock_and_dice(seconds: Callable[[], float], epoch: float, random: Random) -> list[tuple[Any, str, Any]]:
    """The world's time, and random numbers from its seed.

    epoch: what time.time() says at the beginning, in seconds since 1970.
    """
    shared = getattr(random_module.random, "__self__", None)  # the generator behind all functions of the module
    dice = [
        (random_module, name, getattr(random, name))
        for name, function in vars(random_module).items()
        if shared is not None and getattr(function, "__self__", None) is shared
    ]
    return [
        (time, "time", _here(lambda: epoch + seconds(), time.time)),
        (time, "monotonic", _here(seconds, time.monotonic)),
        (time, "perf_counter", _here(seconds, time.perf_counter)),
        (time, "sleep", _here(_no_sleep, time.sleep)),
        (os, "urandom", random.randbytes),  # what is not to be guessed is the same in each run, too
        (random_module, "_urandom", random.randbytes),  # the same function, for `secrets`
        *dice,
    ]


def _here(own: Callable[..., Any], real: Callable[..., Any]) -> Callable[..., Any]:
    """`own` in this thread, `real` in others: those of a notebook's kernel don't live in this world."""
    thread_id = threading.get_ident()
    return lambda *args: (own if threading.get_ident() == thread_id else real)(*args)


def sockets(own: PlainSockets) -> list[tuple[Any, str, Any]]:
    """Functions that open a socket in the program's own world, and the names of options that WebAssembly lacks."""
    options = [(socket, name, number) for name, (_, number) in SHARING.items() if not hasattr(socket, name)]
    return [(socket, name, getattr(own, name)) for name in NAMES] + options


def forbidden() -> list[tuple[Any, str, Any]]:
    """Functions that a simulated world can't have."""
    return [
        (socket, "fromfd", _no_descriptors),
        (threading.Thread, "start", _no_thread),
        (subprocess.Popen, "__init__", _no_process),
    ]


def _no_sleep(seconds: float) -> NoReturn:
    raise SimulationError(
        f"time.sleep({seconds!r}) would freeze the loop, and with it every program of the simulated world: "
        f"use reactor.callLater({seconds!r}, ...)"
    )


def _no_descriptors(*args: object) -> NoReturn:
    raise SimulationError("a simulated program has no descriptors of the machine to make sockets of")


def _no_thread(*args: object) -> NoReturn:
    raise SimulationError("a simulated program has no threads: the world is one thread, so that each run is the same")


def _no_process(*args: object, **kwargs: object) -> NoReturn:
    raise NoProcessesError("a simulated program can't start processes: start them with World.run")
