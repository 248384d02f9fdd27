"""The line editor: what is on the screen after any keys is what it holds; and it holds what Twisted's does."""

import random

import pytest

from reactor.conch.insults.insults import ServerProtocol
from reactor.conch.recvline import HistoricRecvLine, RecvLine, columns_of
from reactor.testing import StringTransport
from tests.conch.screen import Screen
from tests.support import oracle

UP, DOWN, RIGHT, LEFT, HOME, END = (b"\x1b[" + key for key in (b"A", b"B", b"C", b"D", b"H", b"F"))
INSERT, DELETE, BACKSPACE = b"\x1b[2~", b"\x1b[3~", b"\x7f"


def lines_of(kind):
    class Noting(kind):
        def connectionMade(self):
            self.lines = []
            super().connectionMade()

        def lineReceived(self, line):
            self.lines.append(line)
            self.terminal.write(self.ps[self.pn])

    return Noting


def editor(kind=HistoricRecvLine, **attributes):
    server = ServerProtocol(lines_of(kind))
    server.makeConnection(StringTransport())
    vars(server.terminalProtocol).update(attributes)
    return server


def typed(*keys, kind=HistoricRecvLine):
    server = editor(kind)
    for key in keys:
        server.dataReceived(key)
    return server.terminalProtocol


@pytest.mark.parametrize(
    "keys, line",
    [
        ([b"soup"], "soup"),
        ([b"sup", LEFT, LEFT, b"o"], "soup"),
        ([b"oup", HOME, b"s", END, b"!"], "soup!"),
        ([b"soupx", BACKSPACE], "soup"),
        ([b"xsoup", HOME, DELETE], "soup"),
        ([b"soux", INSERT, LEFT, b"ps"], "soups"),
        ([b"soux", INSERT, INSERT, LEFT, b"p"], "soupx"),
        ([b"a\tb"], "a   b"),
        ([LEFT, RIGHT, BACKSPACE, DELETE, b"\b", b"x"], "x"),
        (["好é".encode(), LEFT, LEFT, b"a", RIGHT, DELETE], "a好"),
        (["e\u0301x".encode(), LEFT, BACKSPACE], "x"),
        (["\u0301".encode(), b"x"], "x"),
        ([b"garbage\x15soup"], "soup"),
        (["a\u202eb\u200d".encode() + b"\x01\x1b[99~"], "ab"),
    ],
)
def test_keys_edit_the_line(keys, line):
    assert typed(*keys, b"\r", kind=RecvLine).lines == [line.encode()]


def test_the_history_is_gone_through_up_and_down():
    editor = typed(b"one\r", b"two\r", UP, UP, UP, b"!\r", UP, UP, DOWN, DOWN, DOWN, b"new", UP, DOWN, b"er\r")
    assert editor.lines == [b"one", b"two", b"one!", b"newer"]
    assert editor.currentHistoryBuffer()[0][:3] == (b"one", b"two", b"one!")


def test_the_prompt_and_the_line_are_drawn_anew_when_the_size_changes():
    server = editor()
    server.dataReceived(b"soup" + LEFT)
    server.terminalProtocol.terminalSize(132, 50)
    screen = Screen(server.transport.value())
    assert screen.lines[0].rstrip() == ">>> soup" and screen.column == 7
    assert (server.terminalProtocol.width, server.terminalProtocol.height) == (132, 50)


def test_a_line_and_a_history_that_are_full_take_no_more():
    server = editor(mostCharacters=5, mostLines=3)
    server.dataReceived(b"123456\r")
    assert server.terminalProtocol.lines == [b"12345"] and b"\a" in server.transport.value()
    for number in range(10):
        server.dataReceived(b"%d\r" % number)
    assert server.terminalProtocol.historyLines == [b"7", b"8", b"9"]


@pytest.mark.skipif(oracle.installed(), reason="Twisted's history has no bound")
def test_the_bytes_of_a_history_are_bounded():
    server = editor(mostHistory=10)
    server.dataReceived(b"1234\r5678\r90\rabc\r")
    assert server.terminalProtocol.historyLines == [b"5678", b"90", b"abc"]
    server.dataReceived(b"a line of more than ten bytes" + UP + b"\r" + UP)
    assert server.terminalProtocol.currentLineBuffer()[0] == b"a line of more than ten bytes"


@pytest.mark.skipif(oracle.installed(), reason="Twisted's line is a list of bytes, without a bound")
def test_marks_above_one_character_are_bounded():
    server = editor(mostBytes=5)
    server.dataReceived(b"e" + "\u0301".encode() * 10_000 + b"\r")
    assert server.terminalProtocol.lines == ["e\u0301\u0301".encode()] and b"\a" in server.transport.value()


@pytest.mark.skipif(oracle.installed(), reason="Twisted's history has no bound")
def test_lines_that_are_left_by_UP_are_in_the_bound_of_the_history():
    server = editor(mostLines=3)
    server.dataReceived((b"x" + UP + DOWN + DOWN) * 50)
    assert server.terminalProtocol.historyLines == [b"x"] * 3
    server.dataReceived(b"y" + UP)
    assert server.terminalProtocol.currentLineBuffer() == (b"x", b"")


@pytest.mark.parametrize(
    "nonsense", [b"\xed\xa0\x80", b"\xe0\x80\x80", b"\xf0\x80\x80\x80", b"\xf4\x90\x80\x80", b"\x1b\xed"]
)
def test_what_only_looks_like_UTF_8_is_never_in_a_line_nor_in_the_history(nonsense):
    server = editor()
    server.dataReceived(b"a" + nonsense + b"b\r" + UP)
    assert server.terminalProtocol.lines == [b"ab"]
    assert server.terminalProtocol.currentLineBuffer() == (b"ab", b"")


def test_columns_are_counted_as_a_terminal_does():
    assert [columns_of(it.encode()) for it in ("a", "é", "好", "Ａ", "\u0301")] == [1, 1, 2, 2, 0]


KEYS = [b"a", b"b", "é".encode(), "好".encode(), "e\u0301".encode(), b"\t", b"\x15"]
KEYS += [LEFT, RIGHT, HOME, END, INSERT, DELETE, BACKSPACE, UP, DOWN, b"\r"]


@pytest.mark.parametrize("seed", range(40))
def test_the_screen_shows_the_line_whatever_was_typed(seed):
    dice = random.Random(seed)
    server = editor(mostCharacters=20)
    for _ in range(120):
        server.dataReceived(dice.choice(KEYS))
        before, behind = server.terminalProtocol.currentLineBuffer()
        screen = Screen(server.transport.value())
        assert screen.line() == ">>> " + (before + behind).decode()
        assert screen.column == 4 + sum(columns_of(it.encode()) for it in before.decode())


@pytest.mark.parametrize("seed", range(20))
def test_twisted_s_editor_gets_the_same_lines(seed):
    if oracle.installed():
        pytest.skip("that would be Twisted beside itself")
    theirs = pytest.importorskip("twisted.conch.recvline")
    insults = pytest.importorskip("twisted.conch.insults.insults")
    dice = random.Random(seed)
    keys = [b"a", b"b", LEFT, RIGHT, HOME, END, INSERT, DELETE, BACKSPACE, UP, DOWN, b"\r"]
    got = []
    stream = dice.choices(keys, k=150)
    for server in (
        ServerProtocol(lines_of(HistoricRecvLine)),
        insults.ServerProtocol(lines_of(theirs.HistoricRecvLine)),
    ):
        server.makeConnection(StringTransport())
        for key in stream:
            server.dataReceived(key)
        got.append(server.terminalProtocol.lines)
    assert got[0] == got[1]
