"""Options that a plugin declares, from the command line and from a table of a file."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import pytest

from reactor.application.errors import ConfigurationError
from reactor.application.options import declared_by, from_arguments, from_table, option, parser_for, place


def even(text):
    number = int(text) if text.isdecimal() else 1
    if number % 2:
        raise ValueError("an even number")
    return number


@dataclass
class Options:
    text: str = option("some", "a text")
    count: int = option(3, "how many, 100% of them")
    share: float = option(0.5, "how much")
    is_loud: bool = option(False, "whether it is loud")
    path: Path = option(Path("."), "where")
    names: list[str] = option([], "who")
    sizes: list[int] = option([1], "how large")
    even: int = option("2", "no odd one", parse=even)
    maybe: int | None = option(None, "a number, or none")
    needed: str = option(help="nobody knows it but you")
    plain: str = "without more ado"


DECLARED = declared_by(Options)
PARSER = parser_for(DECLARED, "thing", "A thing.")


def from_line(*arguments):
    return from_arguments(DECLARED, PARSER, arguments)


def from_toml(**table):
    return from_table(DECLARED, table, "site.toml: [thing]", Path("/etc"))


def test_a_command_line_gives_what_it_names_and_nothing_else():
    assert from_line() == {}
    assert from_line("--text", "a b", "--count=7", "--share", "2", "--is-loud", "--path", "x/y") == {
        "text": "a b",
        "count": 7,
        "share": 2.0,
        "is_loud": True,
        "path": Path("x/y"),
    }
    assert from_line("--no-is-loud", "--maybe", "4", "--plain", "-") == {"is_loud": False, "maybe": 4, "plain": "-"}


def test_an_option_with_a_list_may_be_given_again():
    assert from_line("--names", "a", "--names", "b", "--sizes", "3") == {"names": ["a", "b"], "sizes": [3]}


def test_an_option_may_have_a_reader_of_its_own_and_so_has_its_default():
    assert from_line("--even", "4") == {"even": 4}
    assert Options(needed="x").even == 2


def test_two_sets_of_options_share_no_list():
    first, second = Options(needed="x"), Options(needed="x")
    first.sizes.append(2)
    assert second.sizes == [1]


def test_a_table_gives_the_same():
    assert from_toml(text="a", count=7, share=2, is_loud=True, path="x/y", sizes=[1, 2], even=4, maybe=4) == {
        "text": "a",
        "count": 7,
        "share": 2.0,
        "is_loud": True,
        "path": Path("/etc/x/y"),
        "sizes": [1, 2],
        "even": 4,
        "maybe": 4,
    }
    assert from_toml(path="/srv") == {"path": Path("/srv")}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--count", "many"], "thing: --count is a whole number, not 'many'"),
        (["--share", "half"], "thing: --share is a number, not 'half'"),
        (["--even", "3"], "thing: --even is an even number, not '3'"),
        (["--sizes", "1", "--sizes", "x"], "thing: --sizes is a whole number, not ['1', 'x']"),
        (["--cuont", "1"], "thing: unrecognized arguments: --cuont 1; see reactord thing --help"),
        (["--coun", "1"], "thing: unrecognized arguments: --coun 1; see reactord thing --help"),
        (["file"], "thing: unrecognized arguments: file; see reactord thing --help"),
        (["--count"], "thing: argument --count: expected one argument; see reactord thing --help"),
    ],
)
def test_a_command_line_that_cannot_be_read_is_told_why(arguments, message):
    with pytest.raises(ConfigurationError) as caught:
        from_line(*arguments)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("count", "7", "count is a whole number, not '7'"),
        ("count", True, "count is a whole number, not True"),
        ("count", 7.5, "count is a whole number, not 7.5"),
        ("share", "half", "share is a number, not 'half'"),
        ("text", 7, "text is text, not 7"),
        ("is_loud", 1, "is_loud is true or false, not 1"),
        ("path", ["x"], "path is a path, not ['x']"),
        ("sizes", 7, "sizes is a list, not 7"),
        ("sizes", [7, "x"], "sizes is a whole number, not [7, 'x']"),
        ("even", 3, "even is an even number, not 3"),
        ("even", True, "even is text, not True"),
        ("even", [2], "even is text, not [2]"),
    ],
)
def test_a_table_that_cannot_be_read_is_told_why_and_where(name, value, message):
    with pytest.raises(ConfigurationError) as caught:
        from_toml(**{name: value})
    assert str(caught.value) == f"site.toml: [thing]: {message}"


def test_a_table_with_an_option_that_is_none_is_told_which_there_are():
    with pytest.raises(ConfigurationError, match=r"site.toml: \[thing\]: there is no option 'cuont'; there are text, "):
        from_toml(cuont=1)


def test_help_shows_every_option_and_its_default():
    shown = PARSER.format_help()
    for part in ("--is-loud, --no-is-loud", "how many, 100% of them (default: 3)", "nobody knows it but you (must be"):
        assert part in " ".join(shown.split())


@pytest.mark.parametrize(
    ("text", "read"),
    [("8080", "tcp:8080"), ("0", "tcp:0"), ("unix:/tmp/s", "unix:/tmp/s"), ("tcp:80:interface=::1", None)],
)
def test_a_place_is_a_port_or_an_endpoint(text, read):
    assert place(text) == (read or text)


@pytest.mark.parametrize("text", ["", "http", "-1", "65536", "8o8o"])
def test_what_is_neither_is_refused(text):
    with pytest.raises(ValueError, match="port number"):
        place(text)


def test_options_are_declared_by_a_dataclass():
    with pytest.raises(TypeError, match="no dataclass"):
        declared_by(int)


def test_an_option_of_an_unknown_type_needs_a_reader():
    strange = dataclasses.make_dataclass("Strange", [("point", complex, option(0j))])
    with pytest.raises(TypeError, match=r"option 'point' is of type .*give it a `parse`"):
        declared_by(strange)
