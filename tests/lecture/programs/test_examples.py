"""The examples as slides see them, and what in them no slide shows."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from lecture.errors import LectureError, Where
from lecture.programs import Entry, Transcript, current_examples, examples, use
from lecture.programs.unused import Shown, never_ran, unused
from tests.support.example_folder import Folder, place

HERE = Where(Path("deck.py"), 7)


@pytest.fixture
def folder(tmp_path):
    folder = Folder(tmp_path)
    folder.write("02_echo", "$ python server.py\nhi\n[exit 3]\n", server="# [say]\nprint('hi')\n# [/say]\nexit(3)\n")
    return folder


def test_a_transcript_has_each_command_with_its_output_and_status(folder):
    assert folder.examples().transcript("02_echo") == Transcript(
        "02_echo", folder.root / "02_echo" / "session.txt", (Entry("python server.py", "hi\n", 3),)
    )


def test_a_transcript_leaves_out_what_its_session_leaves_open(folder):
    folder.write("02_echo", "$ python server.py\n[..]i \\[..]\n[..]\n[exit 3]\n", server="print('hi [..]')\nexit(3)\n")
    (entry,) = folder.examples().transcript("02_echo").entries
    assert entry.output == "…i [..]\n…\n"
    assert folder.outputs("02_echo") == ["hi [..]\n"]


def test_an_error_is_the_same_for_everybody_who_asks(folder):
    folder.write("02_echo", "$ python server.py\n")
    both = folder.examples()
    errors = []
    for _ in "12":
        with pytest.raises(LectureError) as caught:
            both.transcript("02_echo")
        errors.append(caught.value)
    assert errors[0] is errors[1]


def test_use_sets_the_current_examples_for_a_while(folder):
    one, two = folder.examples(), folder.examples()
    with use(one):
        with use(two):
            assert current_examples() is two
        assert current_examples() is one


def test_by_default_the_examples_are_those_beside_or_above_the_deck(folder, monkeypatch):
    monkeypatch.setattr(examples, "_in_use", [])
    monkeypatch.setattr(sys, "argv", [str(folder.root.parent / "talks" / "deck.py")])
    assert current_examples().root == folder.root
    assert current_examples() is current_examples()


def test_without_a_folder_of_examples_the_error_says_where_it_was_sought(tmp_path, monkeypatch):
    monkeypatch.setattr(examples, "_in_use", [])
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "deck.py")])
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LectureError, match=r"no folder `examples` in .* or above it"):
        current_examples()


def test_a_folder_of_examples_that_is_not_there_is_named(tmp_path):
    with pytest.raises(LectureError, match=r"no folder of examples at .*nowhere"):
        examples.Examples(tmp_path / "nowhere").names()


def problems(folder, shown, sessions):
    pieces = [Shown(file, name, HERE, "A Slide") for file, name in shown]
    return list(unused(folder.examples(), pieces, sessions))


def test_nothing_is_wrong_when_everything_is_shown(folder):
    assert problems(folder, [("02_echo/server.py", "say")], ["02_echo"]) == []


def test_a_program_that_no_slide_shows_is_an_error(folder):
    folder.write("02_echo", client="")
    (error,) = problems(folder, [("02_echo/server.py", "say")], [])
    assert "no slide shows 02_echo/client.py: show it with Code('02_echo/client.py')" in error.message
    assert place(error) == ("client.py", 1)


def test_a_region_that_no_slide_shows_is_an_error(folder):
    (error,) = problems(folder, [("02_echo/server.py", None)], [])
    assert "no slide shows the region [say]: show it with Code('02_echo/server.py', 'say')" in error.message
    assert place(error) == ("server.py", 1)


def test_an_example_that_no_slide_mentions_is_an_error(folder):
    (error,) = problems(folder, [], [])
    assert "no slide shows the example '02_echo'" in error.message
    assert place(error) == ("session.txt", 1)


def test_an_example_without_a_session_is_an_error(folder):
    folder.write("03_chat", room="")
    (error,) = problems(folder, [("02_echo/server.py", "say"), ("03_chat/room.py", None)], [])
    assert "'03_chat' has no session.txt, so nothing runs its programs" in error.message


def test_a_program_with_markers_that_do_not_pair_is_an_error(folder):
    folder.write("02_echo", server="# [say]\n")
    (error,) = problems(folder, [("02_echo/server.py", None)], [])
    assert "never closed" in error.message


def test_a_program_on_a_slide_that_its_session_never_runs_is_an_error(folder):
    folder.write("02_echo", server="import helper\nprint('hi')\nexit(3)\n", helper="", client="")
    shown = [Shown(f"02_echo/{name}.py", None, HERE, "A Slide") for name in ("server", "helper", "client", "nowhere")]
    (error,) = never_ran(folder.examples(), shown)
    assert "the slide shows 02_echo/client.py, but its session never runs it" in error.message
    assert (error.where, error.slide) == (HERE, "A Slide")


def test_a_command_may_set_the_environment_of_its_program(folder):
    program = "import os\nprint(os.environ.get('WHO', 'nobody'))\n"
    folder.write("a", "$ WHO=me python a.py\nme\n$ python a.py\nnobody\n", a=program)
    assert folder.outputs("a") == ["me\n", "nobody\n"]
