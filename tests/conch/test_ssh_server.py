"""The server of SSH, as asyncssh's client sees it."""

import asyncssh
import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has another", allow_module_level=True)

from reactor.conch.commands import CommandSession
from tests.conch.ssh_house import ANNS_KEY, House


@pytest.fixture
def house(one_reactor):
    made = []

    def make(**attributes):
        made.append(House(one_reactor, **attributes))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize(
    "proof",
    [
        {"password": "secret", "preferred_auth": "password"},
        {"password": "secret", "preferred_auth": "keyboard-interactive"},
        {"password": None, "client_keys": [ANNS_KEY]},
    ],
    ids=["password", "keyboard-interactive", "key"],
)
def test_who_can_prove_it_gets_an_avatar_and_it_is_logged_out_once(house, proof):
    server = house()
    connection = server.wait(server.connect(**proof))
    result = server.wait(connection.run("greet"))
    assert (result.stdout, result.exit_status) == ("hello ann\n", 0)
    assert server.avatars[0].conn is not None and not server.left
    connection.close()
    server.until(lambda: server.left == [b"ann"])


OTHER = asyncssh.generate_private_key("ssh-ed25519")


@pytest.mark.parametrize(
    "proof",
    [
        {"password": "wrong"},
        {"password": "wrong", "preferred_auth": "keyboard-interactive"},
        {"username": "bob"},
        {"password": None, "client_keys": [OTHER]},
        {"password": None, "client_keys": [ANNS_KEY], "username": "bob"},
        {"password": None, "client_keys": [ANNS_KEY], "username": "../ann"},
    ],
)
def test_who_cannot_does_not(house, proof):
    server = house()
    with pytest.raises(asyncssh.PermissionDenied):
        server.wait(server.connect(**proof))
    assert not server.avatars


@pytest.mark.parametrize(
    ("command", "out", "err", "status", "signal"),
    [
        ("exit 3", "", "bye\n", 3, None),
        ("exit 0", "", "bye\n", 0, None),
        ("die", "", "", -1, "TERM"),
    ],
)
def test_a_command_tells_how_it_ended(house, command, out, err, status, signal):
    server = house()
    connection = server.wait(server.connect())
    result = server.wait(connection.run(command))
    assert (result.stdout, result.stderr, result.exit_status) == (out, err, status)
    assert signal is None or result.exit_signal[0] == signal


def test_input_goes_to_the_protocol_and_its_answers_come_back(house):
    server = house()
    connection = server.wait(server.connect())
    assert server.wait(connection.run("shout", input="moo\n")).stdout == "MOO\n"
    assert server.wait(connection.run(subsystem="shout", input="moo\n")).stdout == "MOO\n"
    assert server.wait(connection.run(input="moo\n")).stdout == "MOO\n"
    assert [note[0] for note in server.notes] == ["exec", "eof", "closed", "shell", "eof", "closed"]


@pytest.mark.parametrize("command", ["dance", "fail", "greet\0", "greet \udcff"])
def test_a_command_that_the_session_refuses_is_refused(house, logged_errors, command):
    server = house()
    connection = server.wait(server.connect())
    with pytest.raises((asyncssh.ChannelOpenError, UnicodeEncodeError)):
        server.wait(connection.run(command))
    assert server.wait(connection.run("greet")).stdout == "hello ann\n", "and the connection stays"
    assert len(logged_errors.flush(ZeroDivisionError)) == (command == "fail")


def test_a_subsystem_that_is_not_there_is_refused(house):
    server = house()
    connection = server.wait(server.connect())
    with pytest.raises(asyncssh.ChannelOpenError):
        server.wait(connection.run(subsystem="sftp"))


def test_variables_come_by_list_and_a_flood_of_them_is_not_kept(house):
    server = house()
    connection = server.wait(server.connect())
    flood = {f"V{number}": "x" * 1000 for number in range(500)}
    server.wait(connection.run("greet", env={"LANG": "C", "LD_PRELOAD": "/evil.so", **flood}))
    assert server.notes[0] == ("exec", b"greet", {b"LANG": b"C"})


@pytest.mark.own_promise("every size is passed on")
def test_a_terminal_has_a_size_that_changes_and_none_is_as_wide_as_it_says(house):
    server = house()
    connection = server.wait(server.connect())
    process = server.wait(
        connection.create_process("wait", term_type="xterm", term_size=(4_000_000_000, 24, 1, 2), term_modes={1: 3})
    )
    process.change_terminal_size(100, 2**32 - 1)
    process.send_signal("WINCH")
    server.until(lambda: len(server.notes) == 4)
    assert [server.notes[0], *server.notes[2:]] == [
        ("pty", b"xterm", (24, 1000, 1, 2), 1),
        ("window", (1000, 100, 0, 0)),
        ("signal", "WINCH"),
    ]


@pytest.mark.own_promise("there is no bound")
def test_more_channels_than_allowed_are_refused_and_room_comes_back(house):
    server = house(maxChannels=3)
    connection = server.wait(server.connect())
    processes = [server.wait(connection.create_process("wait")) for _ in range(3)]
    for _ in range(1000):
        with pytest.raises(asyncssh.ChannelOpenError):
            server.wait(connection.create_process("wait"))
    processes[0].close()
    server.wait(processes[0].wait_closed())
    assert server.wait(connection.run("greet")).exit_status == 0


@pytest.mark.own_promise("twenty attempts are allowed")
def test_too_many_attempts_end_the_connection(house):
    server = house(attemptsBeforeDisconnect=3)
    keys = [asyncssh.generate_private_key("ssh-ed25519") for _ in range(5)]
    with pytest.raises(asyncssh.DisconnectError, match="too many attempts"):
        server.wait(server.connect(client_keys=keys, password=None))
    assert not server.avatars


@pytest.mark.parametrize("kind", ["-L", "-R", "unix"])
def test_nothing_is_forwarded_unless_the_avatar_allows_it(house, kind):
    server = house()
    connection = server.wait(server.connect())
    forwards = {
        "-L": lambda: connection.open_connection("127.0.0.1", server.port),
        "-R": lambda: connection.forward_remote_port("127.0.0.1", 0, "127.0.0.1", 1),
        "unix": lambda: connection.open_unix_connection("/run/anything"),
    }
    with pytest.raises((asyncssh.ChannelOpenError, asyncssh.ChannelListenError)):
        server.wait(forwards[kind]())


def test_a_child_does_not_outlive_its_client(house, one_reactor, monkeypatch, tmp_path):
    monkeypatch.setattr(
        "tests.conch.ssh_house.Session", lambda avatar: CommandSession(one_reactor, str(tmp_path), ["sleep", "yes"])
    )
    server = house()
    connection = server.wait(server.connect())
    for command in ("sleep 1000", "yes"):
        server.wait(connection.create_process(command, encoding=None, window=1000))
    children = [one for one in one_reactor.transports if getattr(one, "pid", None)] or list(one_reactor.transports)
    assert len(children) >= 2
    connection.abort()
    server.until(lambda: not [one for one in one_reactor.transports if one is not server.listening])


def test_a_server_that_stops_ends_the_sessions_that_are_open(house):
    """Else their child processes outlive it."""
    server = house()
    connection = server.wait(server.connect())
    server.wait(connection.create_process("wait"))
    server.reactor.callLater(0, server.reactor.stop)
    server.reactor.run(installSignalHandlers=False)
    assert ("closed",) in server.notes and server.left == [b"ann"]
