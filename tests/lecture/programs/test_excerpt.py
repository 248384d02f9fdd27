"""Pieces of programs, found by name."""

from __future__ import annotations

import pytest

from lecture.errors import LectureError
from tests.support.example_folder import Folder, place

PROGRAM = '''\
"""A server."""
import socket

GREETING = "hello"


# Sends back what it gets.
# Both ways.
@decorated
@twice(
    1)
class Echo:
    size = 10

    # One caller.
    async def received(self, data):
        # [answer]
        self.write(data)
        # [/answer]

        def inner():
            pass

    def lost(self): pass


# not above

def main():
    # [outer]
    first()
    # [loop]

    while True:
        step()

    # [/loop]
    # [/outer]
if main:
    def hidden(): pass
'''


@pytest.fixture
def examples(tmp_path):
    folder = Folder(tmp_path)
    folder.write("02_echo", "$ python server.py\n", server=PROGRAM)
    return folder.examples()


def test_a_class_comes_with_its_decorators_and_the_comments_above_it(examples):
    excerpt = examples.excerpt("02_echo/server.py", "Echo")
    assert excerpt.text.startswith(
        "# Sends back what it gets.\n# Both ways.\n@decorated\n@twice(\n    1)\nclass Echo:\n"
    )
    assert excerpt.text.endswith("    def lost(self): pass\n")
    assert (excerpt.first_line, excerpt.last_line, excerpt.language) == (7, 24, "python")
    assert "[answer]" not in excerpt.text


def test_a_method_is_dedented(examples):
    excerpt = examples.excerpt("02_echo/server.py", "Echo.received")
    assert excerpt.text.startswith(
        "# One caller.\nasync def received(self, data):\n    self.write(data)\n\n    def inner"
    )
    assert (excerpt.first_line, excerpt.last_line) == (15, 22)


@pytest.mark.parametrize(("name", "line"), [("main", 29), ("hidden", 40), ("Echo.received.inner", 21)])
def test_functions_are_found_wherever_they_are_defined(examples, name, line):
    assert examples.excerpt("02_echo/server.py", name).first_line == line


def test_a_marked_region_is_dedented_and_loses_the_markers_inside_it(examples):
    assert examples.excerpt("02_echo/server.py", "loop").text == "while True:\n    step()\n"
    outer = examples.excerpt("02_echo/server.py", "outer")
    assert outer.text == "first()\n\nwhile True:\n    step()\n"
    assert (outer.first_line, outer.last_line) == (31, 35)


def test_a_whole_file_comes_without_markers(examples):
    excerpt = examples.excerpt("02_echo/server.py")
    assert excerpt.text == "".join(line for line in PROGRAM.splitlines(True) if "# [" not in line)


def test_a_file_that_is_not_python_has_its_language(examples):
    (examples.root / "02_echo" / "page.html").write_text("<p>\n")
    assert examples.excerpt("02_echo/page.html").language == "html"


@pytest.mark.parametrize(
    ("file", "name", "message"),
    [
        ("02_echo/sever.py", None, "no program '02_echo/sever.py' in .*did you mean '02_echo/server.py'"),
        ("../secret.py", None, "no program"),
        (
            "02_echo/server.py",
            "Ecko",
            "no 'Ecko' in 02_echo/server.py; did you mean 'Echo'\\?; it has Echo, Echo.received",
        ),
        ("02_echo/server.py", "lost", "did you mean 'Echo.lost'"),
        ("02_echo/server.py", "lop", "did you mean 'loop'"),
    ],
)
def test_a_missing_name_gets_a_hint_and_the_list_of_names(examples, file, name, message):
    (examples.root.parent / "secret.py").touch()
    with pytest.raises(LectureError, match=message):
        examples.excerpt(file, name)


@pytest.mark.parametrize(
    ("program", "name", "line", "message"),
    [
        ("def f(): pass\ndef f(): pass\n", "f", 2, "'f' could mean 2 pieces, at lines 1, 2"),
        ("def f(): pass\n# [f]\n1\n# [/f]\n", "f", 3, "could mean 2"),
        ("# [a]\n1\n# [/a]\n# [a]\n2\n# [/a]\n", "a", 5, "could mean 2"),
        ("# [a]\n# [b]\n# [/a]\n# [/b]\n", None, 3, r"\[/a\] closes no region here: \[b\] of line 2 is still open"),
        ("1\n# [/a]\n", None, 2, "nothing is open"),
        ("1\n# [a]\n", None, 2, r"\[a\] is never closed"),
        ("x = 1\ndef f(:\n", "f", 2, "not valid Python"),
    ],
)
def test_what_cannot_be_found_without_guessing_names_file_and_line(tmp_path, program, name, line, message):
    folder = Folder(tmp_path)
    folder.write("a", p=program)
    with pytest.raises(LectureError, match=message) as caught:
        folder.examples().excerpt("a/p.py", name)
    assert place(caught.value) == ("p.py", line)


def test_a_file_that_is_no_text_names_the_line(tmp_path):
    folder = Folder(tmp_path)
    (folder.write("a") / "p.py").write_bytes(b"ok\n\xff\n")
    with pytest.raises(LectureError, match="UTF-8") as caught:
        folder.examples().excerpt("a/p.py")
    assert place(caught.value) == ("p.py", 2)
