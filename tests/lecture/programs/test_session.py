"""Reading session.txt."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from lecture.errors import LectureError
from lecture.programs.session import escape, parse_session, read_session, unescape

PATH = Path("examples/02_echo/session.txt")


def test_a_session_is_commands_with_the_lines_under_them():
    session = parse_session("# hello\n\n$ python a.py 'two words' &\none\n\n  two\n[exit 3]\n\n$ kill -INT %1\n", PATH)
    first, second = session.commands
    assert session.preamble == ("# hello", "")
    assert session.example == "02_echo"
    assert (first.text, first.argv) == ("python a.py 'two words' &", ("python", "a.py", "two words"))
    assert (first.line, first.background, first.status) == (3, True, 3)
    assert first.expected == ("one", "", "  two")
    assert (second.job, second.signal) == (1, "INT")


@pytest.mark.parametrize("typed", ["cat -n </dev/null", "cat -n < /dev/null &", "cat -n"])
def test_that_a_command_reads_nothing_may_be_said_and_is_so_anyway(typed):
    (command,) = parse_session(f"$ {typed}\n", PATH).commands
    assert (command.text, command.argv, command.background) == (typed, ("cat", "-n"), "&" in typed)


def test_a_daemon_is_killed_by_the_file_that_has_its_number():
    first, second = parse_session("$ kill `cat a.pid`\n$ kill -INT `cat run/b.pid`\n", PATH).commands
    assert (first.pid_file, first.signal, first.job) == ("a.pid", "TERM", None)
    assert (second.pid_file, second.signal, second.job) == ("run/b.pid", "INT", None)


def test_the_deadline_is_twenty_seconds_unless_a_comment_says_otherwise():
    assert parse_session("$ ls\n", PATH).deadline_s == 20
    assert parse_session("# slow one\n# deadline: 0.5\n$ ls\n", PATH).deadline_s == 0.5


def test_line_ends_of_windows_are_as_good():
    assert parse_session("$ ls\r\na\r\n", PATH).commands[0].expected == ("a",)


def test_a_line_with_a_backslash_is_output_though_it_looks_like_a_command():
    assert parse_session("$ ls\n\\$ 5\n\\[exit 1]\n\\\\$ x\n\\n\n", PATH).commands[0].expected == (
        "$ 5",
        "[exit 1]",
        "\\$ x",
        "\\n",
    )


def test_any_output_can_be_written_down_and_read_back():
    pieces = ["$", " ", "\\", "[exit 1]", "[..]", "x", "[exit "]
    seed = random.randrange(2**32)
    choose = random.Random(seed)
    for _ in range(500):
        line = "".join(choose.choices(pieces, k=choose.randrange(4))).rstrip()
        assert unescape(escape(line)) == line, f"seed {seed}"
        if line:
            assert parse_session(f"$ ls\n{escape(line)}\nend\n", PATH).commands[0].expected == (line, "end")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "no command"),
        ("# only a comment\n", 1, "no command"),
        ("# fine\nhello\n$ ls\n", 2, "before the first command"),
        ("$ ls\n$ \n", 2, "no command after"),
        ("$\n", 1, "no command after"),
        ("$ echo 'open\n", 1, "take .* apart"),
        ("$ ls\n$ cat a | grep b\n", 2, "needs a shell"),
        ("$ ls > file\n", 1, "needs a shell"),
        ("$ ls < file\n", 1, "needs a shell"),
        ("$ </dev/null\n", 1, "needs a shell"),
        ("$ ls </dev/null x\n", 1, "needs a shell"),
        ("$ ls; ls\n", 1, "needs a shell"),
        ("$ ls && ls\n", 1, "needs a shell"),
        ("$ ls &&\n", 1, "needs a shell"),
        ("$ ls & ls\n", 1, "needs a shell"),
        ("$ ls\n[exit 1]\nmore\n", 2, "not a status on the last line"),
        ("$ ls\n[exit one]\n", 2, "not a status"),
        ("# deadline: soon\n$ ls\n", 1, "deadline 'soon'"),
        ("#\n# deadline: -1\n$ ls\n", 2, "deadline '-1'"),
        ("# deadline: nan\n$ ls\n", 1, "deadline 'nan'"),
        ("$ kill 1\n", 1, "cannot understand"),
        ("$ kill\n", 1, "cannot understand"),
        ("$ ls &\n$ kill -STOP %1\n", 2, "cannot understand"),
        ("$ ls &\n$ wait -INT %1\n", 2, "cannot understand"),
        ("$ ls &\n$ wait %1 &\n", 2, "cannot understand"),
        ("$ ls\n$ kill %1\n", 2, "names job %1, but 0 were started"),
        ("$ kill %1\n$ ls &\n", 1, "names job %1"),
        ("$ kill -STOP `cat a.pid`\n", 1, "cannot understand"),
        ("$ kill `rm a.pid`\n", 1, "needs a shell"),
        ("$ ls `cat a.pid`\n", 1, "needs a shell"),
    ],
)
def test_a_malformed_session_names_the_line(text, line, message):
    with pytest.raises(LectureError, match=message) as caught:
        parse_session(text, PATH)
    assert caught.value.where.file == PATH
    assert caught.value.where.line == line


def test_a_session_that_is_not_utf_8_names_the_line(tmp_path):
    path = tmp_path / "session.txt"
    path.write_bytes(b"$ ls\n\xff\n")
    with pytest.raises(LectureError, match="UTF-8") as caught:
        read_session(path)
    assert caught.value.where.line == 2


def test_a_session_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(LectureError, match="cannot read the session: No such file"):
        read_session(tmp_path / "session.txt")


def test_whatever_text_it_is_given_the_reader_raises_only_its_own_error():
    pieces = [
        "$ ",
        "$",
        "\n",
        "# ",
        "deadline:",
        "[exit ",
        "1]",
        "kill",
        " %1",
        " &",
        "'",
        "\\",
        "[..]",
        "a",
        "\r",
        "\0",
    ]
    seed = random.randrange(2**32)
    choose = random.Random(seed)
    for _ in range(2000):
        text = "".join(choose.choices(pieces, k=choose.randrange(12)))
        try:
            parse_session(text, PATH)
        except LectureError as error:
            assert error.where.line >= 1
        except Exception as error:
            pytest.fail(f"seed {seed}: {text!r} raised {error!r}")


def test_what_stands_before_a_command_is_for_its_environment():
    command = parse_session("$ X=1 _Y='two words' python a.py Z=3 &\n", PATH).commands[0]
    assert (command.settings, command.argv) == ((("X", "1"), ("_Y", "two words")), ("python", "a.py", "Z=3"))
    assert command.is_python and command.background


@pytest.mark.parametrize("text", ["python a.py $HOME", "python a.py *.txt", "ls ~/x", "python a.py < b", "a ${X}"])
def test_what_only_a_shell_can_do_is_refused_with_the_way_to_do_it(text):
    with pytest.raises(LectureError, match=r"needs a shell.*write `sh -c '…'`"):
        parse_session(f"$ {text}\n", PATH)


@pytest.mark.parametrize("text", ["sh -c 'echo $HOME | cat *'", "python -c 'print(2 ** 3)'", "echo a~b 5$"])
def test_what_is_quoted_or_means_nothing_to_a_shell_is_left_alone(text):
    assert parse_session(f"$ {text}\n", PATH).commands[0].text == text


def test_a_setting_alone_is_no_command():
    with pytest.raises(LectureError, match="there is no command"):
        parse_session("$ X=1\n", PATH)
