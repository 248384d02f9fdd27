"""The notebooks in the repository: whole, in order, and what the lecture says now. CI also runs them."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from lecture.decks.load import load_deck
from lecture.outputs.notebooks.execution import output_lines_of, session_of
from lecture.outputs.notebooks.write import differences, make_notebooks, stale_script
from lecture.programs import Examples
from lecture.programs.session import read_session
from lecture.slides import Code, Session

ROOT = Path(__file__).parents[4]
PARTS = ["part-1.ipynb", "part-2.ipynb", "part-3.ipynb", "part-4.ipynb"]
TOPICS = ["live", "protocols", "clients", "flow", "reactors", "framing", "deferreds", "further"]
NAMES = [*PARTS, *(f"{name}.ipynb" for name in TOPICS)]


@pytest.fixture(scope="module")
def examples():
    return Examples(ROOT / "examples")


@pytest.fixture(scope="module")
def lecture():
    return load_deck("lecture.doom")


@pytest.fixture(scope="module")
def committed():
    return [nbformat.read(ROOT / "notebooks" / name, as_version=4) for name in PARTS]


@pytest.fixture(scope="module")
def topics():
    return {name: nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4) for name in TOPICS}


def test_they_are_what_the_lecture_makes_now(lecture, examples):
    made = make_notebooks(lecture, examples)
    assert [notebook.name for notebook in made] == NAMES
    for new in made:  # nothing was run here: CI does that
        old = {cell.id: cell for cell in nbformat.read(ROOT / "notebooks" / new.name, as_version=4).cells}
        for cell in new.content.cells:
            if cell.cell_type == "code" and cell.id in old and not cell.source.startswith(("%%program", "%%session")):
                cell.outputs = old[cell.id].outputs
    problems = [
        problem for new in made for problem in differences(ROOT / "notebooks" / new.name, new.content, examples)
    ]
    problems += [problem for new in made for problem in stale_script(ROOT / "notebooks" / new.script, new.content)]
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


def test_every_session_of_a_topic_is_a_world_or_is_said_to_need_a_machine(topics, lecture, examples):
    elsewhere = []
    for topic in lecture.topics:
        cells = topics[topic.name].cells
        worlds = {session_of(cell): output_lines_of(cell) for cell in cells if session_of(cell)}
        for shown in (element for slide in topic.slides for element in slide.walk() if isinstance(element, Session)):
            if shown.example not in worlds:
                elsewhere.append(shown.example)
                assert any(f"`{shown.example}` needs a machine" in cell.source for cell in cells)
                continue
            assert worlds[shown.example][0].startswith("$ python ")
    others = [name for name in elsewhere if not read_session(examples.session_path(name)).needs]  # such as dig, curl
    assert set(others) == {"05b_any_transport", "10_factory_resources", "48b_resolver", "66_pb", "73_irc"}


def test_every_exercise_of_a_topic_shows_its_task(topics, lecture):
    for topic in lecture.topics:
        cells = {cell.source: cell for cell in topics[topic.name].cells}
        for number in topic.exercises:
            (shown,) = cells[f"%exercise {number}"].outputs
            assert shown.data["text/markdown"].startswith("# ")


def test_the_live_notebook_has_the_answers_of_a_server_and_of_the_one_that_took_its_port_over(topics):
    results = [cell.outputs[0].data["text/plain"] for cell in topics["live"].cells if cell.get("outputs")]
    assert results[:3] == ["b'one soup'", "1", "b'ONE SOUP!'"]


def test_a_script_opens_as_its_notebook(committed):
    jupytext = pytest.importorskip("jupytext")
    script = jupytext.read(ROOT / "notebooks" / "part-2.py")
    assert [(cell.cell_type, cell.source) for cell in script.cells] == [
        (cell.cell_type, cell.source) for cell in committed[1].cells
    ]
