"""A topic's notebook: worlds in place of sessions, cells that run in the notebook, exercises; and the scripts."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from lecture.decks.load import load_deck
from lecture.errors import Failed, LectureError
from lecture.outputs.notebooks.write import check_notebooks, make_notebooks, write_notebooks
from tests.support.example_folder import Folder

DECK = """\
from pathlib import Path
from lecture.slides import *

slides = [Slide("Hello", Code("01_hello/hello.py"), Session("01_hello")), Slide("Away", Session("02_away"))]
lecture = Lecture("Talk", *slides)
lecture.topics = (
    Topic("greeting", "How one greets", tuple(slides)),
    Topic("live", "Live", live=Path(__file__).with_name("live.md"), exercises=(7,)),
)
"""
LIVE = "Look:\n\n```python\nx = 1\nx + 1\n```\n\nThat is all.\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    folder = Folder(tmp_path)
    folder.write("01_hello", "$ python hello.py you\nhello you\n", hello="import sys\nprint('hello', sys.argv[1])\n")
    folder.write("02_away", "# needs: nothing_of_the_kind\n$ python away.py\n", away="print()\n")
    (tmp_path / "deck.py").write_text(DECK)
    (tmp_path / "live.md").write_text(LIVE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(sys, "path", sys.path[:])
    return folder


def run(folder, what=write_notebooks):
    notebooks = what(load_deck("deck.py"), folder.examples(), Path("notebooks"), lambda check: None)
    return {notebook.name: notebook.content.cells for notebook in notebooks}


def test_a_topic_has_its_sessions_as_worlds_and_a_piece_is_quoted(folder):
    cells = run(folder)["greeting.ipynb"]
    sources = [cell.source for cell in cells]
    assert sources[0].startswith("# How one greets\n") and sources[1] == "%reload_ext lecture.notebook"
    assert "The slide shows `01_hello/hello.py`:\n\n```python\nimport sys\nprint('hello', sys.argv[1])\n```" in sources
    world = "%%world 01_hello\n# hello.py\nimport sys\nprint('hello', sys.argv[1])\n$ python hello.py you"
    assert cells[sources.index(world)].outputs[0].text == "$ python hello.py you\nhello you\n"
    assert "The session of `02_away` needs a machine: it is in the notebook of its part, at “Away”." in sources


def test_cells_that_are_live_run_in_the_notebook_and_exercises_show_their_tasks(folder):
    cells = run(folder)["live.ipynb"]
    assert [cell.source for cell in cells[2:5]] == ["Look:", "x = 1\nx + 1", "That is all."]
    assert cells[3].outputs[0].data["text/plain"] == "2"
    assert cells[-1].source == "%exercise 7"
    assert cells[-1].outputs[0].data["text/markdown"].startswith("# One write is one read")


def test_a_world_that_prints_something_else_than_its_session_is_an_error(folder):
    folder.write("01_hello", hello="print('bye')\n")
    with pytest.raises(Failed) as caught:
        run(folder)
    messages = [error.message for error in caught.value.errors]
    assert "greeting.ipynb, cell 5: `%%world 01_hello` printed something else than it should" in messages


def test_a_text_of_a_topic_that_is_missing_is_named(folder):
    Path("live.md").unlink()
    with pytest.raises(LectureError, match=r"live\.md:1: the text of topic 'live' can't be read: No such file"):
        make_notebooks(load_deck("deck.py"), folder.examples())


def test_each_notebook_has_a_script_in_percent_format_and_one_that_is_old_or_missing_is_named(folder):
    run(folder)
    script = Path("notebooks/greeting.py")
    assert "# %%world 01_hello\n# # hello.py\n" in script.read_text()
    compile(script.read_text(), str(script), "exec")
    script.write_text(script.read_text() + "x = 1\n")
    Path("notebooks/live.py").unlink()
    with pytest.raises(Failed) as caught:
        run(folder, check_notebooks)
    assert [(str(error.where), error.message) for error in caught.value.errors] == [
        ("notebooks/greeting.py:1", "the script is out of date; run `lecture notebooks`"),
        ("notebooks/live.py:1", "the script cannot be read: No such file or directory; run `lecture notebooks`"),
    ]
