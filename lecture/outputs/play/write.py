"""The files of the playground and of the exercises, beside the pages of a lecture that has them."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from lecture.outputs.play.exercises import Practised, exercise_files
from lecture.outputs.play.library import library_script
from lecture.outputs.play.programs import Playable, programs_script
from lecture.outputs.publish import Content, own_file
from lecture.programs import Examples, current_examples
from lecture.programs.simulation.playing import MOST
from lecture.slides import Lecture

if TYPE_CHECKING:
    import jinja2

PLAY = "play.html"
PYTHON = "python.js"
RUNTIME = ("play.css", "editor.js")  # of the playground and of the exercises
# Programs run in a worker that is made from a Blob, and in WebAssembly. Nothing is asked of another host here either.
POLICY = (
    "default-src 'none'; script-src 'self' blob: 'wasm-unsafe-eval'; worker-src blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
)
# Name, label, unit, step, and what 0 means.
SLIDERS = (
    ("latency", "Latency of each packet", "ms", 10, "none"),
    ("loss", "Packets lost", "%", 1, "none"),
    ("cuts", "Segments cut in two", "%", 5, "none"),
    ("reset", "All connections reset after", "ms", 10, "never"),
    ("duplication", "Datagrams that arrive twice", "%", 5, "none"),
    ("reordering", "Datagrams that later ones overtake", "%", 5, "none"),
)


def python_of(examples: Examples) -> Path:
    """Where python.js is, if it is anywhere: beside what the build remembers, or else in the wheel of the extra [play].

    `make play` puts it there; play/ has that wheel.
    """
    made = examples.cache.folder.parent / "play" / PYTHON
    wheel = find_spec("lecture_play")
    return made if made.is_file() or wheel is None or wheel.origin is None else Path(wheel.origin).parent / PYTHON


def running_files(
    lecture: Lecture,
    programs: list[Playable],
    known: Practised,
    page: Callable[[int], str],
    contents: str,
    markup: jinja2.Environment,
) -> dict[str, Content]:
    """All that runs programs in the page; nothing for a lecture that has none.

    page: the reading page of a slide, by its number. contents: address of the contents page.
    """
    files: dict[str, Content] = {}
    if programs:
        files |= play_files(lecture, programs, contents, markup)
    if known.exercises:
        files |= exercise_files(lecture, known, page, POLICY, contents, markup)
    return files | python_files() if files else {}


def python_files() -> dict[str, Content]:
    """What runs Python in a page; python.js is there if `python_of` finds it."""
    python = python_of(current_examples())
    files: dict[str, Content] = {name: own_file(name) for name in RUNTIME}
    return files | {"library.js": library_script()} | ({PYTHON: python} if python.is_file() else {})


def play_files(
    lecture: Lecture, programs: list[Playable], contents: str, markup: jinja2.Environment
) -> dict[str, Content]:
    """The playground's own files. contents: address of the contents page."""
    sliders = [
        {"name": name, "label": label, "unit": unit, "step": step, "zero": zero, "most": MOST[name]}
        for name, label, unit, step, zero in SLIDERS
    ]
    page = markup.get_template(PLAY).render(
        lecture=lecture, policy=POLICY, contents=contents, programs=programs, sliders=sliders
    )
    return {
        PLAY: page.encode("utf-8", "replace"),
        "play.js": own_file("play.js"),
        "programs.js": programs_script(programs, lecture.missions, current_examples()),
    }
