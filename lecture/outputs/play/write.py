"""The files of the playground, beside the pages of a lecture that has programs to play with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

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
RUNTIME = ("play.js", "play.css", "editor.js")
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
)


def python_of(examples: Examples) -> Path:
    """Where `make play` puts python.js: beside what the build remembers."""
    return examples.cache.folder.parent / "play" / PYTHON


def play_files(
    lecture: Lecture, programs: list[Playable], contents: str, markup: jinja2.Environment
) -> dict[str, Content]:
    """The files; python.js is among them if `make play` has made it. contents: address of the contents page."""
    examples = current_examples()
    sliders = [
        {"name": name, "label": label, "unit": unit, "step": step, "zero": zero, "most": MOST[name]}
        for name, label, unit, step, zero in SLIDERS
    ]
    page = markup.get_template(PLAY).render(
        lecture=lecture, policy=POLICY, contents=contents, programs=programs, sliders=sliders
    )
    files: dict[str, Content] = {PLAY: page.encode("utf-8", "replace")}
    files |= {name: own_file(name) for name in RUNTIME}
    files["programs.js"] = programs_script(programs, lecture.missions, examples)
    files["library.js"] = library_script()
    if python_of(examples).is_file():
        files[PYTHON] = python_of(examples)
    return files
