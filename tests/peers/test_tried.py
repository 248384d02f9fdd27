"""The report of the peers, and the marks that it must agree with."""

import ast
from pathlib import Path

import pytest

from tests.peers.tried import PROTOCOLS, ROLES, merged, pairs_of, read_report

TESTS = Path(__file__).parents[1]


def claimed():
    """The triples of all marks in the source of the tests."""
    calls = (
        node
        for path in sorted(TESTS.rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "peer"
    )
    return {
        (ast.literal_eval(call.args[0]), word.arg, ast.literal_eval(word.value))
        for call in calls
        if call.args and ast.unparse(call.func) == "pytest.mark.peer"
        for word in call.keywords
    }


def test_the_report_has_the_pairs_that_the_marks_claim_and_no_others():
    reported = {(name, role, peer) for name, row in read_report().items() for role in ROLES for peer in row[role]}
    assert reported == claimed(), "run the tests that have these marks with --write-peers, and commit peers.json"


def test_the_report_is_as_it_would_be_written_now():
    assert merged(read_report(), (), ()) == read_report()


def test_what_passed_is_put_in_and_what_failed_taken_out():
    before = merged({}, [("finger", "client", "finger"), ("SOCKS", "server", "b"), ("SOCKS", "server", "a")], [])
    assert list(before) == ["SOCKS", "finger"]
    assert before["SOCKS"] == {
        "module": PROTOCOLS["SOCKS"][0],
        "rfcs": PROTOCOLS["SOCKS"][1],
        "client": [],
        "server": ["a", "b"],
    }
    after = merged(before, [("SOCKS", "client", "c")], [("finger", "client", "finger"), ("SOCKS", "server", "a")])
    assert list(after) == ["SOCKS"]
    assert (after["SOCKS"]["client"], after["SOCKS"]["server"]) == (["c"], ["b"])


@pytest.mark.parametrize(
    "mark",
    [
        pytest.mark.skip("x").mark,
        pytest.mark.skip("SOCKS", servant="curl").mark,
        pytest.mark.skip("gopher", client="curl").mark,
    ],
)
def test_a_mark_that_says_something_else_is_refused(mark):
    with pytest.raises(pytest.UsageError, match="write peer"):
        pairs_of(mark)
