"""The command `lecture exercises`: list, try, step, watch, hint, reset, solution; grade, check for teachers."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import click

from lecture.errors import Failed, LectureError
from lecture.exercises.beliefs import belief_behind
from lecture.exercises.confined import grade_confined, replay_confined
from lecture.exercises.folder import Exercise, exercises_near, find_exercises
from lecture.exercises.grade_command import grade_folders
from lecture.exercises.grading import RUNS
from lecture.exercises.proving import problems
from lecture.exercises.schedules import Dice
from lecture.exercises.telling import same, statement, told
from lecture.exercises.workbook import Workbook
from reactor.trace.stepping import Stepper, go_through

LOOK_EVERY_S = 0.2

_path = click.Path(path_type=Path, file_okay=False)
_report = click.Path(path_type=Path, dir_okay=False)
_tasks = click.option(
    "--exercises", "tasks", type=_path, help="Folder of the exercises. [default: those of the tutorial]"
)
_folder = click.option(
    "--folder", type=_path, default=Path("workbook"), show_default=True, help="Your own copies of them."
)


_first_seed = click.option("--seed", type=click.IntRange(1), help="The first hidden seed. [default: by the dice]")
_seeds = click.option(
    "--seeds", type=click.IntRange(1, 10_000), default=Dice().count, show_default=True, help="How many hidden seeds."
)


@click.group(invoke_without_command=True)
@click.pass_context
def exercises(context: click.Context) -> None:
    """Learn by doing: programs that fail until you mend them. Without a command: copy them, and watch the first.

    Failing is how each of them begins. Edit the file that is named, save it, and see the verdict.
    """
    if context.invoked_subcommand is None:
        context.invoke(watch)


def _dice(first: int | None, count: int) -> Dice:
    """The hidden seeds: others each time, so that nobody writes a program for some."""
    return Dice(secrets.randbelow(1_000_000) + 1000 if first is None else first, count)


def _workbook(tasks: Path | None, folder: Path) -> Workbook:
    found = find_exercises(tasks) if tasks else exercises_near(Path(__file__).parent)
    if not found:
        raise LectureError(f"there are no exercises in {tasks}: each is a folder with a task.md")
    return Workbook(folder, found)


@exercises.command("list")
@_tasks
@_folder
@click.option("--open", "only_open", is_flag=True, help="Only those that are not solved.")
@click.argument("words", nargs=-1)
def list_(tasks: Path | None, folder: Path, only_open: bool, words: tuple[str, ...]) -> None:
    """Show all exercises, or those with these WORDS in their titles, and which are solved."""
    book = _workbook(tasks, folder)
    for one in book.exercises:
        if (only_open and book.is_solved(one)) or not all(word.lower() in one.title.lower() for word in words):
            continue
        click.echo(f"{'✓' if book.is_solved(one) else '·'} {one.name:32} {one.title}")
    click.echo(f"{sum(map(book.is_solved, book.exercises))} of {len(book.exercises)} solved")


@exercises.command("try")
@_tasks
@_folder
@_first_seed
@_seeds
@click.argument("name", required=False)
def try_(tasks: Path | None, folder: Path, seed: int | None, seeds: int, name: str | None) -> int:
    """Grade one exercise: NAME, its number, or the first that isn't solved. Exit status 1 when it fails.

    Some exercises are tried with hidden seeds, too: evenings by the dice, others at each try.
    """
    book = _workbook(tasks, folder)
    exercise = _chosen(book, name)
    if _tell(book, exercise, _dice(seed, seeds)):
        return 0
    click.echo(f"\nYour file: {book.file(exercise)}; `lecture exercises hint` helps.")
    return 1


@exercises.command()
@_tasks
@_folder
@_first_seed
@_seeds
@click.argument("name", required=False)
def step(tasks: Path | None, folder: Path, seed: int | None, seeds: int, name: str | None) -> None:
    """Step through the run that the verdict shows, from where it first goes otherwise than it should."""
    book = _workbook(tasks, folder)
    exercise, dice = _chosen(book, name), _dice(seed, seeds)
    program = _file(book, exercise)
    verdict = grade_confined(exercise, program, dice, first_only=True)
    if verdict.passed:
        click.echo(told(exercise, verdict, dice=dice))
        return
    replay = replay_confined(exercise, program, verdict.failures[0], dice)
    if replay is None:
        raise LectureError(f"nothing of this run could be recorded: {verdict.failures[0].what}")
    click.echo(told(exercise, verdict, dice=dice).partition("\n\n")[2])
    click.echo("\nEnter: the next line; b: back; w: why?; h: all keys; q: leave\n")
    stepper = Stepper(replay[0], program.parent)
    stepper.move(f"g {replay[1]}")
    go_through(stepper)


@exercises.command()
@_tasks
@_folder
@click.argument("name", required=False)
@click.option("--edit", is_flag=True, help="Open each file in your editor.")
def watch(
    tasks: Path | None = None, folder: Path = Path("workbook"), name: str | None = None, edit: bool = False
) -> None:
    """Grade an exercise each time you save it; when it passes, go on to the next. Ctrl-C ends it."""
    book = _workbook(tasks, folder)
    copied = book.begin()
    if copied:
        click.echo(
            f"{len(copied)} exercises are in {folder}{os.sep} now. Each fails until you mend it: that is the idea.\n"
        )
    exercise: Exercise | None = _chosen(book, name)
    while exercise is not None:
        click.echo(f"{statement(exercise)}\n\nYour file: {book.file(exercise)}\n")
        if edit:
            click.launch(str(book.file(exercise)))
        dice = _dice(None, Dice().count)
        while not _tell(book, exercise, dice):
            click.echo(f"\nSave {book.file(exercise)} to try again; `lecture exercises hint` helps.")
            _wait_for_a_change(book.file(exercise))
        exercise = book.current()
        click.echo("")
    click.echo("All of them are solved. Now write a server of your own.")


@exercises.command()
@_tasks
@_folder
@click.argument("name", required=False)
def hint(tasks: Path | None, folder: Path, name: str | None) -> None:
    """Show the next hint, the gentlest first."""
    book = _workbook(tasks, folder)
    exercise = _chosen(book, name)
    click.echo(
        book.next_hint(exercise) or "There are no more hints; `lecture exercises solution --anyway` shows a solution."
    )


@exercises.command()
@_tasks
@_folder
@click.argument("name")
def reset(tasks: Path | None, folder: Path, name: str) -> None:
    """Begin an exercise anew. What you wrote is kept beside it, as FILE.before."""
    book = _workbook(tasks, folder)
    exercise = book.find(name)
    book.reset(exercise)
    click.echo(f"{book.file(exercise)} is as it was at the beginning")


@exercises.command()
@_tasks
@_folder
@click.argument("name", required=False)
@click.option("--anyway", is_flag=True, help="Before you have solved it.")
def solution(tasks: Path | None, folder: Path, name: str | None, anyway: bool) -> None:
    """Show a solution of an exercise that you have solved."""
    book = _workbook(tasks, folder)
    exercise = _chosen(book, name)
    if not (anyway or book.is_solved(exercise)):
        raise LectureError(f"{exercise.name} isn't solved yet; if you want to see a solution all the same: --anyway")
    click.echo((exercise.folder / "solution" / exercise.file).read_text(encoding="utf-8"), nl=False)


@exercises.command()
@_tasks
@click.argument("names", nargs=-1)
@click.option("--write", is_flag=True, help="Note how the wrong solutions fail, so that nobody has to try them again.")
def check(tasks: Path | None, names: tuple[str, ...], write: bool) -> None:
    """For who writes exercises: each fails as given, its solution passes, and every wrong one fails for its reason."""
    book = _workbook(tasks, Path("workbook"))
    chosen = [book.find(name) for name in names] or book.exercises
    began = time.monotonic()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [problem for some in pool.map(lambda one: list(problems(one, write)), chosen) for problem in some]
    if found:
        raise Failed(found)
    click.echo(f"{len(chosen)} exercises are as they should be; {time.monotonic() - began:.1f} s")


@exercises.command()
@_tasks
@click.option("--only", multiple=True, metavar="NAME", help="Grade this exercise only; may be given several times.")
@click.option(
    "--executor",
    default="process",
    show_default=True,
    metavar="KIND",
    help="Who works: process, thread, or MODULE:NAME, an executor or a function that makes one.",
)
@_first_seed
@_seeds
@click.option("--json", "json", type=_report, help="Write all that is known to this file.")
@click.option("--csv", "csv", type=_report, help="Write a line for each result to this file.")
@click.option("--junit", "junit", type=_report, help="Write JUnit's XML to this file.")
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, file_okay=False, exists=True))
def grade(
    tasks: Path | None,
    only: tuple[str, ...],
    executor: str,
    seed: int | None,
    seeds: int,
    folders: tuple[Path, ...],
    **reports: Path | None,
) -> int:
    """Grade a class. Each of the FOLDERS is a student's workbook, and is called as the student is.

    Exit status 1 when there is one that couldn't be graded; that students fail is no error.
    """
    files = {kind: path for kind, path in reports.items() if path}
    return grade_folders(_workbook(tasks, Path("workbook")), folders, only, executor, _dice(seed, seeds), files)


def _chosen(book: Workbook, name: str | None) -> Exercise:
    book.begin()
    return book.find(name) if name else book.current() or book.exercises[-1]


def _tell(book: Workbook, exercise: Exercise, dice: Dice) -> bool:
    """Grade, and say it. Returns whether it passed."""
    verdict = grade_confined(exercise, _file(book, exercise), dice)
    if verdict.passed:
        book.solved(exercise)
    click.echo(told(exercise, verdict, belief_behind(exercise, verdict, dice), dice))
    if verdict.failures and verdict.failures[0].check != RUNS:
        again = f"lecture exercises step {same(exercise, verdict.failures[0])}"
        click.echo(f"\nStep through that run, from where it goes wrong: `{again}`")
    return verdict.passed


def _file(book: Workbook, exercise: Exercise) -> Path:
    """The student's program. Raises LectureError when it isn't there."""
    if not book.file(exercise).is_file():
        raise LectureError(
            f"there is no {book.file(exercise)}: `lecture exercises reset {exercise.name}` brings it back"
        )
    return book.file(exercise)


def _wait_for_a_change(path: Path, sleep: Callable[[float], Any] = time.sleep) -> None:
    before = _state(path)
    while _state(path) in (before, _GONE):  # an editor is just replacing it
        sleep(LOOK_EVERY_S)


_GONE = (0.0, -1)


def _state(path: Path) -> tuple[float, int]:
    try:
        found = path.stat()
    except OSError:
        return _GONE
    return found.st_mtime, found.st_size
