"""Our SSH client at servers that mean harm: nonsense, silence, and what comes after the end."""

import asyncssh
import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has another", allow_module_level=True)

from reactor.conch.endpoints import ExistingConnection, SSHCommandClientEndpoint
from reactor.conch.error import ConchError
from reactor.conch.ssh.loop import loop_of
from reactor.error import ConnectionLost, ProcessTerminated, TimeoutError
from reactor.protocol import Protocol
from tests.conch.ssh_servers import connected, creator, result
from tests.support.loopback import run_until


class Harmful(Protocol):
    """Says what a test wants, once or for ever."""

    says, again = b"", False

    def connectionMade(self):
        self.transport.write(self.says)
        if self.again:
            self.transport.registerProducer(self, False)

    def resumeProducing(self):
        self.transport.write(self.says * 100)

    def stopProducing(self):
        pass


VERSION = b"SSH-2.0-harm\r\n"


@pytest.mark.parametrize(
    ("says", "again"),
    [
        (b"hello\r\n", True),
        (b"x" * 1000, True),
        (b"\x00\xff" * 500 + b"\n", True),
        (b"SSH-1.5-old\r\n", False),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", True),
        (VERSION + b"\xff\xff\xff\xff" + b"x" * 100, True),
        (VERSION + b"\x00\x00\x00\x00", True),
        (VERSION + b"\x00\x00\x00\x0c\xff" + b"x" * 11, True),
        (VERSION + b"\x00\x00\x00\x0c\x0a\x14" + b"x" * 10, True),
        (VERSION + b"\x00\x00\x00\x0c\x0a\x01" + b"x" * 10, True),
    ],
    ids=["banner", "line", "binary", "old", "web", "4GiB", "0", "padding", "kexinit", "disconnect"],
)
def test_nonsense_is_an_error_long_before_the_time_is_up(one_reactor, serve, says, again):
    port = serve(None, lambda: talker(says, again))
    with pytest.raises(ConchError) as caught:
        result(one_reactor, creator(one_reactor, port).secureConnection())
    assert str(caught.value).isprintable()


def talker(says, again):
    made = Harmful()
    made.says, made.again = says, again
    return made


@pytest.mark.parametrize("says", [b"", b"SSH-2.0-si", VERSION, VERSION + b"\x00\x00\x00\x0c\x0a"])
def test_a_server_that_falls_silent_is_an_error_when_the_time_is_up(one_reactor, serve, says):
    port = serve(None, lambda: talker(says, False))
    with pytest.raises(TimeoutError, match=r"the SSH server has taken longer than 0.05 s"):
        result(one_reactor, creator(one_reactor, port, timeout=0.05).secureConnection())


class Silent(asyncssh.SSHServer):
    """Lets everybody in, and then says nothing."""

    def __init__(self, waiting):
        self.waiting = waiting

    def begin_auth(self, username):
        return False

    async def session_requested(self):
        return await self.waiting


def test_a_channel_that_is_never_opened_is_an_error_when_the_time_is_up(one_reactor, serve):
    waiting = loop_of(one_reactor).create_future()
    connection = result(one_reactor, creator(one_reactor, serve(lambda: Silent(waiting))).secureConnection())
    endpoint = SSHCommandClientEndpoint(ExistingConnection(connection, timeout=0.05), "moo")
    with pytest.raises(TimeoutError, match="longer than"):
        connected(one_reactor, endpoint)
    waiting.set_result(False)
    connection.abort()


class Talkative(asyncssh.SSHServer):
    """Lets everybody in, and after the end of a channel still talks about it."""

    def begin_auth(self, username):
        return False

    def __init__(self, how_often):
        self.how_often = how_often

    def session_requested(self):
        return TalksOn(self.how_often)


class TalksOn(asyncssh.SSHServerSession):
    def __init__(self, how_often):
        self.how_often = how_often

    def connection_made(self, chan):
        self.chan = chan

    def exec_requested(self, command):
        return True

    def session_started(self):
        self.chan.write("in time")
        number = asyncssh.packet.UInt32(7)
        for _ in range(self.how_often):
            self.chan._send_request(b"exit-status", number)
        self.chan.close()
        if self.how_often == 1:
            self.chan.send_packet(asyncssh.constants.MSG_CHANNEL_DATA, asyncssh.packet.String(b"too late"))


@pytest.mark.parametrize("how_often", [1, 2])
def test_data_after_the_end_or_a_second_exit_status_ends_the_connection_and_is_heard_once(
    one_reactor, serve, how_often
):
    endpoint = SSHCommandClientEndpoint(creator(one_reactor, serve(lambda: Talkative(how_often))), "moo")
    protocol = connected(one_reactor, endpoint)
    run_until(one_reactor, lambda: protocol.lost)
    until_idle_with_port(one_reactor)
    (reason,) = protocol.lost
    assert isinstance(reason, ConnectionLost if how_often == 2 else ProcessTerminated | ConnectionLost)
    assert b"in time".startswith(protocol.data)


def until_idle_with_port(reactor):
    """Until only a listening port is open, and the watchdog waits."""
    run_until(reactor, lambda: len(reactor.transports) == 1 and len(reactor.getDelayedCalls()) <= 1)
