"""Our SSH client at our own server and at servers that mean harm: logins, ends, cancelling, reconnecting."""

import asyncssh
import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has another", allow_module_level=True)

from reactor.application.internet import ClientService
from reactor.conch.endpoints import (
    AuthenticationFailed,
    SSHCommandAddress,
    SSHCommandClientEndpoint,
    SSHForwardClientEndpoint,
)
from reactor.conch.error import ConchError
from reactor.defer import CancelledError, Deferred
from reactor.endpoints import connectProtocol
from reactor.error import (
    ConnectionDone,
    ConnectionLost,
    ConnectionRefusedError,
    NoProtocol,
    ProcessDone,
)
from reactor.protocol import Factory
from tests.conch.ssh_doubles import Noting
from tests.conch.ssh_house import ANNS_KEY, House
from tests.conch.ssh_servers import connected, creator, result, until_idle
from tests.peers.daemons import free_ports
from tests.support.loopback import turn
from tests.support.outcomes import outcomes


@pytest.fixture
def house(one_reactor):
    made = House(one_reactor)
    yield made
    made.close()


def command(house, line="shout", **options):
    return SSHCommandClientEndpoint(creator(house.reactor, house.port, **options), line)


# --- logging in


@pytest.mark.parametrize(
    "options", [{"keys": [ANNS_KEY]}, {"keys": None, "password": "secret"}], ids=["key", "password"]
)
def test_who_is_let_in_talks_to_the_command(house, options):
    protocol = connected(house.reactor, command(house, b"shout", **options))
    protocol.transport.write(b"hello ")
    protocol.transport.writeSequence([b"the", b"re\n"])
    house.until(lambda: protocol.data == b"HELLO THERE\n")
    protocol.transport.loseConnection()
    house.until(lambda: protocol.lost)
    assert isinstance(protocol.lost[0], ConnectionDone)
    until_idle_but(house)


def until_idle_but(house):
    """Until only the listening port is open."""
    house.until(lambda: len(house.reactor.transports) == 1 and not house.loop._timers and not house.loop._ready)


def test_the_command_that_ends_is_ProcessDone_and_takes_its_connection_along(house):
    protocol = connected(house.reactor, command(house, "exit 0"))
    house.until(lambda: protocol.lost)
    assert isinstance(protocol.lost[0], ProcessDone) and protocol.errors == b"bye\n"
    until_idle_but(house)


def test_a_wrong_password_is_shown_once_and_is_an_error_that_tells_what_was_shown(house):
    with pytest.raises(AuthenticationFailed, match=r"ann on host 127.0.0.1: 0 key\(s\) and 1 answer\(s\)"):
        connected(house.reactor, command(house, keys=None, password="moo"))
    until_idle_but(house)


class Interactive(asyncssh.SSHServer):
    """Asks for a password and for the number on a token, and for nothing else."""

    def begin_auth(self, username):
        return True

    def kbdint_auth_supported(self):
        return True

    def get_kbdint_challenge(self, username, lang, submethods):
        return "", "", "en", [("Password: ", False), ("Number\x1b[2J?", True)]

    def validate_kbdint_response(self, username, responses):
        return list(responses) == ["secret", "42"]

    def session_requested(self):
        return True


def test_what_the_server_asks_is_answered_by_the_password_and_by_whoever_can_be_asked(one_reactor, serve):
    asked, port = [], serve(Interactive)

    def ask(prompt):
        asked.append(prompt)
        later = Deferred()
        one_reactor.callLater(0, later.callback, "42")
        return later

    connection = result(
        one_reactor, creator(one_reactor, port, keys=None, password="secret", ask=ask).secureConnection()
    )
    assert asked == ["ann@127.0.0.1 asks: Number\\x1b[2J? "], "with nothing in it that a terminal obeys"
    connection.close()


# --- the channel


def test_the_factory_gets_the_commands_address_and_may_build_nothing(house):
    seen = []

    class Nothing(Factory):
        def buildProtocol(self, addr):
            seen.append(addr)

    with pytest.raises(NoProtocol, match="the factory built none for SSHCommandAddress"):
        result(house.reactor, command(house).connect(Nothing()))
    (address,) = seen
    assert isinstance(address, SSHCommandAddress) and (address.username, address.command) == ("ann", "shout")
    assert address.server.port == house.port
    until_idle_but(house)


def test_a_command_that_the_server_refuses_is_an_error_and_leaves_nothing(house):
    with pytest.raises(ConchError):
        connected(house.reactor, command(house, "mew"))
    until_idle_but(house)


def test_a_refused_command_leaves_an_existing_connection_as_it_is(house):
    made = creator(house.reactor, house.port)
    connection = result(house.reactor, made.secureConnection())
    with pytest.raises(ConchError):
        connected(house.reactor, SSHCommandClientEndpoint.existingConnection(connection, "mew"))
    protocol = connected(house.reactor, SSHCommandClientEndpoint.existingConnection(connection, "greet"))
    house.until(lambda: protocol.lost)
    assert protocol.data == b"hello ann\n"
    made.cleanupConnection(connection, False)
    until_idle_but(house)


def test_forwarding_is_refused_unless_the_avatar_allows_it(house):
    endpoint = SSHForwardClientEndpoint(creator(house.reactor, house.port), "127.0.0.1", house.port)
    with pytest.raises(ConchError):
        connected(house.reactor, endpoint)
    until_idle_but(house)


def test_the_loss_of_a_connection_reaches_the_protocol_of_each_channel_once(house):
    connection = result(house.reactor, creator(house.reactor, house.port).secureConnection())
    endpoint = SSHCommandClientEndpoint.existingConnection(connection, "wait")
    protocols = [connected(house.reactor, endpoint) for _ in range(3)]
    for transport in list(house.reactor.transports):
        if transport is not house.listening:
            transport.abortConnection()
    house.until(lambda: all(protocol.lost for protocol in protocols))
    until_idle_but(house)
    assert [[type(reason) for reason in protocol.lost] for protocol in protocols] == [[ConnectionLost]] * 3


def test_abortConnection_is_over_at_once_though_the_server_answers_nothing(house):
    protocol = connected(house.reactor, command(house, "wait"))
    protocol.transport.abortConnection()
    house.until(lambda: protocol.lost)
    until_idle_but(house)


def test_a_service_connects_again_when_the_command_has_ended(house):
    protocols = []

    class Listening(Factory):
        def buildProtocol(self, addr):
            protocols.append(Noting())
            return protocols[-1]

    service = ClientService(command(house, "greet"), Listening(), retryPolicy=lambda failed: 0, clock=house.reactor)
    service.startService()
    house.until(lambda: len(protocols) >= 3 and len(protocols[1].lost) == 1)
    result(house.reactor, service.stopService())
    assert protocols[0].data == protocols[1].data == b"hello ann\n"
    until_idle_but(house)


# --- giving up


@pytest.mark.parametrize("turns", [0, 1, 2, 3, 5, 8, 13, 21, 34])
def test_a_cancelled_connect_leaves_no_task_socket_or_timer(house, turns):
    results = outcomes(connecting := connectProtocol(command(house, "wait"), Noting()))
    turn(house.reactor, turns)
    if results:  # it was quicker
        results[0].transport.abortConnection()
    connecting.cancel()
    assert isinstance(results[0], Noting) or results[0].check(CancelledError), results
    until_idle_but(house)


def test_a_channel_cancelled_while_it_opens_is_closed_and_its_connection_stays(house):
    made = creator(house.reactor, house.port)
    connection = result(house.reactor, made.secureConnection())
    results = outcomes(
        opening := connectProtocol(SSHCommandClientEndpoint.existingConnection(connection, "wait"), Noting())
    )
    opening.cancel()
    assert results[0].check(CancelledError)
    house.until(lambda: ("closed",) in house.notes)
    protocol = connected(house.reactor, SSHCommandClientEndpoint.existingConnection(connection, "greet"))
    house.until(lambda: protocol.lost)
    made.cleanupConnection(connection, False)
    until_idle_but(house)


def test_nobody_there_is_the_error_of_any_endpoint(one_reactor):
    with pytest.raises(ConnectionRefusedError):
        result(one_reactor, creator(one_reactor, free_ports(1)[0]).secureConnection())
    until_idle(one_reactor)
