"""Conducts a session: types its commands one after the other, on whichever stage it is given.

The stage knows how programs run: as processes on this machine, or in the simulated world. The conductor knows what a
session means. A foreground command is waited for until it has ended, a background job until it is ready. Then, before
the next command is typed, every job may finish what the last command caused: the server should have noticed that the
first client left before the second one comes. At the end each job gets a Ctrl-C, the latest first.

In the session of a wrong program, waiting may be in vain. Then the stage says so, and the conductor gives the program
up, or goes on without a job that doesn't get ready.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from lecture.errors import LectureError
from lecture.programs.compare import Result, output_lines
from lecture.programs.session import Command, SessionFile

MOST_LINES = 20  # shown of what a program printed, when its session had to be stopped
MOST_COLUMNS = 200


class Program(Protocol):
    """A program that a command of the session started."""

    @property
    def is_ready(self) -> bool:
        """Whether the next command may be typed: it listens, or has printed a line, or has ended."""

    @property
    def has_ended(self) -> bool:
        """Whether it runs no more."""

    def send(self, signal: str) -> None:
        """Send it a signal, named without SIG."""

    def give_up(self) -> None:
        """Kill it, as it waits for ever: its status becomes STILL_WAITING."""


AnyProgram = TypeVar("AnyProgram", bound=Program)


class Stage(Protocol[AnyProgram]):
    """Where programs of a session run. Every method may raise LectureError, and that ends the session."""

    def start(self, place: int, command: Command) -> AnyProgram:
        """Start the program of a command. place: the command's number among all, from 0."""

    def wait(self, program: AnyProgram, event: Callable[[], bool], otherwise: str) -> bool:
        """Let programs run until `event()`. otherwise: what to say of the program when the session's time is up.

        Returns whether it happened. Only in a session that is meant to fail it may not: when all of them wait for ever.
        """

    def settle(self) -> None:
        """Let programs run until each of them waits for something that only the next command can bring."""

    def end_daemon(self, command: Command) -> None:
        """Send the command's signal to the process whose number is in `command.pid_file`, and wait for its end."""

    def result(self, program: AnyProgram) -> Result:
        """What a program has printed, and how it ended."""


def conduct(
    session: SessionFile, stage: Stage[AnyProgram], typed: Callable[[int], object] = lambda place: None
) -> tuple[Result, ...]:
    """Run all commands of a session. Returns a result for each; that of a `kill` or `wait` is empty.

    typed: is told of each command when its turn has come, by its number among all.
    """
    background: list[AnyProgram] = []
    started: list[AnyProgram | None] = []
    for place, command in enumerate(session.commands):
        typed(place)
        if command.pid_file:
            stage.end_daemon(command)
        elif command.job is not None:
            _end_job(session, command, background[command.job - 1], stage)
        program = None if command.pid_file or command.job else _start(place, command, stage)
        started.append(program)
        if program is not None and command.background:
            background.append(program)
        stage.settle()
    for program in reversed(background):
        if not program.has_ended:
            program.send("INT")
            _wait_for_end(program, "did not end after Ctrl-C", stage)
            stage.settle()
    return tuple(stage.result(program) if program else Result("", 0) for program in started)


def transcript_so_far(programs: Iterable[tuple[Command, str, str]]) -> str:
    """What the terminal showed until a session was stopped: each command, what it printed, and what became of it."""
    lines: list[str] = []
    for command, output, state in programs:
        printed = output_lines(output)
        left_out = [f"({len(printed) - MOST_LINES:,} lines more)"] if len(printed) > MOST_LINES else []
        shown = [line[:MOST_COLUMNS] for line in printed[-MOST_LINES:]]
        lines += [f"$ {command.text}", *left_out, *shown, f"({state})"]
    return "\n".join(lines)


def _start(place: int, command: Command, stage: Stage[AnyProgram]) -> AnyProgram:
    program = stage.start(place, command)
    if command.background:
        stage.wait(program, lambda: program.is_ready, "neither listened, nor printed a line, nor ended")
    else:
        _wait_for_end(program, "did not end", stage)
    return program


def _end_job(session: SessionFile, command: Command, job: AnyProgram, stage: Stage[AnyProgram]) -> None:
    """Carry out a `kill` or a `wait` command."""
    if command.argv[0] == "kill":
        if job.has_ended:
            raise LectureError(f"{command.text!r}: the job has ended by itself", where=session.where(command))
        job.send(command.signal)
    _wait_for_end(job, f"did not end at {command.text!r}", stage)


def _wait_for_end(program: AnyProgram, otherwise: str, stage: Stage[AnyProgram]) -> None:
    if not stage.wait(program, lambda: program.has_ended, otherwise):
        program.give_up()
        stage.wait(program, lambda: program.has_ended, otherwise)
