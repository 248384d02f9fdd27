"""`python -m reactor.trace program.py [arguments]`: run a program, and record what its reactor does.

The program runs as it would by itself: its arguments, its output and its exit status are its own. When it has ended,
in whatever way, the trace is written.
"""

from __future__ import annotations

import argparse
import os
import runpy
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn, TextIO

from reactor.trace.hooks.errors import without_ours
from reactor.trace.recorder import Recorder
from reactor.trace.timeline import Timeline

if TYPE_CHECKING:
    from reactor.sim import World

_AND = "--and"
_HOST = "localhost"

_EPILOG = f"""
With --simulate the program runs on a simulated host with a clock of its own; {_AND} starts another one there, when the
one before waits:

    python -m reactor.trace --simulate --pcap echo.pcap server.py {_AND} client.py

`python -m reactor.trace step trace.json` goes through what was written.

When the last of them has ended, the others are interrupted, as by Ctrl-C. The exit status is that of the last one.
"""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command. Ends with the program's exit status; 2 if the command itself was wrong."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["step"]:
        from reactor.trace.stepping import main as step

        sys.exit(step(words[1:]))
    parser = _parser()
    options = parser.parse_args(words)
    if options.pcap and not options.simulate:
        parser.error("--pcap needs --simulate: the packets of real connections are the kernel's, ask tcpdump for them")
    if options.seed is not None and not options.simulate:
        parser.error("--seed needs --simulate: nothing is random here that we could know of")
    commands = _commands(parser, options)
    process = os.getpid()
    recording = _simulate(commands, options) if options.simulate else _run(commands[0], options)
    try:
        if os.getpid() == process:  # and not a child that the program has forked, and which ends as it does
            _write(recording, options)
    except OSError as problem:
        parser.exit(2, f"{parser.prog}: the trace can't be written: {problem}\n")
    sys.exit(recording.exit_code)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m reactor.trace",
        usage="%(prog)s [options] program.py [arguments]",
        description="Run a program, and write down what its reactor does.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="the timeline; trace.json, if no other file is asked for"
    )
    parser.add_argument("--perfetto", metavar="FILE", help="a trace for ui.perfetto.dev")
    parser.add_argument("--svg", metavar="FILE", help="a sequence diagram")
    parser.add_argument("--pcap", metavar="FILE", help="the packets, for Wireshark; with --simulate")
    parser.add_argument("--simulate", action="store_true", help="run it in a simulated world")
    parser.add_argument("--seed", type=int, metavar="N", help="of the simulated world (0)")
    parser.add_argument("--most-steps", type=_at_least(1), default=20_000, metavar="N", help="keep so many (20,000)")
    parser.add_argument(
        "--data-bytes", type=_at_least(0), default=256, metavar="N", help="keep so many of each piece (256)"
    )
    parser.add_argument("--lines", action="store_true", help="each line of the program, with the variables that change")
    parser.add_argument("program", help="the program: a Python file")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="its arguments")
    return parser


def _at_least(least: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        value = int(text)
        if value < least:
            raise argparse.ArgumentTypeError(f"{value} is less than {least}")
        return value

    return number


def _commands(parser: argparse.ArgumentParser, options: argparse.Namespace) -> list[list[str]]:
    """Each program with its arguments. Ends the command if one of them can't be run."""
    commands: list[list[str]] = [[options.program]]
    for word in options.arguments:
        if word == _AND and options.simulate:
            commands.append([])
        else:
            commands[-1].append(word)
    for command in commands:
        if not command:
            parser.error(f"{_AND} wants a program behind it")
        if not os.path.isfile(command[0]):
            parser.error(f"there is no program {command[0]!r} to run")
    return commands


@dataclass
class _Recording:
    """What came of it."""

    recorder: Recorder
    exit_code: int


# --- in this process


def _run(command: list[str], options: argparse.Namespace) -> _Recording:
    recorder = _recorder(None, options, os.path.basename(command[0]))
    recorder.add_folder(os.path.dirname(os.path.abspath(command[0])))
    sys.argv = command
    sys.path[0] = os.path.dirname(os.path.abspath(command[0]))
    with recorder:
        exit_code = _exit_code_of(command[0])
    return _Recording(recorder, exit_code)


def _recorder(world: World | None, options: argparse.Namespace, name: str | None = None) -> Recorder:
    kept = {"most_steps": options.most_steps, "data_bytes": options.data_bytes}
    return Recorder(world, name, **kept, lines=options.lines)


def _exit_code_of(program: str) -> int:
    """Run it. Returns the exit status that the interpreter would return."""
    try:
        runpy.run_path(program, run_name="__main__")
    except SystemExit as ending:
        if ending.code is None or isinstance(ending.code, int):
            return ending.code or 0
        print(ending.code, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BaseException as problem:
        story = without_ours(problem.__traceback__)
        while story is not None and "runpy" in story.tb_frame.f_code.co_filename:
            story = story.tb_next
        traceback.print_exception(problem.with_traceback(story))
        return 1
    return 0


# --- in a simulated world


def _simulate(commands: list[list[str]], options: argparse.Namespace) -> _Recording:
    from reactor.sim import World
    from reactor.trace.running import Command, run_commands

    plan = [Command(program, tuple(arguments), in_background=True) for program, *arguments in commands[:-1]]
    plan.append(Command(commands[-1][0], tuple(commands[-1][1:])))
    with World(seed=options.seed or 0) as world, _recorder(world, options) as recorder:
        programs, problem = run_commands(plan, world, _HOST)
        if problem:
            print(f"stopped: {problem}", file=sys.stderr)
        exit_code = programs[-1].exit_code
        for program in programs:
            _pass_on(program.stdout, sys.stdout)
            _pass_on(program.stderr, sys.stderr)
    return _Recording(recorder, 1 if exit_code is None else exit_code)


def _pass_on(text: str, stream: TextIO) -> None:
    """Print what a program has printed. What the stream's encoding hasn't is no reason to lose the trace."""
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))


# --- what comes of it


def _write(recording: _Recording, options: argparse.Namespace) -> None:
    timeline = recording.recorder.timeline()
    if options.perfetto:
        from reactor.trace import perfetto

        _write_text(options.perfetto, perfetto.to_json(timeline))
    if options.svg:
        _write_text(options.svg, _picture(timeline))
    if options.pcap:
        recording.recorder.write_pcap(options.pcap)
    if options.output or not (options.perfetto or options.svg or options.pcap):
        timeline.write(options.output or "trace.json")
    if timeline.left_out:
        print(f"the trace ends after {len(timeline.steps)} steps; {timeline.left_out} more came", file=sys.stderr)


def _picture(timeline: Timeline) -> str:
    from reactor.trace.sequence import sequence_of
    from reactor.trace.svg import draw

    return draw(sequence_of(timeline), " and ".join(program["name"] for program in timeline.programs))


def _write_text(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
