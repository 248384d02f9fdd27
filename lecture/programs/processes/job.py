"""One program of a session: started, listened to, and ended.

It has a process group and session of its own, so that a signal reaches its children too and a Ctrl-C meant for the
build doesn't reach it. That it ended is an event like its output: a file descriptor that becomes readable. What it
printed is complete once that event has been seen and the pipe is empty, even if another process still holds it open.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from lecture.errors import LectureError, Where
from lecture.programs.processes.leftovers import mark_process
from lecture.programs.processes.scratch import Scratch
from lecture.programs.session import STILL_WAITING, Command

MOST_OUTPUT_BYTES = 1_000_000


class Job:
    """A program that was started. `place` is its number among all commands, `status` None while it runs."""

    def __init__(self, command: Command, place: int, scratch: Scratch, where: Where) -> None:
        self.command = command
        self.place = place
        self.listens = False
        self._given_up = False
        self.status: int | None = None
        self.printed = bytearray()
        words = _words(command, scratch)
        try:
            self.process = subprocess.Popen(
                words,
                cwd=scratch.folder,
                env=scratch.environment(place) | dict(command.settings),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                bufsize=0,
            )
        except (FileNotFoundError, PermissionError) as error:
            raise LectureError(
                f"cannot run {command.text!r}: this machine has no program {command.argv[0]!r}; install it", where=where
            ) from error
        mark_process(self.process.pid, scratch.root)
        assert self.process.stdout is not None
        self.output_fd = self.process.stdout.fileno()
        os.set_blocking(self.output_fd, False)
        self.ended_fd = _ended_fd(self.process)

    def read(self) -> bool:
        """Take what it has printed by now. False when there will never be more."""
        while True:
            try:
                data = os.read(self.output_fd, 65536)
            except BlockingIOError:
                return True
            if not data:
                return False
            self.printed += data
            if len(self.printed) > MOST_OUTPUT_BYTES:
                return True  # the runner looks at the length, and stops the session

    def reap(self) -> None:
        """Note its status, once `ended_fd` was readable."""
        code = self.process.wait()
        self.status = STILL_WAITING if self._given_up else code if code >= 0 else 128 - code

    def send(self, name: str) -> None:
        """Send a signal to the program and its children, as a terminal does."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, getattr(signal, f"SIG{name}"))

    def give_up(self) -> None:
        """Kill it, as it waits for ever."""
        self._given_up = True
        self.send("KILL")

    @property
    def has_ended(self) -> bool:
        """Whether its process has ended, even if its children run on."""
        return self.status is not None

    @property
    def is_ready(self) -> bool:
        """Whether the next command may be typed: it listens, or has printed a line, or has ended."""
        return self.listens or b"\n" in self.printed or self.has_ended

    def close(self) -> None:
        """Kill what runs, and let go of it."""
        if self.status is None:
            self.send("KILL")
            self.process.wait()
        os.close(self.ended_fd)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def at_rest(self) -> tuple[str, ...] | None:
        """None while it has something to do; else a mark that stays the same until it has done something.

        A thread that sleeps and has not run between two looks waits for another program. Linux only; elsewhere it
        always looks at rest.
        """
        if self.status is not None:
            return ()
        marks = []
        tasks = f"/proc/{self.process.pid}/task"
        try:
            for task in os.listdir(tasks):
                state = Path(tasks, task, "stat").read_text().rpartition(")")[2].split(maxsplit=1)[0]
                if state not in "SZX":
                    return None
                marks.append(Path(tasks, task, "schedstat").read_text())
        except OSError:
            return ()
        return tuple(marks)


def _words(command: Command, scratch: Scratch) -> list[str]:
    """What to start. A Python program exchanges its ports itself; so does a script that came with a package."""
    if command.is_python:
        return [sys.executable, *command.argv[1:]]
    script = Path(sys.executable).parent / command.argv[0]
    return [str(script), *command.argv[1:]] if script.is_file() else scratch.real_words(command.argv)


def _ended_fd(process: subprocess.Popen[bytes]) -> int:
    """A file descriptor that becomes readable when the process has ended."""
    if hasattr(os, "pidfd_open"):
        try:
            return os.pidfd_open(process.pid)
        except OSError:  # an old kernel, or one that forbids it
            pass
    ended, tell = os.pipe()

    def wait() -> None:
        process.wait()
        os.close(tell)

    threading.Thread(target=wait, daemon=True).start()
    return ended
