"""What is shown of a peer's values, and what that costs."""

import ast
import tracemalloc
from pathlib import Path

import pytest

import reactor
from reactor.protocols.excerpts import excerpt


@pytest.mark.parametrize(
    "value, text",
    [
        (b"abc", "b'abc'"),
        ("x" * 81, repr("x" * 80) + "…"),
        ([b"message", 1, [b"x"], None, 0.5], "[b'message', 1, …, None, 0.5]"),
        ({b"a": 1}, "[b'a']"),
        ([1] * 9, "[1, 1, 1, 1, 1, 1, 1, 1, …]"),
        ([b"a" * 60] * 2, "[" + f"b'{'a' * 60}', b'{'a' * 60}'"[:80] + ", …]"),
        (2**300, "a number of 301 bits"),
        (object(), "<object>"),
    ],
)
def test_the_beginning_of_a_value_is_shown(value, text):
    assert excerpt(value) == text


@pytest.mark.parametrize("value", [b"\0" * 10**6, [b"\0" * 10**6] * 8, [[b"\0" * 10**6]], 1 << 10**7], ids=type)
def test_what_isnt_shown_isnt_looked_at(value):
    tracemalloc.start()
    try:
        excerpt(value)
        assert tracemalloc.get_traced_memory()[1] < 50_000
    finally:
        tracemalloc.stop()


def cut_after_their_repr(source):
    """The f-strings in a text that make the repr of something, all of it, and show a part of that."""
    values = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FormattedValue))
    return [node.lineno for node in values if node.conversion == ord("r") and node.format_spec is not None]


def test_no_protocol_makes_the_repr_of_a_peers_value_to_show_a_part_of_it():
    assert cut_after_their_repr('f"{value!r:.80} {value[:80]!r}"') == [1]
    rooms = [Path(reactor.__path__[0]) / room for room in ("conch", "ldap", "mail", "names", "news", "positioning")]
    rooms += [Path(reactor.__path__[0]) / room for room in ("protocols", "sasl", "spread", "vfs", "web", "words")]
    files = [path for room in rooms for path in room.rglob("*.py")]
    assert {str(path): found for path in files if (found := cut_after_their_repr(path.read_text("utf-8")))} == {}
