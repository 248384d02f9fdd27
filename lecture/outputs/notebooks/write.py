"""A lecture as notebooks: one for each part, written, run, and compared with those that were written before.

A part begins at a slide whose title starts with "Part 1", "Part 2" …; what comes before the first of them belongs to
it. A deck without parts is one notebook, named after the deck. Files are written only after all of them have run, so
a failed run leaves the old ones.

Two runs of one deck differ in nothing but what may: outputs where a session says `[..]`, the content of slides that
are marked `of_this_build`, and what Jupyter notes about the kernel. The comparison leaves out just that.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Any

import nbformat

from lecture.errors import Failed, LectureError, Where
from lecture.outputs.notebooks.cells import OF_THIS_BUILD, Cells, slug
from lecture.outputs.notebooks.scripts import script_of
from lecture.outputs.notebooks.topics import TopicCells
from lecture.outputs.notebooks.workspace import expected_transcript
from lecture.programs import Examples, use
from lecture.programs.cache import write_atomically
from lecture.programs.checks import Check
from lecture.programs.compare import lines_fit
from lecture.programs.needs import missing
from lecture.programs.not_simulated import read_exceptions
from lecture.programs.session import read_session
from lecture.slides import Lecture

_UNREADABLE = (OSError, ValueError, nbformat.reader.NotJSONError)
_PART = re.compile(r"Part (\d+)\b")


@dataclass(frozen=True)
class Notebook:
    """A notebook and the name of its file."""

    name: str
    content: Any

    @property
    def script(self) -> str:
        """The name of the script beside it."""
        return self.name.removesuffix(".ipynb") + ".py"


def write_notebooks(
    lecture: Lecture, examples: Examples, folder: Path, on_check: Callable[[Check], None]
) -> list[Notebook]:
    """Make, run and write the notebooks of a lecture.

    on_check: told of every notebook when it has run.
    Raises Failed, having written nothing, when one can't be made or run.
    """
    notebooks = _executed(lecture, examples, folder, on_check)
    for notebook in notebooks:
        try:
            write_atomically(folder / notebook.name, text_of(notebook.content).encode())
            write_atomically(folder / notebook.script, script_of(notebook.content).encode())
        except OSError as error:
            raise LectureError(f"cannot write {folder / notebook.name}: {error.strerror}") from error
    return notebooks


def check_notebooks(
    lecture: Lecture, examples: Examples, folder: Path, on_check: Callable[[Check], None]
) -> list[Notebook]:
    """Make and run the notebooks of a lecture, and compare them with those in the folder. Writes nothing.

    Raises Failed, with an error for each cell, when they are out of date.
    """
    notebooks = _executed(lecture, examples, folder, on_check)
    errors = [error for new in notebooks for error in differences(folder / new.name, new.content, examples)]
    errors += [error for new in notebooks for error in stale_script(folder / new.script, new.content)]
    if errors:
        raise Failed(errors)
    return notebooks


def make_notebooks(lecture: Lecture, examples: Examples) -> list[Notebook]:
    """The notebooks of a lecture, not run yet. Raises LectureError when a slide can't be shown in one."""
    notebooks = []
    with use(examples):
        for name, slides in _parts(lecture):
            cells = Cells(examples)
            cells.introduce(lecture.title)
            for slide in slides:
                cells.add(slide)
            notebooks.append(Notebook(f"{name}.ipynb", _notebook(cells.cells)))
        not_simulated = read_exceptions(examples.root, examples.names()) if lecture.topics else {}
        for topic in lecture.topics:
            own = TopicCells(examples, not_simulated)
            own.add_topic(topic)
            notebooks.append(Notebook(f"{topic.name}.ipynb", _notebook(own.cells)))
    return notebooks


def _parts(lecture: Lecture) -> Iterator[tuple[str, list[Any]]]:
    starts = {n: part for n, slide in enumerate(lecture.slides) if (part := _PART.match(slide.title))}
    if not starts:
        file = lecture.where.file
        yield slug(file.parent.name if file.stem == "__init__" else file.stem), list(lecture.slides)
        return
    names = [f"part-{part[1]}" for part in starts.values()]
    for n, name in zip(starts, names, strict=True):
        if names.count(name) > 1:
            message = f"{names.count(name)} slides begin {name.replace('-', ' ')}: give each part a number of its own"
            raise LectureError(message, where=lecture.slides[n].where, slide=lecture.slides[n].title)
    bounds = [0, *list(starts)[1:], len(lecture.slides)]
    for name, first, end in zip(names, bounds[:-1], bounds[1:], strict=True):
        yield name, list(lecture.slides[first:end])


def _notebook(cells: list[Any]) -> Any:
    from lecture.outputs.notebooks.execution import KERNEL, LANGUAGE_INFO

    metadata = {"kernelspec": dict(KERNEL), "language_info": dict(LANGUAGE_INFO)}
    whole = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return nbformat.from_dict(whole)  # type: ignore[no-untyped-call]  # it has no types


def _executed(lecture: Lecture, examples: Examples, folder: Path, on_check: Callable[[Check], None]) -> list[Notebook]:
    notebooks = make_notebooks(lecture, examples)
    checks = asyncio.run(_execute_all(notebooks, examples, folder, on_check))
    errors = [check.error for check in checks if check.error]
    if errors:
        raise Failed(errors)
    for notebook in notebooks:
        _keep_outputs(notebook.content, folder / notebook.name, examples)
    return notebooks


def _keep_outputs(new: Any, path: Path, examples: Examples) -> None:
    """Leave outputs as they are in the notebook at `path` where they still hold, so that only what changed differs.

    So it is with sessions that this machine can't run, which another one has run, and with those whose new output
    differs by no more than what may: times, numbers of processes.
    """
    from lecture.outputs.notebooks.execution import session_of

    with contextlib.suppress(*_UNREADABLE):
        before = {cell.get("id"): cell for cell in _read(path).cells}
        for cell in new.cells:
            example = session_of(cell)
            old = before.get(cell.id)
            if not example or old is None:
                continue
            if missing(read_session(examples.session_path(example))) or _fits(old, cell, examples):
                cell.outputs = old.get("outputs", cell.outputs)


async def _execute_all(
    notebooks: list[Notebook], examples: Examples, folder: Path, on_check: Callable[[Check], None]
) -> list[Check]:
    from lecture.outputs.notebooks.execution import execute

    async def run(notebook: Notebook) -> Check:
        started = time.monotonic()
        error = None
        try:
            await execute(notebook.content, notebook.name, examples)
        except LectureError as problem:
            error = problem
        check = Check(notebook.name, folder / notebook.name, time.monotonic() - started, error=error)
        on_check(check)
        return check

    # Two at a time keep a small machine busy; a deck of many parts must not start as many kernels.
    return [check for pair in _pairs(notebooks) for check in await asyncio.gather(*map(run, pair))]


def _pairs(notebooks: list[Notebook]) -> Iterator[list[Notebook]]:
    return (notebooks[at : at + 2] for at in range(0, len(notebooks), 2))


def text_of(content: Any) -> str:
    """The text of a notebook's file."""
    content.metadata.language_info = dict(_notebook([]).metadata.language_info)  # without this machine's versions
    nbformat.validate(content)
    text: str = nbformat.writes(content)  # type: ignore[no-untyped-call]  # it has no types
    return text.removesuffix("\n") + "\n"


def differences(path: Path, new: Any, examples: Examples) -> Iterator[LectureError]:
    """An error for every cell in which the notebook at `path` is not the new one."""
    try:
        text = path.read_text(encoding="utf-8")
        old = _read(path)
    except _UNREADABLE as error:
        problem = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error})"
        yield LectureError(f"the notebook {problem}; run `lecture notebooks`", where=Where(path, 1))
        return
    old_cells = {cell.get("id", f"cell {n}"): cell for n, cell in enumerate(old.cells, 1)}
    new_cells = {cell.id: cell for cell in new.cells}
    if [name for name in old_cells if name in new_cells] != [name for name in new_cells if name in old_cells]:
        yield LectureError("the cells stand in another order; run `lecture notebooks`", where=Where(path, 1))
    for name in [*new_cells, *(name for name in old_cells if name not in new_cells)]:
        before = _comparable(old_cells.get(name))
        after = _comparable(new_cells.get(name))
        if before != after and not _fits(old_cells.get(name), new_cells.get(name), examples):
            diff = "\n".join(unified_diff(before, after, "the notebook", "the lecture now", lineterm=""))
            message = f"the cell {name!r} is out of date; run `lecture notebooks`"
            yield LectureError(message, where=Where(path, _line_of(name, text)), diff=diff)


def stale_script(path: Path, new: Any) -> Iterator[LectureError]:
    """An error if the percent script at `path` isn't that of the notebook; slides of this build may differ."""
    try:
        old = path.read_text(encoding="utf-8")
    except OSError as error:
        yield LectureError(
            f"the script cannot be read: {error.strerror}; run `lecture notebooks`", where=Where(path, 1)
        )
        return
    of_this_build = any(OF_THIS_BUILD in cell.metadata.get("tags", []) for cell in new.cells)
    if old != script_of(new) and not of_this_build:
        yield LectureError("the script is out of date; run `lecture notebooks`", where=Where(path, 1))


def _read(path: Path) -> Any:
    return nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)  # type: ignore[no-untyped-call]  # it has no types


def _comparable(cell: Any) -> list[str]:
    """The lines of a cell that have to be the same, outputs included; none for a cell that isn't there."""
    from lecture.outputs.notebooks.execution import output_lines_of

    if cell is None:
        return []
    tags = cell.metadata.get("tags", [])
    source = ["(content of this build)"] if OF_THIS_BUILD in tags else cell.source.split("\n")
    return [f"{cell.cell_type} {json.dumps(tags)}", *source, "", *output_lines_of(cell)]


def _fits(old: Any, new: Any, examples: Examples) -> bool:
    """Whether two cells differ only where the session allows it; the new one, if run, has been held against it."""
    from lecture.outputs.notebooks.execution import output_lines_of, session_of

    if old is None or new is None or old.source != new.source or session_of(new) is None:
        return False
    session = read_session(examples.session_path(session_of(new) or ""))
    return lines_fit(expected_transcript(session), output_lines_of(old))


def _line_of(name: str, text: str) -> int:
    at = text.find(f'"id": {json.dumps(name)}')
    return text.count("\n", 0, max(at, 0)) + 1
