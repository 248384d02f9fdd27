"""What a graded program may do: read Python and its own folder, write there, and use a few seconds of the processor.

A student's mistake must not hang the grader, and a program that somebody hands in must not read the solution, speak to
the network or fill the disk. A process gives up these powers by an audit hook (PEP 578) and by limits of the system.
That stops what programs do, not what a determined attacker in the same interpreter can do to Python itself: whoever
grades strangers puts a container around it, too.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import signal
import sys
import sysconfig
from pathlib import Path
from typing import Any

from lecture.programs.processes.scratch import PACKAGES

_MEMORY = 1 << 30
_FILE_BYTES = 1 << 20
_FORBIDDEN = (
    *("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.kill", "ctypes."),
    *("os.link", "os.symlink", "os.chmod", "os.chown", "shutil.", "signal.", "winreg.", "sys.addaudithook"),
)
_CHANGES = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.truncate", "os.utime")


def confine(own: Path, exercise: Path, seconds: float) -> None:
    """Confine this process for the rest of its life.

    own: the program's folder. exercise: the exercise's, which it may not read. seconds: of the processor's time.
    """
    _limit_time(seconds)
    _limit(seconds)
    sys.addaudithook(_guard(own, exercise))


def _limit_time(seconds: float) -> None:
    """Say which line runs, and end, when the program has had its share of the processor."""
    if hasattr(signal, "setitimer"):
        faulthandler.register(signal.SIGPROF, chain=True)
        signal.setitimer(signal.ITIMER_PROF, seconds)
    else:  # Windows has clocks on the wall only
        faulthandler.dump_traceback_later(seconds, exit=True)


def _limit(seconds: float) -> None:
    with contextlib.suppress(ImportError):  # Windows has no such limits
        import resource

        limits = {
            resource.RLIMIT_AS: _MEMORY,
            resource.RLIMIT_FSIZE: _FILE_BYTES,
            resource.RLIMIT_CPU: int(seconds) + 2,
        }
        for what, limit in limits.items():
            with contextlib.suppress(ValueError, OSError):  # the machine's own limit is lower
                resource.setrlimit(what, (limit, resource.getrlimit(what)[1]))


def _guard(own: Path, exercise: Path) -> Any:
    """An audit hook that lets the program read Python's files and its own folder's, and nothing else."""
    libraries = {Path(sysconfig.get_paths()[name]) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    ours = [own, PACKAGES / "reactor", PACKAGES / "lecture", *libraries]
    readable = tuple(os.path.realpath(one) + os.sep for one in ours)
    secret, writable = os.path.realpath(exercise) + os.sep, os.path.realpath(own) + os.sep

    def allow(path: Any, allowed: tuple[str, ...]) -> None:
        if isinstance(path, int) or path is None:
            return
        real = os.path.realpath(os.fsdecode(path))
        if real.startswith(secret) or not (real + os.sep).startswith(allowed):
            raise PermissionError(
                f"a program that is graded may not touch {os.fsdecode(path)!r}: its own folder is its world"
            )

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            writes = isinstance(arguments[2], int) and arguments[2] & (
                os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
            )
            allow(arguments[0], (writable,) if writes else readable)
        elif event in ("os.listdir", "os.scandir"):
            allow(arguments[0] if arguments[0] is not None else ".", readable)
        elif event.startswith(_CHANGES):
            allow(arguments[0], (writable,))
        elif event.startswith(_FORBIDDEN):
            raise PermissionError(f"a program that is graded may not use {event}: it has a simulated world instead")

    return hook
