"""Finger: what Twisted's server does, and what it leaves to the program."""

import os

import pytest

from reactor.protocols.finger import Finger
from reactor.testing import StringTransport
from tests.support import oracle

own = pytest.mark.own_promise


def asked(line, protocol=None):
    protocol = protocol or Finger()
    protocol.makeConnection(StringTransport())
    protocol.dataReceived(line)
    return protocol.transport.value(), protocol.transport.disconnecting


@pytest.mark.parametrize(
    "line, answer",
    [
        (b"moshez\r\n", b"Login: moshez\nNo such user\n"),
        (b"/W moshez\r\n", b"Login: moshez\nNo such user\n"),
        (b"\r\n", b"Finger online list denied\n"),
        (b"moshez@example.com\r\n", b"Finger forwarding service denied\n"),
        (b"moshez@a@b\r\n", b"Finger forwarding service denied\n"),
        (b"@example.com\r\n", b"Finger forwarding service denied\n"),
    ],
)
@pytest.mark.parametrize("size", [1, 100])
def test_a_server_that_knows_nobody_says_so_and_refuses_the_rest(line, answer, size):
    protocol = Finger()
    protocol.makeConnection(StringTransport())
    for place in range(0, len(line), size):
        protocol.dataReceived(line[place : place + size])
    assert (protocol.transport.value(), protocol.transport.disconnecting) == (answer, True)


@pytest.mark.parametrize(
    "line, call",
    [
        (b"alice\r\n", ("getUser", 0, b"alice")),
        (b"/W alice\r\n", ("getUser", 1, b"alice")),
        (b"\r\n", ("getDomain", 0)),
        pytest.param(b"alice@a@b\r\n", ("forwardQuery", 0, b"alice@a", b"b"), marks=own("Twisted cuts the host off")),
        pytest.param(b"/W @a\r\n", ("forwardQuery", 1, b"", b"a"), marks=own("Twisted cuts the host off")),
    ],
)
def test_a_query_becomes_one_of_three_calls(line, call):
    calls = []

    class Noting(Finger):
        def getUser(self, *args):
            calls.append(("getUser", *args))

        def getDomain(self, *args):
            calls.append(("getDomain", *args))

        def forwardQuery(self, *args):
            calls.append(("forwardQuery", *args))

    asked(line, Noting())
    assert calls == [call]


@own("Twisted takes /W alone for the name of a user")
def test_W_alone_asks_for_everybody_and_for_more():
    assert asked(b"/W\r\n")[0] == b"Finger online list denied\n"


@own("Twisted waits for CRLF")
def test_a_line_may_end_with_LF_alone():
    assert asked(b"moshez\n")[0] == b"Login: moshez\nNo such user\n"


@own("Twisted takes 16 KiB, and answers each line")
def test_the_worm_of_1988_gets_no_further_than_512_bytes():
    assert asked(b"x" * 536) == (b"", True)
    assert asked(b"x" * 512 + b"\n")[0].startswith(b"Login: xxx")


@own("Twisted answers each line")
def test_a_second_query_is_ignored():
    assert asked(b"a\r\nb\r\nc\r\n")[0] == b"Login: a\nNo such user\n"


@own("Twisted sends the terminal what the peer sent")
def test_control_characters_of_a_name_are_not_sent_back():
    assert asked(b"\x1b[2Jalice\x07\xc2\x9b\r\n")[0] == b"Login: [2Jalice\nNo such user\n"


@own("Twisted sends the terminal what the peer sent")
@pytest.mark.parametrize("name", [b"\xc2\0\x9b2J", b"\xc2\xc2\x9b\x9b2J", b"\x9b2J"])
def test_control_characters_do_not_come_together_where_others_were_taken_out(name):
    assert b"\x9b" not in asked(name + b"\r\n")[0]


@own("Twisted sends the terminal what the peer sent")
@pytest.mark.parametrize("name", ["Zoë".encode(), "Zoë".encode("latin-1")])
def test_letters_of_all_languages_are_sent_back(name):
    assert asked(name + b"\r\n")[0] == b"Login: " + name + b"\nNo such user\n"


if not oracle.installed():
    from reactor.address import IPv4Address
    from reactor.defer import Deferred
    from reactor.endpoints import TCP4ClientEndpoint
    from reactor.error import ConnectionRefusedError
    from reactor.protocols.finger import FingerFactory, plans, query
    from reactor.task import Clock
    from reactor.vfs import Folder, MemoryFolder
    from tests.support.loopback import run_until, stop_listening
    from tests.support.outcomes import outcomes, result_of

ours = own("Twisted's server has no users")


def served(find, line, **options):
    factory = FingerFactory(find, reactor=Clock(), **options)
    return asked(line, factory.buildProtocol(IPv4Address("TCP", "192.0.2.1", 1) if find else None))


@ours
def test_a_function_answers():
    asked_for = []

    def find(user, more):
        asked_for.append((user, more))
        return b"busy\n\x1b[31mred" if user == b"alice" else None

    assert served(find, b"/W alice\r\n") == (b"busy\r\n[31mred\r\n", True)
    assert served(find, b"bob\r\n") == (b"No such user\r\n", True)
    assert asked_for == [(b"alice", True), (b"bob", False)]


@ours
def test_an_answer_may_come_later():
    later = Deferred()
    factory = FingerFactory(lambda user, more: later, reactor=Clock())
    protocol = factory.buildProtocol(None)
    assert asked(b"alice\r\n", protocol) == (b"", False)
    later.callback(b"here\n")
    assert (protocol.transport.value(), protocol.transport.disconnecting) == (b"here\r\n", True)


@ours
def test_a_function_that_raises_is_logged_and_the_peer_is_not_told_why(logged_errors):
    def find(user, more):
        raise OSError("the secret disk")

    assert served(find, b"alice\r\n") == (b"Something went wrong here\n", True)
    assert len(logged_errors.flush(OSError)) == 1


@ours
def test_the_list_of_users_is_refused_unless_there_is_one():
    assert served(None, b"\r\n")[0] == b"Finger online list denied\n"
    assert served(None, b"\r\n", listing=lambda: b"alice\nbob\n")[0] == b"alice\r\nbob\r\n"


@ours
def test_who_asks_nothing_is_left_after_a_while():
    factory = FingerFactory(lambda user, more: None, timeout=30, reactor=Clock())
    protocol = factory.buildProtocol(None)
    asked(b"ali", protocol)
    factory.reactor.advance(29)
    assert not protocol.transport.disconnecting
    factory.reactor.advance(1)
    assert protocol.transport.disconnecting


@ours
def test_who_does_not_take_the_answer_is_cut_off_after_a_while():
    factory = FingerFactory(lambda user, more: b"a long answer", timeout=30, reactor=Clock())
    protocol = factory.buildProtocol(None)
    asked(b"alice\r\n", protocol)
    factory.reactor.advance(29)
    assert not protocol.transport.disconnected
    factory.reactor.advance(1)
    assert protocol.transport.disconnected


@ours
def test_a_plan_is_a_file_of_the_users_name_or_in_a_folder_of_it():
    find = plans(MemoryFolder({"alice/.plan": b"to sleep", "bob": b"to eat", "carol/other": b"x"}))
    answers = {name: result_of(find(name, False)) for name in (b"alice", b"bob", b"carol", b"dave")}
    assert answers == {
        b"alice": b"Login: alice\nto sleep",
        b"bob": b"Login: bob\nto eat",
        b"carol": None,
        b"dave": None,
    }


@ours
@pytest.mark.parametrize("name", [b"..", b".", b"../alice", b"a/b", b"\xff\xfe", b"x" * 300, b".netrc"])
def test_a_name_that_is_none_has_no_plan(name):
    assert result_of(plans(MemoryFolder({"alice": b"x", ".netrc": b"password"}))(name, False)) is None


@ours
def test_a_plan_that_is_a_link_a_FIFO_or_endless_is_none_or_cut(tmp_path):
    (tmp_path / "secret").write_bytes(b"root")
    root = tmp_path / "plans"
    root.mkdir()
    (root / "link").symlink_to("../secret")
    (root / "folder").symlink_to("..")
    os.mkfifo(root / "fifo")
    with open(root / "large", "wb") as file:
        file.truncate(4 * 2**30)  # a hole of 4 GB
    find = plans(Folder(root), most=100)
    assert [result_of(find(name, False)) for name in (b"link", b"folder", b"fifo")] == [None] * 3
    assert result_of(find(b"large", False)) == b"Login: large\n" + bytes(100)


@ours
@pytest.mark.parametrize("make_reactor", ["select", "simulated"], indirect=True)
def test_our_client_asks_our_server(reactor, listen):
    factory = FingerFactory(lambda user, more: b"more\x07\nlines" if more else user, reactor=reactor)
    factory.noisy = False
    endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", listen(factory).getHost().port)
    found = outcomes(query(endpoint, b"alice", more=True))
    run_until(reactor, lambda: found)
    assert found == [b"more\nlines\n"]


@ours
@pytest.mark.parametrize("make_reactor", ["select", "simulated"], indirect=True)
def test_a_client_takes_only_so_much_and_fails_where_nobody_listens(reactor, listen):
    factory = FingerFactory(lambda user, more: b"x" * 1_000_000, reactor=reactor)
    factory.noisy = False
    port = listen(factory)
    endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port)
    found = outcomes(query(endpoint, b"alice", most=1000))
    run_until(reactor, lambda: found and list(reactor.transports) == [port])
    assert found == [b"x" * 1000]
    stop_listening(reactor, port)
    failed = outcomes(query(endpoint, b"alice"))
    run_until(reactor, lambda: failed)
    assert failed[0].check(ConnectionRefusedError)


@ours
@pytest.mark.parametrize("name", [b"a\rb", b"a\nb", b"a\0b"])
def test_a_name_of_two_lines_is_not_sent(name):
    with pytest.raises(ValueError, match="a query is one line"):
        query(None, name)


@ours
def test_random_bytes_get_an_answer_or_the_door(logged_errors):
    import random

    randoms = random.Random(6)
    for _ in range(3000):
        line = bytes(randoms.choice(b"aW/@ \t\r\n\x00\x1b\xff") for _ in range(randoms.randrange(30))) + b"\n"
        answer, closes = served(lambda user, more: user, line)
        assert closes and b"\x1b" not in answer and b"\x00" not in answer
