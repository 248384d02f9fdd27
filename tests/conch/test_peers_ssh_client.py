"""Our SSH client at servers that others wrote: OpenSSH's, dropbear; with keys, an agent and certificates."""

import os
import re
import signal
import subprocess

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has another", allow_module_level=True)

from reactor.conch.endpoints import (
    AuthenticationFailed,
    ExistingConnection,
    NewConnection,
    SSHCommandClientEndpoint,
    SSHForwardClientEndpoint,
    SSHForwardServerEndpoint,
)
from reactor.conch.error import ConchError, HostKeyChanged, UserRejectedKey
from reactor.endpoints import (
    TCP4ClientEndpoint,
    UNIXClientEndpoint,
    clientFromString,
    connectProtocol,
)
from reactor.error import ConnectionDone, ConnectionRefusedError, ProcessTerminated
from reactor.protocol import Protocol, ServerFactory
from tests.conch.ssh_doubles import Noting
from tests.conch.ssh_servers import SSHD_CONFIG, USER, known_hosts, make_jail, make_keys, until_idle
from tests.peers.daemons import Daemon, free_ports
from tests.peers.packages import path_of, why_missing
from tests.support.loopback import run_until
from tests.support.outcomes import outcomes


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    if missing := why_missing("ssh"):
        pytest.skip(missing)
    folder = tmp_path_factory.mktemp("keys")
    make_keys(folder)
    return folder


@pytest.fixture(scope="module")
def sshd(keys):
    """OpenSSH's server, as this user."""
    if missing := why_missing("sshd"):
        pytest.skip(missing)
    make_jail()
    command = ["sshd", "-D", "-e", "-f", "@FOLDER@/sshd_config"]
    running = Daemon(keys, command, {"sshd_config": SSHD_CONFIG}, ready="Server listening")
    yield running
    running.stop()


@pytest.fixture
def ssh(one_reactor, keys, sshd):
    """Makes the endpoint of a command on sshd. Each user's key is `user`, unless a test says otherwise."""

    def make(command, **options):
        chosen = {"keys": [keys / "user"], "knownHosts": known_hosts(keys, sshd.port), "timeout": 20, **options}
        return SSHCommandClientEndpoint.newConnection(one_reactor, command, USER, "127.0.0.1", sshd.port, **chosen)

    yield make
    until_idle(one_reactor)


def connected(reactor, endpoint, protocol=None):
    """The protocol; raises what connecting failed with."""
    results = outcomes(connectProtocol(endpoint, protocol or Noting()))
    run_until(reactor, lambda: results, 30)
    if hasattr(results[0], "raiseException"):
        results[0].raiseException()
    return results[0]


def ended(reactor, protocol):
    run_until(reactor, lambda: protocol.lost, 30)
    (reason,) = protocol.lost
    return reason


@pytest.mark.peer("SSH", server="sshd")
def test_a_command_is_a_connection_and_its_end_the_reason(one_reactor, ssh):
    protocol = connected(one_reactor, ssh("cat; echo oops >&2; exit 3"))
    protocol.transport.write(b"x" * 300_000)
    protocol.transport.loseWriteConnection()
    reason = ended(one_reactor, protocol)
    assert (reason.exitCode, protocol.data, protocol.errors) == (3, b"x" * 300_000, b"oops\n")
    address = protocol.transport.getPeer()
    assert isinstance(reason, ProcessTerminated) and address.host == "127.0.0.1"


@pytest.mark.peer("SSH", server="sshd")
def test_the_signal_that_ended_a_command_is_the_reason(one_reactor, ssh):
    assert ended(one_reactor, connected(one_reactor, ssh("kill -TERM $$"))).signal == signal.SIGTERM


@pytest.mark.peer("SSH", server="sshd")
def test_a_key_with_a_passphrase_is_asked_for_it_by_name(one_reactor, ssh, keys):
    asked = []

    def ask(prompt):
        asked.append(prompt)
        return "moo"

    protocol = connected(one_reactor, ssh("echo in", keys=[keys / "locked"], ask=ask))
    ended(one_reactor, protocol)
    assert (protocol.data, asked) == (b"in\n", [f"Passphrase of {keys / 'locked'}: "])


def test_a_key_whose_passphrase_is_wrong_or_nobodys_to_tell_is_an_error_that_names_it(one_reactor, ssh, keys):
    for ask, problem in ((None, "Passphrase must be specified"), (lambda prompt: "mew", "Incorrect passphrase")):
        with pytest.raises(ValueError, match=rf"the key .*locked can't be used: {problem}"):
            connected(one_reactor, ssh("true", keys=[keys / "locked"], ask=ask))


def test_a_key_that_is_not_there_is_the_systems_error(one_reactor, ssh, keys):
    with pytest.raises(FileNotFoundError, match="nobodys"):
        connected(one_reactor, ssh("true", keys=[keys / "nobodys"]))


@pytest.mark.peer("SSH", server="sshd")
def test_a_certificate_beside_a_key_lets_in(one_reactor, ssh, keys):
    protocol = connected(one_reactor, ssh("echo in", keys=[keys / "signed"]))
    ended(one_reactor, protocol)
    assert protocol.data == b"in\n"


@pytest.fixture
def agent(keys, tmp_path):
    """The path of an agent's socket; it has the user's key."""
    path = tmp_path / "agent"
    running = subprocess.Popen([path_of("ssh-agent"), "-D", "-a", path], stdout=subprocess.PIPE)
    running.stdout.readline()  # it listens
    environment = {**os.environ, "SSH_AUTH_SOCK": str(path)}
    subprocess.run([path_of("ssh-add"), "-q", keys / "user"], env=environment, check=True, timeout=30)
    yield path
    running.terminate()
    running.wait(10)
    running.stdout.close()


@pytest.mark.peer("SSH", server="sshd")
@pytest.mark.parametrize("as_endpoint", [False, True], ids=["path", "endpoint"])
def test_an_agent_signs_with_the_keys_that_it_has(one_reactor, ssh, agent, as_endpoint):
    where = UNIXClientEndpoint(one_reactor, str(agent)) if as_endpoint else agent
    protocol = connected(one_reactor, ssh("echo in", keys=None, agentEndpoint=where))
    ended(one_reactor, protocol)
    assert protocol.data == b"in\n"


def test_an_agent_that_is_not_there_is_an_error_that_names_its_path(one_reactor, ssh, tmp_path):
    with pytest.raises(ConchError, match=rf"the agent at {tmp_path / 'nobody'} gives no keys"):
        connected(one_reactor, ssh("true", keys=None, agentEndpoint=tmp_path / "nobody"))


@pytest.mark.peer("SSH", server="sshd")
def test_a_string_names_user_host_command_and_key_or_uses_the_agent(one_reactor, keys, sshd, agent, monkeypatch):
    known = known_hosts(keys, sshd.port)
    text = f"ssh:{USER}@127.0.0.1:echo in:sshPort={sshd.port}:knownHosts={known}"
    for more in (f":keys={keys / 'user'}", ""):
        protocol = connected(one_reactor, clientFromString(one_reactor, text + more))
        ended(one_reactor, protocol)
        assert protocol.data == b"in\n"
        until_idle(one_reactor)
        monkeypatch.setenv("SSH_AUTH_SOCK", str(agent))  # for the next


@pytest.mark.peer("SSH", server="sshd")
def test_who_is_not_known_to_the_server_is_told_what_was_shown(one_reactor, ssh, keys):
    with pytest.raises(AuthenticationFailed, match=rf"user {USER} on host 127.0.0.1: 1 key.* and 0 answer"):
        connected(one_reactor, ssh("true", keys=[keys / "stranger"]))


@pytest.mark.peer("SSH", server="sshd")
def test_an_unknown_host_key_is_an_error_and_stays_unknown(one_reactor, ssh, keys, sshd, tmp_path):
    none = tmp_path / "none"
    for _ in range(2):
        with pytest.raises(UserRejectedKey, match=rf"\[127.0.0.1\]:{sshd.port}, ssh-ed25519 SHA256:.*, is unknown"):
            connected(one_reactor, ssh("true", knownHosts=none))
    assert not none.exists()


@pytest.mark.peer("SSH", server="sshd")
def test_the_line_that_the_error_says_to_add_vouches_for_the_host(one_reactor, ssh, tmp_path):
    with pytest.raises(UserRejectedKey) as caught:
        connected(one_reactor, ssh("true", knownHosts=tmp_path / "known"))
    (tmp_path / "known").write_text(re.search(r": (\S+ \S+ \S+)$", str(caught.value))[1], "utf-8")
    assert not ended(one_reactor, connected(one_reactor, ssh("true", knownHosts=tmp_path / "known"))).exitCode


@pytest.mark.peer("SSH", server="sshd")
def test_a_changed_or_revoked_host_key_is_an_error_before_anything_is_shown(one_reactor, ssh, keys, sshd, tmp_path):
    with pytest.raises(HostKeyChanged, match="line 1: somebody may stand in between"):
        connected(one_reactor, ssh("true", knownHosts=known_hosts(keys, sshd.port, "stranger")))
    known = tmp_path / "known"
    good = known_hosts(keys, sshd.port).read_text("utf-8")
    known.write_text(good + "@revoked * " + good.partition(" ")[2], "utf-8")
    with pytest.raises(UserRejectedKey, match="revoked"):
        connected(one_reactor, ssh("true", knownHosts=known))


@pytest.fixture
def connection(one_reactor, keys, sshd):
    """A connection of ours to sshd, and its creator."""
    options = {"keys": [keys / "user"], "knownHosts": known_hosts(keys, sshd.port)}
    creator = NewConnection(one_reactor, USER, "127.0.0.1", sshd.port, **options)
    (made,) = done(one_reactor, creator.secureConnection())
    yield made
    made.close()
    until_idle(one_reactor)


def done(reactor, deferred):
    results = outcomes(deferred)
    run_until(reactor, lambda: results, 30)
    return results


@pytest.mark.peer("SSH", server="sshd")
def test_ten_commands_share_a_connection_which_stays(one_reactor, connection):
    protocols = [Noting() for _ in range(10)]
    for number, protocol in enumerate(protocols):
        endpoint = SSHCommandClientEndpoint.existingConnection(connection, f"echo {number}; cat")
        connected(one_reactor, endpoint, protocol)
    for protocol in protocols:
        protocol.transport.loseWriteConnection()
        ended(one_reactor, protocol)
    assert [protocol.data for protocol in protocols] == [b"%d\n" % number for number in range(10)]
    again = connected(one_reactor, SSHCommandClientEndpoint.existingConnection(protocols[0].transport.conn, b"echo on"))
    ended(one_reactor, again)
    assert again.data == b"on\n"


class Greeter(Protocol):
    """Says hello, and then all back."""

    def connectionMade(self):
        self.transport.write(b"hello\n")

    def dataReceived(self, data):
        self.transport.write(data)


@pytest.fixture
def greeter(one_reactor):
    """Makes servers on 127.0.0.1 that greet. Returns the number of the port."""
    ports = []

    def listen():
        factory = ServerFactory.forProtocol(Greeter)
        factory.noisy = False
        ports.append(one_reactor.listenTCP(0, factory, interface="127.0.0.1"))
        return ports[-1].getHost().port

    yield listen
    for port in ports:
        port.stopListening()


@pytest.mark.peer("SSH", server="sshd")
def test_a_connection_goes_on_from_the_server(one_reactor, connection, greeter):
    endpoint = SSHForwardClientEndpoint(ExistingConnection(connection), "localhost", greeter())
    protocol = connected(one_reactor, endpoint)
    run_until(one_reactor, lambda: protocol.data == b"hello\n")
    protocol.transport.write(b"x" * 300_000)
    run_until(one_reactor, lambda: len(protocol.data) == 300_006)
    protocol.transport.loseConnection()
    assert isinstance(ended(one_reactor, protocol), ConnectionDone)


@pytest.mark.peer("SSH", server="sshd")
def test_a_second_host_is_reached_through_the_first(one_reactor, connection, keys, sshd):
    jump = SSHForwardClientEndpoint(ExistingConnection(connection), "127.0.0.1", sshd.port)
    options = {"keys": [keys / "user"], "knownHosts": known_hosts(keys, sshd.port), "endpoint": jump}
    endpoint = SSHCommandClientEndpoint.newConnection(one_reactor, "echo in", USER, "127.0.0.1", sshd.port, **options)
    protocol = connected(one_reactor, endpoint)
    ended(one_reactor, protocol)
    assert protocol.data == b"in\n"


@pytest.mark.peer("SSH", server="sshd")
def test_nobody_behind_the_server_is_an_error_with_the_servers_words(one_reactor, connection):
    endpoint = SSHForwardClientEndpoint(ExistingConnection(connection), "localhost", free_ports(1)[0])
    with pytest.raises(ConchError, match="Connection refused") as caught:
        connected(one_reactor, endpoint)
    assert caught.value.data == 2  # RFC 4254, 5.1: CONNECT_FAILED


@pytest.mark.peer("SSH", server="sshd")
def test_the_server_listens_for_us_until_we_stop(one_reactor, connection):
    factory = ServerFactory.forProtocol(Greeter)
    factory.noisy = False
    (port,) = done(one_reactor, SSHForwardServerEndpoint(ExistingConnection(connection), 0).listen(factory))
    number = port.getHost().port
    protocol = connected(one_reactor, TCP4ClientEndpoint(one_reactor, "127.0.0.1", number))
    run_until(one_reactor, lambda: protocol.data == b"hello\n")
    protocol.transport.loseConnection()
    ended(one_reactor, protocol)
    assert done(one_reactor, port.stopListening()) == [None] and factory.numPorts == 0
    with pytest.raises(ConnectionRefusedError):
        connected(one_reactor, TCP4ClientEndpoint(one_reactor, "127.0.0.1", number))


@pytest.mark.peer("SSH", server="sshd")
def test_who_gets_no_protocol_at_a_port_of_the_servers_is_turned_away(one_reactor, connection):
    factory = ServerFactory()
    factory.noisy, factory.buildProtocol = False, lambda address: None
    (port,) = done(one_reactor, SSHForwardServerEndpoint(ExistingConnection(connection), 0).listen(factory))
    protocol = connected(one_reactor, TCP4ClientEndpoint(one_reactor, "127.0.0.1", port.getHost().port))
    ended(one_reactor, protocol)
    assert done(one_reactor, port.stopListening()) == [None]


@pytest.mark.peer("SSH", server="sshd")
def test_a_port_that_the_server_can_not_open_is_an_error(one_reactor, connection, greeter):
    (refused,) = done(
        one_reactor,
        SSHForwardServerEndpoint(ExistingConnection(connection), greeter(), "127.0.0.1").listen(ServerFactory()),
    )
    assert refused.check(ConchError), refused
