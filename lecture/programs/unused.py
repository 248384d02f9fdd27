"""What stands in the examples and on no slide: programs, regions, and whole examples.

Such leftovers age unseen, and a reader who opens the folder takes them for part of the talk. And the other way round:
a program on a slide that the session of its example never ran would be a promise that the build does not keep.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lecture.errors import LectureError, Where
from lecture.programs.examples import SESSION_FILE, Examples
from lecture.programs.files import example_files


@dataclass(frozen=True)
class Shown:
    """A piece of a program that a slide shows; `name` is None for the whole file."""

    file: str
    name: str | None
    where: Where
    slide: str | None


def unused(examples: Examples, shown: Iterable[Shown], sessions: Iterable[str]) -> Iterator[LectureError]:
    """An error for each part of the examples that the talk does not show.

    sessions: the names of the examples whose sessions are on slides.
    """
    pieces = {(piece.file, piece.name) for piece in shown}
    files = {file for file, _ in pieces}
    mentioned = {file.split("/")[0] for file in files} | set(sessions)
    for example in examples.names():
        session = examples.root / example / SESSION_FILE
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
        for path in example_files(examples.root / example):
            if path.suffix == ".py":
                yield from _unused_in(examples, path.relative_to(examples.root).as_posix(), files, pieces)


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
        example, _, name = piece.file.partition("/")
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
