"""The notebooks in the repository: whole, in order, and what the lecture says now. CI also runs them."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from lecture.decks.load import load_deck
from lecture.outputs.notebooks.execution import session_of
from lecture.outputs.notebooks.write import differences, make_notebooks
from lecture.programs import Examples
from lecture.slides import Code, Session

ROOT = Path(__file__).parents[4]
NAMES = ["part-1.ipynb", "part-2.ipynb", "part-3.ipynb", "part-4.ipynb"]


@pytest.fixture(scope="module")
def examples():
    return Examples(ROOT / "examples")


@pytest.fixture(scope="module")
def lecture():
    return load_deck("lecture.doom")


@pytest.fixture(scope="module")
def committed():
    return [nbformat.read(ROOT / "notebooks" / name, as_version=4) for name in NAMES]


def test_they_are_what_the_lecture_makes_now(lecture, examples):
    made = make_notebooks(lecture, examples)
    assert [notebook.name for notebook in made] == NAMES
    problems = [
        problem for new in made for problem in differences(ROOT / "notebooks" / new.name, new.content, examples)
    ]
    assert not problems, "\n".join(map(str, problems)) + "\nrun `make notebooks`"


def test_they_are_valid_and_begin_by_saying_how_they_work(committed):
    for notebook in committed:
        nbformat.validate(notebook)
        assert notebook.cells[0].source.startswith("# The Tutorial of Doom\n")
        assert notebook.cells[1].source == "%reload_ext lecture.notebook"


def test_they_have_every_slide_in_order(committed, lecture):
    headings = [
        cell.source.split("\n")[0] for notebook in committed for cell in notebook.cells if cell.source[:3] == "## "
    ]
    plain = [re.sub(r"\\(.)", r"\1", heading.removeprefix("## ")) for heading in headings]
    assert plain == [slide.title for slide in lecture.slides]


def test_every_program_and_session_of_a_slide_is_a_cell_with_its_output(committed, lecture):
    code = [cell for notebook in committed for cell in notebook.cells if cell.cell_type == "code"]
    shown = [element for slide in lecture.slides for element in slide.walk()]
    programs = {cell.source.split("\n")[0].removeprefix("%%program ") for cell in code}
    assert {element.file for element in shown if isinstance(element, Code)} <= programs
    assert [session_of(cell) for cell in code if session_of(cell)] == [
        element.example for element in shown if isinstance(element, Session)
    ]
    assert all(bool(cell.outputs) == bool(session_of(cell)) for cell in code)


def test_pictures_are_inside(committed):
    text = "\n".join(cell.source for notebook in committed for cell in notebook.cells)
    assert text.count('src="data:image/svg+xml;base64,') == 7
    assert "<svg" not in text and "](images/" not in text
