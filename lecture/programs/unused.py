"""What stands in the examples and on no slide: programs, regions, wrong programs, and whole examples.

Such leftovers age unseen, and a reader who opens the folder takes them for part of the talk. And the other way round:
a program on a slide that the session of its example never ran would be a promise that the build does not keep.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lecture.errors import LectureError, Where
from lecture.programs.examples import Examples
from lecture.programs.files import own_files
from lecture.programs.layout import RIGHT_FILE, SESSION_FILE, is_wrong, name_of, right_folder, session_path


@dataclass(frozen=True)
class Shown:
    """A piece of a program that a slide shows; `name` is None for the whole file."""

    file: str
    name: str | None
    where: Where
    slide: str | None


def unused(examples: Examples, shown: Iterable[Shown], sessions: Iterable[str]) -> Iterator[LectureError]:
    """An error for each part of the examples that the talk does not show.

    sessions: the names of the examples and wrong programs whose sessions are on slides.
    """
    sessions = set(sessions)
    pieces = {(piece.file, piece.name) for piece in shown}
    files = {file for file, _ in pieces}
    mentioned = {name.split("/")[0] for name in files | sessions}
    for example in examples.names():
        session = session_path(examples.root, example)
        if is_wrong(session.parent):
            if session.name != RIGHT_FILE:
                yield from _unused_wrong(session, is_shown=example in sessions)
            continue
        if not session.is_file():
            yield LectureError(
                f"the example {example!r} has no {SESSION_FILE}, so nothing runs its programs", where=Where(session, 1)
            )
        if example not in mentioned:
            yield LectureError(
                f"no slide shows the example {example!r}: show it with Session({example!r}), or remove it",
                where=Where(session, 1),
            )
            continue
        for name in own_files(examples.root / example):
            if name.endswith(".py"):
                yield from _unused_in(examples, f"{example}/{name}", files, pieces)


def _unused_wrong(session: Path, is_shown: bool) -> Iterator[LectureError]:
    example, name = right_folder(session.parent).name, session.parent.name
    if not session.is_file():
        what = f"the wrong program {name_of(session)} has no {SESSION_FILE}, so nothing shows that it fails"
        yield LectureError(what, where=Where(session, 1))
    elif not is_shown:
        what = f"no slide shows this wrong program: show it with Wrong({example!r}, {name!r}), or remove it"
        yield LectureError(what, where=Where(session, 1))


def _unused_in(
    examples: Examples, file: str, files: set[str], pieces: set[tuple[str, str | None]]
) -> Iterator[LectureError]:
    path = examples.root / file
    if file not in files:
        yield LectureError(f"no slide shows {file}: show it with Code({file!r}), or remove it", where=Where(path, 1))
    try:
        regions = examples.program(file).regions
    except LectureError as error:
        yield error
        return
    for region in regions:
        if (file, region.name) not in pieces:
            yield LectureError(
                f"no slide shows the region [{region.name}]: show it with Code({file!r}, {region.name!r}), "
                "or remove its markers",
                where=Where(path, region.first - 1),
            )


def never_ran(examples: Examples, shown: Iterable[Shown]) -> Iterator[LectureError]:
    """An error for every program on a slide that the session of its example didn't run or import."""
    told: set[str] = set()
    for piece in shown:
        example, name = _example_and_file(examples, piece.file)
        if not name.endswith(".py") or piece.file in told or not (examples.root / piece.file).is_file():
            continue
        told.add(piece.file)
        try:
            verified = examples.verify(example)
        except LectureError:
            continue  # reported where the session is checked
        if name not in verified.outcome.own and not verified.missing:
            yield LectureError(
                f"the slide shows {piece.file}, but its session never runs it: add `$ python {name}` to "
                f"{example}/{SESSION_FILE}",
                where=piece.where,
                slide=piece.slide,
            )


def _example_and_file(examples: Examples, file: str) -> tuple[str, str]:
    """The name of the example or wrong program that a file is in, and the file's name there."""
    folder = (examples.root / file).parent
    if is_wrong(folder):
        return folder.relative_to(examples.root).as_posix(), Path(file).name
    example, _, name = file.partition("/")
    return example, name
