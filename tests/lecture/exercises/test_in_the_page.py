"""The grader as a page asks it; in Pyodide and browsers it is tried elsewhere."""

import json

import pytest

from lecture.exercises import in_the_page
from lecture.exercises.folder import Exercise
from tests.lecture.exercises.conftest import ORDERS
from tests.lecture.exercises.test_in_pyodide import request


@pytest.fixture(autouse=True)
def doors_stay_as_they_are(monkeypatch):
    monkeypatch.setattr(in_the_page, "DOORS", ())


def asked(program, **more):
    return json.dumps({**request(Exercise(ORDERS), program), **more})


def test_what_was_heard_makes_the_verdict_of_a_program_that_took_its_python_with_it():
    program = ORDERS / "wrong" / "first_line" / "server.py"
    lines = []
    whole = json.loads(in_the_page.grade(asked(program), lines.append))
    assert "In 34 of 55 worlds" in whole["text"] and len(lines) == 55 + 34
    begun = [*map(json.loads, lines[:2]), {"ended": -1, "late": False, "said": 'File "server.py", line 12'}]
    answer = json.loads(in_the_page.tell(asked(program, lines=begun), lines.append))
    assert "it never comes to an end: after 5 seconds it was still busy in server.py:12" in answer["text"]
    assert answer["failure"] is None and not answer["passed"]


def test_a_program_that_ends_python_is_told_so():
    lines = [{"ended": 1, "late": False, "said": "Error: it is gone"}]
    answer = json.loads(in_the_page.tell(asked(ORDERS / "server.py", lines=lines), None))
    assert "it ended the grader: Error: it is gone" in answer["text"]


def test_what_this_library_lacks_is_said_without_a_try(tmp_path):
    program = tmp_path / "server.py"
    program.write_text("from twisted.internet import nowhere\n")
    answer = json.loads(in_the_page.grade(asked(program), None))
    assert "nowhere" in answer["text"] and "(server.py, line 1)" in answer["text"] and answer["failure"] is None


def test_a_failure_is_replayed_to_its_first_difference():
    program = ORDERS / "wrong" / "one_chunk" / "server.py"
    answer = json.loads(in_the_page.grade(asked(program), lambda line: None))
    assert answer["text"].endswith("Do you count on this? One dataReceived is one order.")
    shown = json.loads(in_the_page.replay(asked(program, **answer["failure"]), None))
    assert shown["timeline"]["steps"][shown["at"] - 1]["kind"] == "data.written"


def test_the_solution_passes_with_the_words_of_the_terminal():
    answer = json.loads(in_the_page.grade(asked(ORDERS / "solution" / "server.py"), lambda line: None))
    assert answer == {"passed": True, "failure": None, "text": "Passed: 55 worlds, and it holds in each."}
