"""Grading in a process of its own, which may read and write nothing but the program, and lives for a few seconds.

    python -m lecture.exercises.confined EXERCISE FOLDER

A student's mistake must not hang the grader, and a program that somebody hands in must not read the solution, speak to
the network or fill the disk. The process gives up these powers by an audit hook (PEP 578) and by limits of the system.
That stops what programs do, not what a determined attacker in the same interpreter can do to Python itself: whoever
grades strangers puts a container around it, too.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from lecture.exercises.folder import Exercise
from lecture.exercises.grading import RUNS, Failure, Verdict, grade
from lecture.programs.processes.scratch import PACKAGES
from lecture.programs.temporary import temporary_folder

SECONDS = 5  # of the processor's time, so that a busy machine fails nobody
WALL_SECONDS = 60
_MEMORY = 1 << 30
_FILE_BYTES = 1 << 20
_LAST_LINES = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)')
_FORBIDDEN = (
    *("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.kill", "ctypes."),
    *("os.link", "os.symlink", "os.chmod", "os.chown", "shutil.", "signal.", "winreg.", "sys.addaudithook"),
)
_CHANGES = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.truncate", "os.utime")


def grade_confined(exercise: Exercise, program: Path) -> Verdict:
    """The verdict on a program. program: the student's file; its folder's other Python files go with it."""
    with temporary_folder("exercise") as folder:
        for path in program.parent.glob("*.py"):
            shutil.copy(path, folder / path.name)
        os.replace(folder / program.name, folder / exercise.file)
        command = [sys.executable, "-X", "utf8", "-m", "lecture.exercises.confined", str(exercise.folder), str(folder)]
        environment = {"PYTHONPATH": str(PACKAGES), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
        with contextlib.suppress(KeyError):
            environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]  # no Python starts without it on Windows
        try:
            done = subprocess.run(
                command, env=environment, cwd=folder, capture_output=True, text=True, check=False, timeout=WALL_SECONDS
            )
        except subprocess.TimeoutExpired:
            return _failed(f"it never comes to an end: after {WALL_SECONDS} seconds it still waits")
        try:
            return Verdict.from_json(json.loads(done.stdout))
        except ValueError:
            return _ended_early(done, exercise.file)


def _ended_early(done: subprocess.CompletedProcess[str], file: str) -> Verdict:
    lines = [match["line"] for match in _LAST_LINES.finditer(done.stderr) if Path(match["file"]).name == file]
    where = f" in {file}:{lines[0]}" if lines else ""
    if "Timeout" in done.stderr or done.returncode < 0:
        return _failed(f"it never comes to an end: after {SECONDS} seconds it was still busy{where}")
    last = done.stderr.strip().splitlines()[-1:] or [f"exit {done.returncode}"]
    return _failed(f"it ended the grader{where}: {last[0]}")


def _failed(what: str) -> Verdict:
    return Verdict((Failure(RUNS, "plain", "as it comes", RUNS, what, (), None, None, 0),), 1)


def main() -> None:
    """In that process."""
    exercise, folder = Exercise(Path(sys.argv[1])), Path(sys.argv[2])
    checks, out = exercise.checks, sys.stdout
    script = folder / exercise.file
    warm_up(script)
    _limit_time()
    _limit()
    sys.addaudithook(_guard(folder, exercise.folder))
    verdict = grade(script, checks)
    json.dump(verdict.as_json(), out)
    out.flush()
    os._exit(0)  # what the program may have left to run at exit doesn't


def warm_up(script: Path) -> None:
    """Import now what a world imports when it is first needed."""
    import traceback

    from reactor.endpoints import TCP4ClientEndpoint
    from reactor.sim import World

    with World() as world:
        world.host("a")
        world.start(lambda reactor: TCP4ClientEndpoint(reactor, "10.0.0.1", 1), host="a")
    traceback.format_exc()


def _limit_time() -> None:
    """Say which line runs, and end, when the program has had its share of the processor."""
    if hasattr(signal, "setitimer"):
        faulthandler.register(signal.SIGPROF, chain=True)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
    else:  # Windows has clocks on the wall only
        faulthandler.dump_traceback_later(SECONDS, exit=True)


def _limit() -> None:
    with contextlib.suppress(ImportError):  # Windows has no such limits
        import resource

        limits = {resource.RLIMIT_AS: _MEMORY, resource.RLIMIT_FSIZE: _FILE_BYTES, resource.RLIMIT_CPU: SECONDS + 2}
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


if __name__ == "__main__":
    main()
