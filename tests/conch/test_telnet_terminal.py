"""A person's terminal: its options, its size, its names, its variables; and commands that stand for keys."""

import pytest

from reactor.conch.telnet import (
    ACCEPTED,
    AYT,
    CHARSET,
    DO,
    ECHO,
    IAC,
    INFO,
    IP,
    IS,
    LINEMODE,
    LINEMODE_EOF,
    MODE,
    NAWS,
    NEW_ENVIRON,
    REJECTED,
    REQUEST,
    SB,
    SE,
    SEND,
    SGA,
    TTYPE,
    WILL,
    TelnetBootstrapProtocol,
)
from reactor.conch.telnet.terminal import read_environment
from reactor.error import ConnectionDone
from reactor.failure import Failure
from reactor.protocol import Protocol
from tests.conch.telnet_doubles import connected


class Keys(Protocol):
    """Notes the keys. It is told the size itself, as it has no terminalProtocol."""

    def __init__(self):
        self.keys, self.sizes, self.ends = b"", [], 0

    def dataReceived(self, data):
        self.keys += data

    def terminalSize(self, width, height):
        self.sizes.append((width, height))

    def connectionLost(self, reason):
        self.ends += 1


@pytest.fixture
def terminal():
    return connected(TelnetBootstrapProtocol(Keys))


def about(option, data):
    return IAC + SB + option + data.replace(IAC, IAC + IAC) + IAC + SE


def answer(telnet, data):
    telnet.transport.clear()
    telnet.dataReceived(data)
    return telnet.transport.value()


def test_keys_come_at_once_and_without_an_echo(terminal):
    asked = terminal.transport.value()
    assert asked == b"".join(IAC + DO + option for option in (LINEMODE, NAWS, SGA, TTYPE)) + b"".join(
        IAC + WILL + option for option in (ECHO, SGA, CHARSET)
    )
    assert answer(terminal, IAC + WILL + LINEMODE) == about(LINEMODE, MODE + b"\0")
    assert answer(terminal, IAC + DO + ECHO + IAC + WILL + SGA + b"k\r\0") == b""
    assert terminal.protocol.protocol.keys == b"k\r"


def test_the_size_of_the_window_is_told(terminal):
    terminal.dataReceived(
        IAC + WILL + NAWS + about(NAWS, b"\0\x84\0\xff") + about(NAWS, b"\0\0\0\0") + about(NAWS, b"a")
    )
    assert terminal.protocol.protocol.sizes == [(132, 255)]


def test_names_are_asked_for_until_one_comes_twice(terminal):
    assert answer(terminal, IAC + WILL + TTYPE) == about(TTYPE, SEND)
    assert answer(terminal, about(TTYPE, IS + b"XTERM")) == about(TTYPE, SEND)
    assert answer(terminal, about(TTYPE, IS + b"VT100")) == about(TTYPE, SEND)
    assert answer(terminal, about(TTYPE, IS + b"VT100")) == b""
    assert terminal.protocol.terminalTypes == [b"XTERM", b"VT100"]
    for number in range(100):
        terminal.dataReceived(about(TTYPE, IS + b"%d" % number))
    assert len(terminal.protocol.terminalTypes) == 16


def test_variables_are_read_if_asked_for_and_kept_to_themselves():
    class Curious(TelnetBootstrapProtocol):
        asks = (NEW_ENVIRON,)

    terminal = connected(Curious(Keys))
    assert answer(terminal, IAC + WILL + NEW_ENVIRON) == about(NEW_ENVIRON, SEND)
    terminal.dataReceived(about(NEW_ENVIRON, IS + b"\0USER\1-f root\3LD_PRELOAD\1/tmp/x\0EMPTY\1\0NONE"))
    terminal.dataReceived(about(NEW_ENVIRON, INFO + b"\0USER\1an\2\1n\xff"))
    terminal.dataReceived(about(NEW_ENVIRON, SEND) + about(NEW_ENVIRON, b""))
    assert terminal.protocol.environment == {
        b"USER": b"an\1n\xff",
        b"LD_PRELOAD": b"/tmp/x",
        b"EMPTY": b"",
        b"NONE": None,
    }
    for number in range(100):
        terminal.dataReceived(about(NEW_ENVIRON, INFO + b"\0%d" % number))
    assert len(terminal.protocol.environment) == 16


@pytest.mark.parametrize("data", [b"", b"\1\1", b"\2", b"\0", b"\0a\1b\2", b"\0a\1b\1c", b"USER\1x"])
def test_variables_that_make_no_sense_do_no_harm(data):
    assert len(read_environment(data)) <= 1


def test_utf_8_is_agreed_on_by_either_side(terminal):
    assert answer(terminal, IAC + DO + CHARSET) == about(CHARSET, REQUEST + b";UTF-8")
    terminal.dataReceived(about(CHARSET, ACCEPTED + b"UTF-8"))
    assert terminal.protocol.charset == b"UTF-8"
    assert answer(terminal, about(CHARSET, REQUEST + b" KOI8-R utf-8")) == about(CHARSET, ACCEPTED + b"UTF-8")
    for unknown in (b";KOI8-R", b"", b";"):
        assert answer(terminal, about(CHARSET, REQUEST + unknown)) == about(CHARSET, REJECTED)
    assert answer(terminal, about(CHARSET, REJECTED)) == b""


def test_commands_stand_for_keys(terminal):
    assert answer(terminal, b"a" + IAC + IP + b"b" + IAC + LINEMODE_EOF) == b""
    assert terminal.protocol.protocol.keys == b"a\x03b\x04"
    assert answer(terminal, IAC + AYT) == b"\r\n[yes]\r\n"


def test_the_protocol_learns_of_the_end_once(terminal):
    keys = terminal.protocol.protocol
    terminal.connectionLost(Failure(ConnectionDone()))
    assert keys.ends == 1


def test_the_protocol_writes_and_closes_by_it(terminal):
    terminal.transport.clear()
    terminal.protocol.protocol.transport.writeSequence([b"a\n", b"\xff"])
    terminal.protocol.protocol.transport.loseConnection()
    assert terminal.transport.value() == b"a\r\n\xff\xff" and terminal.transport.disconnecting
    assert terminal.protocol.getPeer().host == "127.0.0.1"
