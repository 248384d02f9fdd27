"""The stage of real processes: the commands of one session on this machine, and events waited for, never time.

The programs are at rest (see `settle`) when every job sleeps, and has not run between two looks. One deadline holds
for the whole session, and nothing the programs do can hold up this loop: it reads without blocking, and counts a
program as ended when its process has ended, even if others keep its output open.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from lecture.errors import LectureError, Where
from lecture.programs.compare import Outcome, Result
from lecture.programs.conductor import conduct, transcript_so_far
from lecture.programs.processes import leftovers
from lecture.programs.processes.display import surroundings
from lecture.programs.processes.job import MOST_OUTPUT_BYTES, Job
from lecture.programs.processes.ports import is_listening
from lecture.programs.processes.scratch import Scratch
from lecture.programs.processes.waiting import what_it_waits_for
from lecture.programs.session import STILL_S, Command, SessionFile
from lecture.programs.temporary import abandoned_folders

REST_S = 0.001  # between two looks at whether a job is at rest
MOST_LOOKS = 250  # a program that never rests must not hold up its session
_STILL_UNSEEN_S = 3.0  # as STILL_S, where nothing tells whether a program sleeps: it may just be slow to start
LOOK_S = 0.01  # between two looks at whether all of them wait for ever

Marks = list[tuple[str, ...] | None]

_running: set[Scratch] = set()
_running_lock = threading.Lock()
_stopping = threading.Event()


class Stopped(Exception):
    """The build was interrupted; every session that runs is ended with this."""


def stop_all(threads: Iterable[threading.Thread]) -> None:
    """End all sessions that run, and wait for the threads that ran them; until then no new session begins."""
    _stopping.set()
    try:
        with _running_lock:
            for scratch in _running:
                scratch.wake()
        for thread in threads:
            thread.join()
    finally:
        _stopping.clear()


def run_session(session: SessionFile, make_stage: Callable[[SessionFile, Scratch], Processes] | None = None) -> Outcome:
    """Run all commands of a session.

    make_stage: makes a stage of yours, which follows the run.
    Raises LectureError when a command can't be run, hangs, prints without end, or leaves something behind. Whether
    the outcome is what the session says is not asked here.
    """
    _end_what_was_abandoned()
    with (
        _placed(session),
        surroundings(session) as found,
        contextlib.closing(Scratch(session.path, found)) as scratch,
        _stoppable(scratch),
        contextlib.closing((make_stage or Processes)(session, scratch)) as stage,
    ):
        results = conduct(session, stage, stage.typed)
        stage.check_nothing_left()
        return Outcome(results, *scratch.modules(), scratch.changed())


@cache
def _end_what_was_abandoned() -> None:
    """End the programs of builds that were killed, and remove their folders; once in a process."""
    for folder in abandoned_folders():
        leftovers.kill(leftovers.processes(folder, ()))


@contextlib.contextmanager
def _placed(session: SessionFile) -> Iterator[None]:
    """Errors of the block that know no place get the session's."""
    try:
        yield
    except LectureError as error:
        error.where = error.where or Where(session.path, 1)
        raise


@contextlib.contextmanager
def _stoppable(scratch: Scratch) -> Iterator[None]:
    """Let `stop_all` reach a session."""
    with _running_lock:
        _running.add(scratch)
    try:
        if _stopping.is_set():
            raise Stopped
        yield
    finally:
        with _running_lock:
            _running.discard(scratch)


class Processes:
    """A Stage (see the conductor): each program is a process, and the session's folder is `scratch`."""

    def __init__(self, session: SessionFile, scratch: Scratch) -> None:
        self.session = session
        self.scratch = scratch
        self.jobs: dict[int, Job] = {}  # by place among all commands
        self.selector = selectors.DefaultSelector()
        self.selector.register(scratch.events, selectors.EVENT_READ, self._hear)
        self.left_nothing = False
        self.deadline = time.monotonic() + session.deadline_s

    def start(self, place: int, command: Command) -> Job:
        """Start the program of a command."""
        job = self.jobs[place] = Job(command, place, self.scratch, self.session.where(command))
        self.selector.register(job.output_fd, selectors.EVENT_READ, lambda: self._read(job))
        self.selector.register(job.ended_fd, selectors.EVENT_READ, lambda: self._ended(job))
        return job

    def wait(self, program: Job, event: Callable[[], bool], otherwise: str) -> bool:
        """Serve the programs until `event()`, or until the session's deadline has passed.

        Where the session is meant to fail: or until all of them have slept for STILL_S, and then the answer is False.
        """
        sleeping = _Sleep()
        while not event():
            left_s = self.deadline - time.monotonic()
            if left_s <= 0:
                self.settle()  # what each of them waits for in the end is what is told
                raise self._failed(program, f"{otherwise} within the session's {self.session.deadline_s:g} s")
            if self.session.fails and sleeping.has_lasted(self._marks()):
                return False
            self._dispatch(min(left_s, LOOK_S) if self.session.fails else left_s)
        return True

    def settle(self) -> None:
        """Wait until every job is at rest."""
        before: Marks = []
        for _ in range(MOST_LOOKS):
            self._dispatch(0)
            now = self._marks()
            if not now or (now == before and None not in now):
                return
            before = now
            self._dispatch(REST_S)

    def _marks(self) -> Marks:
        """Of each program that runs, the mark that it is at rest, or None."""
        return [job.at_rest() for job in self.jobs.values() if not job.has_ended]

    def end_daemon(self, command: Command) -> None:
        """Send a signal to a process that is no job, and wait until it has ended. It must be one of this session."""
        where = self.session.where(command)
        try:
            with open(self.scratch.folder / command.pid_file, "rb", opener=_without_waiting) as file:
                pid = int(file.read(20))
        except (OSError, ValueError) as problem:
            raise LectureError(f"{command.text!r}: no process left its number there ({problem})", where=where) from None
        is_ours = pid in leftovers.processes(self.scratch.root, ()) if leftovers.HAS_PROC else leftovers.lives(pid)
        if pid <= 1 or not is_ours:  # 0 and -1 are no process to kill(2), but many
            raise LectureError(f"{command.text!r}: process {pid} is none that this session started", where=where)
        os.kill(pid, getattr(signal, f"SIG{command.signal}"))
        if not leftovers.await_end([pid], self.deadline - time.monotonic()):
            raise LectureError(f"process {pid} did not end at {command.text!r}", where=where)

    def result(self, program: Job) -> Result:
        """What a program printed, as a reader should see it, and its status."""
        return Result(self.as_shown(program.printed), program.status or 0)

    # For who follows the run: override these

    def typed(self, place: int) -> None:
        """The command with this number among all is typed now."""

    def printed(self, job: Job) -> None:
        """A program has printed something, or has ended; what it printed until now is in `job.printed`."""

    # Events

    def _dispatch(self, timeout_s: float) -> None:
        for key, _ in self.selector.select(timeout_s):
            if key.fd in self.selector.get_map():  # an earlier event of this round may have closed it
                key.data()

    def _hear(self) -> None:
        if _stopping.is_set():
            raise Stopped
        for place in self.scratch.listeners() & self.jobs.keys():
            self.jobs[place].listens = True

    def _read(self, job: Job) -> None:
        if not job.read():
            self.selector.unregister(job.output_fd)
        if len(job.printed) > MOST_OUTPUT_BYTES:
            raise self._failed(job, f"printed more than {MOST_OUTPUT_BYTES:,} bytes")
        self.printed(job)

    def _ended(self, job: Job) -> None:
        self.selector.unregister(job.ended_fd)
        job.reap()
        if job.output_fd in self.selector.get_map():
            self._read(job)
        self.printed(job)

    # The end

    def check_nothing_left(self) -> None:
        """Raises LectureError for processes and open ports that the session leaves behind, and ends them."""
        where = self.session.where(self.session.commands[0])
        groups = [job.process.pid for job in self.jobs.values()]
        left = leftovers.processes(self.scratch.root, groups)
        if left:
            leftovers.await_end(left, leftovers.GRACE_S)
            left = leftovers.processes(self.scratch.root, groups)
        leftovers.kill(left)
        ports = [shown for shown, real in self.scratch.ports().items() if is_listening(real)]
        if left:
            names = ", ".join(f"{name} (process {pid})" for pid, name in left.items())
            raise LectureError(f"the session left behind: {names}; end it in the program", where=where)
        if ports:
            numbers = ", ".join(map(str, ports))
            raise LectureError(f"the session left port {numbers} open; close it in the program", where=where)
        self.left_nothing = True

    def close(self) -> None:
        """End everything that still runs. Called on success and failure."""
        self.selector.close()
        for job in self.jobs.values():
            job.close()
        if not self.left_nothing:
            groups = [job.process.pid for job in self.jobs.values()]
            leftovers.kill(leftovers.processes(self.scratch.root, groups))

    def as_shown(self, printed: bytes | bytearray) -> str:
        """What programs have printed, as a reader should see it."""
        text = printed.decode("utf-8", errors="backslashreplace")
        return self.scratch.as_shown(text, exchange_ports=not all(job.command.is_python for job in self.jobs.values()))

    def _failed(self, job: Job, what: str) -> LectureError:
        """The error for a program that had to be stopped, with what all of them did until then."""
        shown = {real: port for port, real in self.scratch.ports().items()}
        jobs = [(job.command, self.as_shown(job.printed), self._state(job, shown)) for job in self.jobs.values()]
        message = f"`{job.command.text}` {what}, and was stopped. Until then:\n{transcript_so_far(jobs)}"
        return LectureError(message, where=self.session.where(job.command))

    def _state(self, job: Job, shown: dict[int, int]) -> str:
        return what_it_waits_for(job.process.pid, shown) if job.status is None else f"ended, status {job.status}"


class _Sleep:
    """How long programs have slept, as far as their marks tell; those of a system that tells nothing get longer."""

    def __init__(self) -> None:
        self._marks: Marks = []
        self._since = time.monotonic()

    def has_lasted(self, marks: Marks) -> bool:
        """Whether they have slept for long enough. marks: as they are now."""
        if None in marks or marks != self._marks:
            self._marks, self._since = marks, time.monotonic()
        enough_s = STILL_S if leftovers.HAS_PROC else _STILL_UNSEEN_S
        return time.monotonic() - self._since >= enough_s


def _without_waiting(path: str, flags: int) -> int:
    """Opens a file, and a named pipe that has no writer too."""
    return os.open(path, flags | os.O_NONBLOCK)
