"""The same programs on Twisted: how imports are rewritten, and what a difference gets."""

from pathlib import Path

import pytest

from lecture.errors import LectureError
from lecture.programs import Examples
from lecture.programs.against_twisted import check_on_twisted, for_twisted
from lecture.programs.progress import Progress

HERE = Path("server.py")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("from reactor import log, reactor", "from twisted.python import log; from twisted.internet import reactor"),
        ("from reactor.web.server import Site", "from twisted.web.server import Site"),
        (
            "from reactor import (\n    defer,\n    error,\n)\nx = 1",
            "from twisted.internet import (\n    defer,\n    error,\n)\nx = 1",
        ),
        ("import socket\nprint('from reactor import reactor')", "import socket\nprint('from reactor import reactor')"),
    ],
)
def test_only_imports_of_reactor_are_rewritten_and_lines_keep_their_numbers(ours, theirs):
    assert for_twisted(ours, HERE) == theirs


@pytest.mark.parametrize(
    "source", ["from reactor import nothing", "import reactor", "from reactor.defer import nothing"]
)
def test_what_has_no_twin_is_an_error_with_its_line(source):
    with pytest.raises(LectureError, match=r"^server\.py:2: .*reactor.*: "):
        for_twisted("x = 1\n" + source, HERE)


@pytest.fixture
def example(tmp_path):
    """Writes an example of one program and checks it on Twisted; what was wrong comes back, or None."""

    def check(program, session):
        folder = tmp_path / "examples" / "01_one"
        folder.mkdir(parents=True)
        (folder / "one.py").write_text(program)
        (folder / "session.txt").write_text(session)
        [check] = check_on_twisted(Examples(tmp_path / "examples", tmp_path / "cache"), 1, Progress())
        assert check.path == folder / "session.txt"
        return str(check.error) if check.error else None

    return check


WHOSE = "from reactor import reactor\nprint(type(reactor).__module__.split('.')[0])\n"


def test_a_program_that_prints_the_same_holds(example):
    assert example(WHOSE, "$ python one.py\ntwisted\n") is None


def test_a_difference_names_session_and_line_and_shows_itself(example):
    error = example(WHOSE, "# whose?\n$ python one.py\nreactor\n")
    assert "session.txt:3: on Twisted, `python one.py` printed something else" in error
    assert "-reactor\n+twisted" in error


def test_the_runner_is_twistd_there(example):
    program = "from reactor.application import service\napplication = service.Application('nothing')\n"
    session = "$ reactord -y one.py\n$ cat reactord.pid\n[..]\n$ kill `cat reactord.pid`\n"
    assert example(program, session) is None


def test_a_difference_with_its_reason_is_none(example):
    assert example(WHOSE, "# not on Twisted: it is ours\n$ python one.py\nreactor\n") is None


def test_a_reason_without_a_difference_is_an_error(example):
    error = example("print('hello')\n", "# not on Twisted: so we thought\n$ python one.py\nhello\n")
    assert "session.txt:1: it holds on Twisted too: remove `# not on Twisted: so we thought`" in error


def test_a_module_of_our_own_needs_a_reason(example):
    error = example("from reactor import loop\n", "$ python one.py\n")
    assert "one.py:1: on Twisted, reactor.loop: twisted.internet has no loop" in error


def test_a_module_of_our_own_with_a_reason_holds(example):
    assert example("from reactor import loop\n", "# not on Twisted: ours alone\n$ python one.py\n") is None
