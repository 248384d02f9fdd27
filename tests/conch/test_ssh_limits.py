"""Clients of SSH that mean harm: what each may cost, and that nothing of it stays."""

import os
from random import Random

import asyncssh
import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has another", allow_module_level=True)

from reactor.conch.avatar import ConchUser
from reactor.conch.checkers import InMemorySSHKeyDB, SSHPublicKeyChecker
from reactor.conch.commands import CommandSession
from reactor.conch.error import ConchError
from reactor.conch.interfaces import EnvironmentVariableNotPermitted, IConchUser
from reactor.conch.ssh.factory import SSHFactory
from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.credentials import SSHPrivateKey
from reactor.cred.error import UnauthorizedLogin
from reactor.cred.portal import Portal
from reactor.defer import Deferred
from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
from reactor.protocol import ProcessProtocol, Protocol
from reactor.task import Clock
from reactor.testing import StringTransport
from tests.conch.ssh_house import HOST_KEY, House
from tests.support.loopback import run_until
from tests.support.outcomes import failure_of, outcomes, result_of


class Nobody:
    """A realm in which nobody should arrive."""

    def requestAvatar(self, avatarId, mind, *interfaces):
        return IConchUser, ConchUser(), lambda: None


class Alone:
    """One connection on a clock that the test moves, and a transport that keeps what is written."""

    def __init__(self, **attributes):
        self.clock = Clock()
        self.clock.callFromThread = lambda call, *args: self.clock.callLater(0, call, *args)
        checker = InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")
        self.factory = SSHFactory(Portal(Nobody(), [checker]), [HOST_KEY], self.clock)
        vars(self.factory).update(attributes)
        self.transport = StringTransport()
        self.carrier = self.factory.buildProtocol(self.transport.getPeer())
        self.carrier.makeConnection(self.transport)

    def hears(self, data, piece=65536):
        for start in range(0, len(data), piece):
            if not self.is_over():
                self.carrier.dataReceived(data[start : start + piece])
                self.clock.advance(0)

    def is_over(self):
        return self.transport.disconnecting or self.transport.disconnected

    def ends(self):
        """Its connection is lost, and nothing is left of it."""
        self.carrier.connectionLost()
        for _ in range(5):
            self.clock.advance(0)
        return not (self.clock.getDelayedCalls() or self.factory.unknown or self.factory.peerConnections)


def packet(kind, body=b""):
    """A packet in the clear."""
    payload = bytes([kind]) + body
    padding = 8 - (len(payload) + 5) % 8 + 8
    return (len(payload) + padding + 1).to_bytes(4, "big") + bytes([padding]) + payload + bytes(padding)


VERSION = b"SSH-2.0-moo\r\n"


@pytest.mark.parametrize(
    "said", [b"", b"SSH-2", VERSION, VERSION + packet(20)[:10]], ids=["nothing", "half", "all", "more"]
)
def test_who_does_not_log_in_has_a_minute(said):
    one = Alone()
    one.hears(said)
    one.clock.advance(59)
    assert not one.is_over()
    one.clock.advance(1.1)
    one.clock.advance(0)
    assert one.is_over() and one.ends()


@pytest.mark.parametrize(
    "said",
    [
        b"x" * 1_000_000,
        b"\0" * 100_000,
        b"GET / HTTP/1.1\r\n\r\n",
        b"SSH-1.5-old\r\n",
        b"SSH-2.0-" + b"x" * 100_000 + b"\r\n",
        VERSION + b"\xff" * 100_000,
        VERSION + (2**20).to_bytes(4, "big") + b"x" * 1_000_000,
        VERSION + packet(5, b"\0\0\0\x0cssh-userauth"),
        VERSION + packet(50) + packet(90),
        VERSION + packet(20) + packet(30),
        VERSION + packet(1, b"\0\0\0\x0b\0\0\0\x03bye\0\0\0\0"),
    ],
    ids=range(11),
)
@pytest.mark.parametrize("piece", [65536, 1])
def test_nonsense_ends_the_connection_and_nothing_is_left(said, piece):
    one = Alone()
    one.hears(said[: 20_000 if piece == 1 else None], piece)
    assert one.is_over() and one.ends()
    assert b"Traceback" not in one.transport.value() and len(one.transport.value()) < 3000


def test_nonsense_of_all_kinds_is_survived(logged_errors):
    for seed in range(300):
        dice = Random(seed)
        one = Alone()
        sound = VERSION + b"".join(
            packet(dice.choice([2, 3, 4, 20, 21, 30, 50, 80, 90, 98]), dice.randbytes(dice.randint(0, 40)))
            for _ in range(5)
        )
        spoiled = bytearray(sound)
        for _ in range(dice.randint(0, 4)):
            spoiled[dice.randrange(len(spoiled))] = dice.randrange(256)
        one.hears(bytes(spoiled), dice.choice([1, 7, 65536]))
        assert one.ends(), seed
    assert logged_errors.flush(Exception) == []


def test_who_does_not_read_is_not_read_either_before_a_login():
    one = Alone()
    one.hears(VERSION)
    one.carrier.pauseProducing()
    one.hears(packet(2, b"\0\0\0\x20" + b"x" * 32) * 3000, 4096)
    assert one.is_over() or one.transport.producerState == "paused"
    one.clock.advance(61)
    assert one.is_over() and one.ends()


def test_the_last_words_have_five_seconds():
    one = Alone()
    one.hears(VERSION + packet(50))
    assert one.transport.disconnecting and not one.transport.disconnected
    one.clock.advance(5.1)
    assert one.transport.disconnected and one.ends()


@pytest.mark.own_promise("there is no bound")
def test_more_clients_than_allowed_before_a_login_are_turned_away():
    one = Alone(maxUnknown=3)
    build = one.factory.buildProtocol
    others = [build(StringTransport().getPeer()) for _ in range(5)]
    assert [other is None for other in others] == [False, False, True, True, True]


def test_more_clients_than_allowed_are_told_so():
    one = Alone(maxConnectionsPerPeer=1)
    transport = StringTransport()
    one.factory.buildProtocol(transport.getPeer()).makeConnection(transport)
    assert transport.value() == b"Too many are here.\r\n" and transport.disconnecting


def test_a_server_without_keys_is_refused():
    with pytest.raises(ValueError, match="a key to show"):
        SSHFactory(Portal(Nobody()), [], Clock())


# --- those who can log in


@pytest.fixture
def house(one_reactor):
    made = []

    def make(**attributes):
        made.append(House(one_reactor, **attributes))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_a_thousand_connections_cost_at_most_what_is_allowed(house, one_reactor):
    server = house(maxConnectionsPerPeer=None, maxUnknown=20)
    endpoint = TCP4ClientEndpoint(one_reactor, "127.0.0.1", server.port)
    protocols, results = [], []
    for number in range(1000):
        protocols.append(Protocol())
        results.append(outcomes(connectProtocol(endpoint, protocols[-1])))
        if number % 100 == 99:
            server.until(lambda: all(results))
        assert len(server.factory.unknown) <= 20
    for protocol in protocols:
        protocol.transport.abortConnection()
    server.until(lambda: not server.factory.unknown)
    assert server.wait(server.connect()) is not None


def test_what_a_client_sends_while_its_login_is_decided_waits_in_its_own_kernel(house):
    server = house()
    asked = Deferred()
    server.factory.portal.checkers.clear()
    checker = InMemoryUsernamePasswordDatabaseDontUse()
    checker.requestAvatarId = lambda credentials: asked
    server.factory.portal.registerChecker(checker)
    connecting = outcomes(server.loop.run(server.connect()))
    server.until(lambda: any(one._not_reading for one in server.factory.unknown))
    asked.callback(b"ann")
    server.until(lambda: connecting)


def test_a_login_that_is_decided_when_the_client_is_gone_is_logged_out(house):
    server = house()
    checker = InMemoryUsernamePasswordDatabaseDontUse()
    asked = Deferred(lambda _: None)  # one that doesn't let itself be cancelled
    asked.cancel = lambda: None
    checker.requestAvatarId = lambda credentials: asked
    server.factory.portal.registerChecker(checker)
    connecting = server.loop.run(server.connect())
    failed = outcomes(connecting)
    server.until(lambda: any(one._not_reading for one in server.factory.unknown))
    next(iter(server.factory.unknown)).transport.abortConnection()
    server.until(lambda: failed and not server.factory.unknown)
    asked.callback(b"ann")
    server.until(lambda: len(server.left) == len(server.avatars))


def test_a_name_that_nobody_has_is_answered_as_one_with_a_wrong_password(house):
    server = house()
    told = []
    for name in ("ann", "bob"):
        with pytest.raises(asyncssh.PermissionDenied) as problem:
            server.wait(server.connect(username=name, password="wrong"))
        told.append(str(problem.value).replace(name, "NAME"))
    assert told[0] == told[1]


def test_failed_passwords_come_late_and_keys_do_not_count(house):
    server = house()
    server.factory.limits.first_delay_s = 0.01
    keys = [asyncssh.generate_private_key("ssh-ed25519") for _ in range(3)]
    with pytest.raises(asyncssh.PermissionDenied):
        server.wait(server.connect(client_keys=keys, password=None))
    assert server.factory.limits.failures(server.listening.getHost(), b"ann") == 0
    with pytest.raises(asyncssh.PermissionDenied):
        server.wait(server.connect(password="wrong"))
    assert server.factory.limits.failures(server.listening.getHost(), b"ann") > 0


def test_a_signature_of_sha1_opens_nothing():
    rsa = asyncssh.generate_private_key("ssh-rsa", key_size=2048)
    checker = SSHPublicKeyChecker(InMemorySSHKeyDB({b"ann": [rsa.convert_to_public()]}))

    def login(algorithm):
        signature = rsa.sign(b"moo", algorithm)
        return checker.requestAvatarId(SSHPrivateKey(b"ann", b"ssh-rsa", rsa.public_data, b"moo", signature))

    assert result_of(login(b"rsa-sha2-256")) == b"ann"
    failure_of(login(b"ssh-rsa"), UnauthorizedLogin)


def test_a_reader_that_opens_no_window_costs_a_window_and_goes(house):
    server = house()
    connection = server.wait(server.connect())
    process = server.wait(connection.create_process("shout", encoding=None, window=1000))
    process.channel.pause_reading()
    process.stdin.write(b"moo" * 10_000)
    server.until(lambda: server.avatars)
    connection.abort()
    server.until(lambda: server.left)


# --- child processes


def session(reactor, tmp_path, commands=None):
    return CommandSession(reactor, str(tmp_path), commands)


def test_only_variables_of_the_list_reach_a_child(one_reactor, tmp_path):
    one = session(one_reactor, tmp_path)
    one.setEnv(b"LC_ALL", b"C")
    for name, value in [
        (b"LD_PRELOAD", b"x"),
        (b"PATH", b"x"),
        (b"LC_" + b"A" * 99, b"x"),
        (b"LANG", b"x" * 999),
        (b"LANG", b"\0"),
    ]:
        with pytest.raises(EnvironmentVariableNotPermitted):
            one.setEnv(name, value)
    one.getPty(b"xterm\n;rm", (1, 1, 0, 0), [])
    assert b"TERM" not in one.env and one.env[b"LC_ALL"] == b"C"


@pytest.mark.parametrize("name", ["TERM", "WINCH", "../TERM", ""])
def test_signals_to_nobody_are_refused(one_reactor, tmp_path, name):
    with pytest.raises(ConchError, match="nobody gets"):
        session(one_reactor, tmp_path).signalReceived(name)


def test_a_terminal_comes_before_the_command_and_has_no_size_when_it_has_ended(one_reactor, tmp_path):
    piped, at_a_terminal = session(one_reactor, tmp_path), session(one_reactor, tmp_path)
    at_a_terminal.getPty(b"xterm", (24, 80, 0, 0), [])
    ended = []
    for one in (piped, at_a_terminal):
        proto = ProcessProtocol()
        proto.processEnded = ended.append
        one.execCommand(proto, b"true")
    with pytest.raises(ConchError, match="the command runs already"):
        piped.getPty(b"xterm", (24, 80, 0, 0), [])
    run_until(one_reactor, lambda: len(ended) == 2)
    for one in (piped, at_a_terminal):
        with pytest.raises(ConchError, match="there is no terminal"):
            one.windowChanged((25, 81, 0, 0))


@pytest.mark.parametrize("command", [b"", b"'", b"ls; cat", b"/bin/cat x", b"\xff"])
def test_what_is_not_on_the_list_does_not_run(one_reactor, tmp_path, command):
    with pytest.raises(ConchError):
        session(one_reactor, tmp_path, ["cat"]).execCommand(None, command)
    assert os.listdir(tmp_path) == []
