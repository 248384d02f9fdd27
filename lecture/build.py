"""From a deck to verified slides: run what must run, look at everything that could be wrong, then write the site.

All problems are collected, so that an author sees everything there is to mend at once. Sessions come first, since
slides show what they printed: remembered ones are looked up one after the other (it takes a millisecond each), the
rest run in as many threads as asked for, each of which only waits for processes.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lecture.errors import LectureError
from lecture.folder import check_replaceable, replaced
from lecture.programs import Examples, use
from lecture.programs.unused import Shown, never_ran, unused

if TYPE_CHECKING:
    from lecture.slides import Element, Lecture


@dataclass(frozen=True)
class Check:
    """A session that was looked at: it held, or `error` says why not, or it was not run for what is `missing`."""

    example: str
    path: Path
    seconds: float
    cached: bool = False
    error: LectureError | None = None
    missing: str = ""

    @property
    def verdict(self) -> str:
        """The word for it in the progress of a build."""
        if self.error:
            return "FAILED"
        return "not run" if self.missing else "cached" if self.cached else "ok"


class Failed(Exception):
    """A build that stops, with everything that is wrong."""

    def __init__(self, errors: list[LectureError]) -> None:
        super().__init__(f"{len(errors)} errors")
        self.errors = errors


def check_sessions(
    examples: Examples,
    jobs: int,
    on_begin: Callable[[int], None] = lambda count: None,
    on_check: Callable[[Check], None] = lambda check: None,
) -> list[Check]:
    """Verify the sessions of all examples that have one, in order of their names.

    jobs: how many run at the same time.
    on_begin: told how many have to run; on_check: told of every session when it is done.
    """
    names = [name for name in examples.names() if (examples.root / name / "session.txt").is_file()]
    checks: dict[str, Check] = {}
    for name in names:
        check = _check(examples, name, only_remembered=True)
        if check is not None:
            checks[name] = check
            on_check(check)
    rest = [name for name in names if name not in checks]
    on_begin(len(rest))
    for check in _in_threads(lambda name: _check(examples, name), rest, jobs):
        checks[check.example] = check
        on_check(check)
    return [checks[name] for name in names]


def _check(examples: Examples, name: str, only_remembered: bool = False) -> Check | None:
    path = examples.root / name / "session.txt"
    started = time.monotonic()
    try:
        verified = examples.remembered(name) if only_remembered else examples.verify(name)
    except LectureError as error:
        return Check(name, path, time.monotonic() - started, error=error)
    return Check(name, path, verified.seconds, verified.cached, missing=verified.missing) if verified else None


def _in_threads(work: Callable[[str], Check | None], names: list[str], jobs: int) -> Iterator[Check]:
    """The checks of all names as they get done. An interruption ends the sessions that run, and then goes on up."""
    if not names:
        return
    from lecture.programs.runner import Stopped, stop_all

    waiting = list(reversed(names))
    done: queue.SimpleQueue[Check | BaseException | None] = queue.SimpleQueue()

    def worker() -> None:
        while waiting:
            try:
                done.put(work(waiting.pop()))
            except (IndexError, Stopped):
                return
            except BaseException as error:
                done.put(error)
                return

    threads = [threading.Thread(target=worker) for _ in range(min(jobs, len(names)))]
    try:
        for thread in threads:
            thread.start()
        for _ in names:
            check = done.get()
            if isinstance(check, BaseException):
                raise check
            if check is not None:
                yield check
    finally:
        waiting.clear()
        stop_all(thread for thread in threads if thread.ident)


def shown_on(lecture: Lecture) -> tuple[list[Shown], list[tuple[str, Element, str]]]:
    """What the slides show: pieces of programs, and sessions as (example, element, title of the slide)."""
    from lecture.slides import Bullet, Code, Session

    pieces: list[Shown] = []
    sessions: list[tuple[str, Element, str]] = []
    for slide in lecture.slides:
        title = slide.title
        for element in Bullet(slide).walk():  # a Bullet looks into whatever kind of slide this is
            if isinstance(element, Code):
                pieces.append(Shown(element.file, element.name, element.where, title))
            elif isinstance(element, Session):
                sessions.append((element.example, element, title))
    return pieces, sessions


def check_lecture(lecture: Lecture, examples: Examples, checks: Iterable[Check]) -> list[LectureError]:
    """Everything that is wrong with a lecture, in the order of slides, then of examples.

    checks: of the sessions; those that failed are in the answer, with the slide that shows them.
    """
    pieces, sessions = shown_on(lecture)
    titles = {example: title for example, _, title in reversed(sessions)}
    errors: list[LectureError] = []
    for check in checks:
        if check.error:
            check.error.slide = check.error.slide or titles.get(check.example)
            errors.append(check.error)
    errors += _drawing_errors(lecture)
    errors += never_ran(examples, pieces)
    errors += unused(examples, pieces, titles)
    return _distinct(errors)


def _drawing_errors(lecture: Lecture) -> Iterator[LectureError]:
    """Draw every slide, and tell what can't be drawn; of a slide that can't, every element by itself."""
    from lecture.outputs.pages import draw
    from lecture.slides import Bullet, toHTML

    for number, slide in enumerate(lecture.slides, 1):
        try:
            draw(slide, number)
            continue
        except LectureError as error:
            yield error
        for element in Bullet(slide).walk():
            try:
                if not element.children():
                    toHTML(element)
            except LectureError as error:
                error.slide = error.slide or slide.title
                yield error


def _distinct(errors: list[LectureError]) -> list[LectureError]:
    return list({(error.message, str(error.where)): error for error in errors}.values())


def build_site(lecture: Lecture, examples: Examples, checks: Iterable[Check], output: Path) -> Path:
    """Write the site of a lecture whose sessions were checked; the old one stays until this one is complete.

    Returns the path of the contents page. Raises Failed with everything that is wrong.
    """
    from lecture.outputs.pages import write_site

    check_replaceable(output)
    pieces, sessions = shown_on(lecture)
    with use(examples):
        errors = [check.error for check in checks if check.error]
        errors += [*never_ran(examples, pieces), *unused(examples, pieces, [example for example, _, _ in sessions])]
        if not errors:
            try:
                with replaced(output) as folder:
                    contents = write_site(lecture, folder)
                    name = contents.relative_to(folder)
                return output / name
            except LectureError as error:
                errors.append(error)
        # Something is wrong: only now is it worth drawing slide by slide to find the rest.
        raise Failed(_distinct([*check_lecture(lecture, examples, checks), *errors]))
