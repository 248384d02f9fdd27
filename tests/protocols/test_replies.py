"""Three-digit replies, and a client's commands."""

import random

import pytest

from reactor.error import ConnectionDone
from reactor.failure import Failure
from reactor.testing import StringTransport
from tests.support import oracle
from tests.support.outcomes import failure_of, is_waiting, result_of

if oracle.installed():
    pytest.skip("Twisted has no reader of replies of its own", allow_module_level=True)

from reactor.protocols.basic import CommandClient, Reply, ReplyError, ReplyReader


def read(*lines, **options):
    reader = ReplyReader(**options)
    return [reply for line in lines if (reply := reader.feed(line)) is not None]


@pytest.mark.parametrize(
    "lines, reply",
    [
        ([b"250 ok"], Reply(250, (b"ok",))),
        ([b"250"], Reply(250, (b"",))),
        ([b"250-one", b"250-", b"250 three"], Reply(250, (b"one", b"", b"three"))),
        ([b"599-x", b"599"], Reply(599, (b"x", b""))),
    ],
)
def test_a_reply_is_one_line_or_many(lines, reply):
    assert read(*lines) == [reply]
    assert reply.text == b"\n".join(reply.lines)


@pytest.mark.parametrize("line", [b"", b"25", b"25x ok", b"650 ok", b"050 ok", b"250_ok", b"2500", "²50 ok".encode()])
def test_what_is_no_reply_is_an_error(line):
    with pytest.raises(ReplyError, match="a reply begins with three digits"):
        read(line)


def test_a_line_with_another_code_is_an_error_and_the_next_reply_is_read():
    reader = ReplyReader()
    reader.feed(b"250-one")
    with pytest.raises(ReplyError, match=r"begins with 250.*unlike b'251 two'"):
        reader.feed(b"251 two")
    assert reader.feed(b"220 hello") == Reply(220, (b"hello",))


def test_FTP_may_have_anything_between_the_first_and_the_last_line():
    lines = [b"211-files", b" a", b"", b"999 bottles", b"211-not yet", b"211 end"]
    assert read(*lines, free_lines=True) == [Reply(211, (b"files", b" a", b"", b"999 bottles", b"not yet", b"end"))]


def test_the_bytes_of_a_reply_have_a_limit():
    """A thousand lines of 64 KiB, and a client kept 65 MB."""
    reader = ReplyReader(free_lines=True)
    reader.feed(b"211-help")
    with pytest.raises(ReplyError, match="a reply 211 has more than 262144 bytes"):
        for _ in range(5):
            reader.feed(b"x" * 65536)
    assert reader.feed(b"220 hello") == Reply(220, (b"hello",))


def test_a_reply_has_a_limit():
    reader = ReplyReader()
    with pytest.raises(ReplyError, match="a reply 250 has more than 1000 lines"):
        for _ in range(1001):
            reader.feed(b"250-more")
    assert reader.feed(b"250 ok") == Reply(250, (b"ok",))


def test_random_lines_are_replies_or_errors_of_that_one_kind():
    randoms = random.Random(3)
    for free in (False, True):
        reader = ReplyReader(free)
        for _ in range(5000):
            line = bytes(randoms.choice(b"0259- \x80a") for _ in range(randoms.randrange(8)))
            try:
                reader.feed(line)
            except ReplyError:
                pass


@pytest.fixture
def client():
    client = CommandClient()
    client.makeConnection(StringTransport())
    return client


def test_a_command_waits_for_the_reply_of_the_one_before_it(client):
    one, two = client.sendCommand(b"ONE"), client.sendCommand(b"TWO")
    assert client.transport.value() == b"ONE\r\n"
    client.dataReceived(b"250-a\r\n25")
    assert is_waiting(one)
    client.dataReceived(b"0 b\r\n")
    assert client.transport.value() == b"ONE\r\nTWO\r\n"
    client.dataReceived(b"500 no\r\n")
    assert result_of(two) == Reply(500, (b"no",))


def test_pipelined_commands_are_sent_at_once_and_answered_in_order(client):
    client.pipelined = True
    replies = [client.sendCommand(command) for command in (b"ONE", b"TWO", b"THREE")]
    assert client.transport.value() == b"ONE\r\nTWO\r\nTHREE\r\n"
    client.dataReceived(b"201 a\r\n202 b\r\n203 c\r\n")
    assert [result_of(reply).code for reply in replies] == [201, 202, 203]


def test_a_greeting_comes_before_the_first_command(client):
    greeting = client.expectReply()
    client.sendCommand(b"EHLO")
    assert client.transport.value() == b""
    client.dataReceived(b"220 hello\r\n")
    assert result_of(greeting).code == 220
    assert client.transport.value() == b"EHLO\r\n"


def test_a_command_may_have_a_second_reply_before_the_next_is_sent(client):
    second = []
    client.sendCommand(b"RETR").addCallback(lambda reply: second.append(client.expectReply()))
    client.sendCommand(b"QUIT")
    client.dataReceived(b"150 here it comes\r\n")
    assert client.transport.value() == b"RETR\r\n"
    client.dataReceived(b"226 done\r\n")
    assert result_of(second[0]).code == 226
    assert client.transport.value() == b"RETR\r\nQUIT\r\n"


@pytest.mark.parametrize("command", [b"a\rb", b"a\nb", b"a\0b", b"RCPT TO:<x>\r\nDATA"])
def test_a_command_with_another_in_it_is_refused(client, command):
    with pytest.raises(ValueError, match="has CR, LF or NUL in it"):
        client.sendCommand(command)
    assert client.transport.value() == b""


def test_a_reply_to_no_command_closes(client):
    client.dataReceived(b"421 going down\r\n")
    assert client.transport.disconnecting


@pytest.mark.parametrize("pipelined", [False, True])
def test_a_reply_too_many_closes(client, pipelined):
    client.pipelined = pipelined
    client.sendCommand(b"ONE")
    client.dataReceived(b"250 ok\r\n250 ok\r\n")
    assert client.transport.disconnecting


def test_what_is_no_reply_closes(client):
    client.sendCommand(b"ONE")
    client.dataReceived(b"HTTP/1.1 400 Bad Request\r\n")
    assert client.transport.disconnecting


def test_a_lost_connection_fails_all_that_wait(client):
    replies = [client.sendCommand(b"ONE"), client.sendCommand(b"TWO")]
    client.connectionLost(Failure(ConnectionDone()))
    assert [failure_of(reply).check(ConnectionDone) for reply in replies] == [ConnectionDone] * 2


def test_a_command_after_the_end_fails_at_once(client):
    client.connectionLost(Failure(ConnectionDone()))
    failure_of(client.sendCommand(b"NOOP"), ConnectionDone)
    failure_of(client.expectReply(), ConnectionDone)


def test_there_is_a_limit_to_waiting_commands(client):
    client.MAX_COMMANDS = 2
    replies = [client.sendCommand(b"A"), client.sendCommand(b"B")]
    with pytest.raises(RuntimeError, match="2 commands wait for replies"):
        client.sendCommand(b"C")
    client.dataReceived(b"250 a\r\n")
    client.sendCommand(b"C")
    assert len(replies) == 2
