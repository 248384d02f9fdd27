"""The command `lecture`: build, check, update, serve, export, notebooks, exercises.

Exit status: 0 when all is well, 1 when something in the lecture must be mended, 2 for a command that makes no sense,
130 after Ctrl-C. What is wrong with a lecture is said with file and line, never with a traceback of ours.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from lecture.decks.load import deck_file, deck_folder, default_deck, load_deck
from lecture.errors import Failed, LectureError
from lecture.exercises.commands import exercises
from lecture.lore.command import lore
from lecture.outputs.build import build_site, check_lecture
from lecture.outputs.folder import check_replaceable
from lecture.programs import Examples, use
from lecture.programs.against_simulation import also_in_simulation, check_in_simulation
from lecture.programs.checks import Check, check_sessions
from lecture.programs.examples import find_folder
from lecture.programs.junit import write_report
from lecture.programs.layout import SESSION_FILE, WRONG
from lecture.programs.progress import Progress
from lecture.programs.temporary import temporary_folder

if TYPE_CHECKING:
    from lecture.outputs.export.write import Exported
    from lecture.slides import Lecture

_folder = click.Path(path_type=Path, file_okay=False)
_examples = click.option("--examples", type=_folder, help="Folder of the examples. [default: `examples` near the deck]")
_cache = click.option("--cache", type=_folder, help="Folder of remembered runs. [default: .cache/lecture]")
_jobs = click.option("--jobs", "-j", type=click.IntRange(1), help="Sessions at the same time. [default: one a core]")
_measure = click.option(
    "--measure/--no-measure", default=True, show_default=True, help="Whether every slide has to fit the canvas."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tutorial-of-doom", prog_name="lecture")
def commands() -> None:
    """Turn a talk into slides, and run every program that it shows.

    DECK is the name of a module, or a .py, .md or .xhtml file; by default talk.py or talk.md in the working directory,
    or the Tutorial of Doom in its own.
    """


@commands.command()
@click.argument("deck", required=False)
@click.option("--output", type=_folder, default=Path("site/dist"), show_default=True, help="Folder of the site.")
@click.option("--open", "open_it", is_flag=True, help="Show the site in a browser afterwards.")
@_measure
@_examples
@_cache
@_jobs
def build(
    deck: str | None,
    output: Path,
    open_it: bool,
    measure: bool,
    examples: Path | None,
    cache: Path | None,
    jobs: int | None,
) -> None:
    """Verify all programs, and write the slides as a site."""
    started = time.monotonic()
    progress = Progress()
    check_replaceable(output)
    lecture = load_deck(deck or default_deck())
    folder = Examples(examples or find_folder(deck_folder(lecture)), cache)
    checks = _check_sessions(folder, jobs, progress)
    contents = build_site(lecture, folder, checks, output, measure)
    slides = f"{len(lecture.slides)} slide{'s' if len(lecture.slides) != 1 else ''} in {output}"
    progress.summary(f"{_count(checks)}; {slides}; {time.monotonic() - started:.2f} s")
    if open_it:
        click.launch(str(contents))


@commands.command()
@click.argument("deck", required=False)
@click.option("--against", type=click.Choice(["twisted", "simulation"]), help="Run the sessions there alone.")
@click.option("--no-cache", is_flag=True, help="Run every session, whatever is remembered, and remember nothing.")
@click.option("--repeat", type=click.IntRange(1), help="Run every session so many times: does it hold each time?")
@click.option("--junit", type=click.Path(path_type=Path, dir_okay=False), help="Write a JUnit report to this file.")
@_measure
@_examples
@_cache
@_jobs
def check(
    deck: str | None,
    against: str | None,
    no_cache: bool,
    repeat: int | None,
    junit: Path | None,
    measure: bool,
    examples: Path | None,
    cache: Path | None,
    jobs: int | None,
) -> None:
    """Verify a deck and its programs, and write no slides. With --examples and no DECK: the sessions alone."""
    started = time.monotonic()
    progress = Progress()
    checks, errors = list[Check](), list[LectureError]()
    with contextlib.ExitStack() as stack:
        try:
            lecture = load_deck(deck or default_deck()) if deck or not examples else None
            root = examples or find_folder(deck_folder(lecture) if lecture else Path())
            for memory in _memories(cache, repeat or int(no_cache), stack):
                folder = Examples(root, memory)
                checks += _check_sessions(folder, jobs, progress, against)
            errors += _errors(None if against else lecture, folder, checks, measure)
        except LectureError as error:
            errors.append(error)
    if junit:
        write_report(junit, checks, errors)
    if errors:
        raise Failed(errors)
    progress.summary(f"{_count(checks)}; {time.monotonic() - started:.2f} s")


@commands.command()
@click.argument("names", metavar="[EXAMPLE]...", nargs=-1)
@_examples
@_cache
def update(names: tuple[str, ...], examples: Path | None, cache: Path | None) -> None:
    """Run sessions, and write down what the programs do now, after a change that is meant. All of them by default.

    Comments stay, and every `[..]` that still fits. Refused where the variable CI is set.
    """
    from lecture.programs.verify import update as update_session

    if os.environ.get("CI", "").lower() not in ("", "0", "false"):
        raise LectureError("`lecture update` is for people who look at the diff: it is refused where CI is set")
    progress = Progress()
    folder = Examples(examples or find_folder(Path()), cache)
    errors: list[LectureError] = []
    changed = 0
    for name in [_name_typed(name) for name in names] or folder.names():
        try:
            diff = update_session(folder.session_path(name), folder.cache)
        except LectureError as error:
            errors.append(error)
            continue
        except OSError as error:
            errors.append(LectureError(f"cannot update the session of {name!r}: {error}"))
            continue
        changed += bool(diff)
        if diff:
            progress.diff(diff)
    if errors:
        raise Failed(errors)
    progress.summary(f"{changed} sessions changed" if changed != 1 else "1 session changed")


@commands.command()
@click.argument("deck", required=False)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 for any that is free.")
@click.option("--allow-edit", is_flag=True, help="Let the speaker run edited programs, which may do anything.")
@click.option("--audience-at", metavar="ADDRESS", default="", help="Where a tunnel or proxy lets the audience in.")
@_examples
@_cache
def serve(
    deck: str | None, port: int, allow_edit: bool, audience_at: str, examples: Path | None, cache: Path | None
) -> None:
    """Serve the slides on this machine, to write or to speak: rebuilt at every save, followed by an audience."""
    try:
        from lecture.serve.server import Options, serve
    except ModuleNotFoundError as error:
        raise LectureError(f"{error}: `lecture serve` needs `pip install 'tutorial-of-doom[web]'`") from error
    from lecture.serve.door import checked_address
    from reactor import reactor

    deck = deck or default_deck()
    where = checked_address(audience_at) if audience_at else ""
    serve(reactor, Options(deck, deck_file(deck), port, examples, cache, allow_edit, where))


@commands.command()
@click.argument("deck", required=False)
@click.option("--output", type=_folder, default=Path("notebooks"), show_default=True, help="Folder of the notebooks.")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; fail when the notebooks are out of date.")
@_examples
def notebooks(deck: str | None, output: Path, only_check: bool, examples: Path | None) -> None:
    """Write the deck as Jupyter notebooks, a part each, and run them."""
    from lecture.outputs.notebooks.write import check_notebooks, write_notebooks

    started = time.monotonic()
    progress = Progress()
    lecture = load_deck(deck or default_deck())
    folder = Examples(examples or find_folder(deck_folder(lecture)))
    made = (check_notebooks if only_check else write_notebooks)(lecture, folder, output, progress.session)
    count = "1 notebook" if len(made) == 1 else f"{len(made)} notebooks"
    what = f"{count} up to date" if only_check else f"{count} in {output}"
    progress.summary(f"{what}; {time.monotonic() - started:.2f} s")


@commands.group()
def export() -> None:
    """Write the deck as one file, to hand over."""


_file = click.Path(path_type=Path, dir_okay=False)


@export.command()
@click.argument("deck", required=False)
@click.option("--output", "-o", type=_file, default=Path("deck.html"), show_default=True, help="The file.")
@click.option("--without-notes", is_flag=True, help="Leave out what the speaker says.")
@_examples
@_cache
def single(deck: str | None, output: Path, without_notes: bool, examples: Path | None, cache: Path | None) -> None:
    """One HTML file with everything in it; it opens by a double click, the speaker's window too."""
    from lecture.outputs.export.write import write_single

    _export(deck, examples, cache, lambda lecture: write_single(lecture, output, notes=not without_notes))


@export.command()
@click.argument("deck", required=False)
@click.option("--output", "-o", type=_file, default=Path("deck.pdf"), show_default=True, help="The file.")
@click.option("--each-step", is_flag=True, help="A page for every step, not only for what is seen last.")
@click.option("--notes", is_flag=True, help="On A4, with what the speaker says below each slide.")
@click.option("--handout", is_flag=True, help="On A4, with what the reading pages say, and the answers.")
@_examples
@_cache
def pdf(
    deck: str | None,
    output: Path,
    each_step: bool,
    notes: bool,
    handout: bool,
    examples: Path | None,
    cache: Path | None,
) -> None:
    """A PDF of the slides, printed by Chromium."""
    from lecture.outputs.export.write import write_pdf

    if handout and (notes or each_step):
        raise click.UsageError("a handout has its own text and pages: leave out --notes and --each-step")
    _export(deck, examples, cache, lambda lecture: write_pdf(lecture, output, each_step, notes, handout))


def _export(deck: str | None, examples: Path | None, cache: Path | None, write: Callable[[Lecture], Exported]) -> None:
    """Verify a deck as `build` does, and write it as one file."""
    started = time.monotonic()
    progress = Progress()
    lecture = load_deck(deck or default_deck())
    folder = Examples(examples or find_folder(deck_folder(lecture)), cache)
    checks = _check_sessions(folder, None, progress)
    with use(folder):
        if errors := check_lecture(lecture, folder, checks):
            raise Failed(errors)
        made = write(lecture)
    pages = f", {made.pages} pages" if made.pages else ""
    large = ": that is large; are there pictures that could be smaller?" if made.too_large else ""
    progress.summary(f"{made.path}{pages}, {made.size / 1000:,.0f} KB{large}; {time.monotonic() - started:.2f} s")


def _name_typed(path: str) -> str:
    """The name of an example, or of a wrong program, which may be typed as the path that the shell completes."""
    parts = [part for part in Path(path).parts if part != SESSION_FILE]
    return "/".join(parts[parts.index(WRONG) - 1 :]) if WRONG in parts[1:] else parts[-1]


commands.add_command(exercises)
commands.add_command(lore)


def _memories(cache: Path | None, times: int, stack: contextlib.ExitStack) -> list[Path | None]:
    """Where each run remembers: so many empty folders, which go with the stack, or the one cache when `times` is 0."""
    return [stack.enter_context(temporary_folder("cache")) for _ in range(times)] or [cache]


def _errors(lecture: Lecture | None, folder: Examples, checks: list[Check], measure: bool) -> list[LectureError]:
    if lecture is None:
        return [check.error for check in checks if check.error]
    with use(folder):
        return check_lecture(lecture, folder, checks, measure)


def _check_sessions(
    examples: Examples, jobs: int | None, progress: Progress, against: str | None = None
) -> list[Check]:
    jobs = jobs or os.cpu_count() or 1
    try:
        if against == "twisted":
            from lecture.programs.against_twisted import check_on_twisted

            return check_on_twisted(examples, jobs, progress)
        if against == "simulation":
            return check_in_simulation(examples, progress)
        return also_in_simulation(examples, check_sessions(examples, jobs, progress.begin, progress.session))
    finally:
        progress.end()


def _count(checks: list[Check]) -> str:
    cached = sum(check.cached for check in checks)
    not_run = sum(bool(check.missing) for check in checks)
    count = len(checks) - not_run
    hold = "1 session holds" if count == 1 else f"{count} sessions hold"
    return hold + f", {cached} unchanged" * bool(cached) + f", {not_run} not run" * bool(not_run)


def _report(errors: list[LectureError]) -> None:
    progress = Progress()
    for error in errors:
        progress.error(error)
    progress.summary(f"\n{len(errors)} error{'s' if len(errors) > 1 else ''}", failed=True)


class _Terminated(KeyboardInterrupt):
    """SIGTERM, or the terminal was closed: everything is tidied up as after Ctrl-C."""


def _terminate(number: int, frame: FrameType | None) -> None:
    raise _Terminated(number)


def main() -> None:
    """Entry point of the console script."""
    before = {number: signal.signal(number, _terminate) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        sys.exit(_run())
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _run() -> int:
    try:
        status = commands.main(prog_name="lecture", standalone_mode=False)
        return status if isinstance(status, int) else 0
    except Failed as failed:
        _report(failed.errors)
        return 1
    except LectureError as error:
        _report([error])
        return 1
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt) as error:
        click.echo("interrupted", err=True)
        cause = error.__context__ or error
        return 128 + (cause.args[0] if isinstance(cause, _Terminated) else signal.SIGINT)


if __name__ == "__main__":
    main()
