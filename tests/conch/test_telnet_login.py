"""The login by telnet: who gets in, who doesn't, and who is asked for nothing."""

import pytest

from reactor.address import IPv4Address
from reactor.conch.telnet import (
    DO,
    DONT,
    ECHO,
    IAC,
    WILL,
    WONT,
    AuthenticatingTelnetProtocol,
    ITelnetProtocol,
    TelnetFactory,
)
from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.defer import Deferred
from reactor.error import ConnectionDone
from reactor.failure import Failure
from reactor.protocols.policies.logins import LoginLimits
from reactor.task import Clock
from reactor.testing import StringTransport
from tests.conch.telnet_doubles import Noting, connected, here

DONE = Failure(ConnectionDone())
ASKS = b"Username: "


class House:
    """A portal for ann, whose password is secret; what it was asked. waits: logins that wait for it."""

    def __init__(self, waits=None, problem=None):
        self.avatars, self.left, self.waits, self.problem = [], [], waits, problem
        self.clock = Clock()
        self.portal = Portal(self, [InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")])

    def requestAvatar(self, avatarId, mind, *interfaces):
        assert interfaces == (ITelnetProtocol,)
        if self.problem:
            raise self.problem
        avatar = Noting()
        self.avatars.append(avatar)
        answer = ITelnetProtocol, avatar, lambda: self.left.append(avatarId)
        return answer if self.waits is None else self.waits.addCallback(lambda _: answer)

    def login(self, transport=None, **attributes):
        door = AuthenticatingTelnetProtocol(self.portal)
        door.callLater = self.clock.callLater
        vars(door).update(attributes)
        return connected(door, transport or here())


def said(telnet):
    text = telnet.transport.value()
    telnet.transport.clear()
    return text


def test_the_password_is_not_echoed_and_the_avatar_takes_over():
    house = House()
    telnet = house.login()
    assert said(telnet) == ASKS
    telnet.dataReceived(b"ann\r\n")
    assert said(telnet) == IAC + WILL + ECHO + b"Password: "
    telnet.dataReceived(IAC + DO + ECHO + b"secret\r\n")
    assert said(telnet) == IAC + WONT + ECHO + b"\r\n"
    [avatar] = house.avatars
    assert telnet.protocol is avatar and avatar.transport is telnet
    telnet.dataReceived(IAC + DONT + ECHO + b"soup\r\n")
    assert b"soup\n" in avatar.heard
    assert house.left == [] and house.clock.getDelayedCalls() == []
    telnet.connectionLost(DONE)
    assert house.left == [b"ann"] and avatar.heard[-1] == ("lost", "ConnectionDone")


def test_a_peer_that_knows_no_options_gets_in_and_what_it_typed_ahead_is_kept():
    house = House()
    telnet = house.login()
    telnet.dataReceived(b"ann\nsecret\nso")
    telnet.dataReceived(b"up\n")
    assert house.avatars[0].heard == [b"soup\n"]


def test_what_is_typed_while_the_password_is_checked_is_kept():
    house = House(waits=Deferred())
    telnet = house.login(StringTransport(peerAddress=IPv4Address("TCP", "127.0.0.1", 4), lenient=True))
    telnet.dataReceived(b"ann\r\nsecret\r\nsoup\r\n")
    assert telnet.transport.producerState == "paused"
    house.waits.callback(None)
    assert telnet.transport.producerState == "producing"
    assert house.avatars[0].heard == [b"soup\n"]


@pytest.mark.parametrize("lines", [b"ann\r\nwrong\r\n", b"bob\r\nsecret\r\n", b"\r\n\r\n"])
def test_the_third_wrong_answer_is_the_last(lines):
    house = House()
    telnet = house.login()
    for _ in range(3):
        assert said(telnet).endswith(ASKS) and not telnet.transport.disconnecting
        telnet.dataReceived(lines)
    assert said(telnet).endswith(b"\r\nAuthentication failed\r\n") and telnet.transport.disconnecting
    telnet.connectionLost(DONE)
    assert house.avatars == [] and house.clock.getDelayedCalls() == []


def test_a_password_is_asked_for_only_where_nobody_else_can_read_it():
    house = House()
    afar = StringTransport(peerAddress=IPv4Address("TCP", "192.0.2.1", 4))
    telnet = house.login(afar)
    assert said(telnet) == b"No passwords in the clear: come by TLS.\r\n" and afar.disconnecting
    afar = StringTransport(peerAddress=IPv4Address("TCP", "192.0.2.1", 4))
    assert said(house.login(afar, passwordNetworks=["192.0.2.0/24"])) == ASKS
    afar = StringTransport(peerAddress=IPv4Address("TCP", "192.0.2.1", 4))
    afar.TLS = True
    assert said(house.login(afar)) == ASKS


def test_who_guesses_on_by_new_connections_waits():
    house = House()
    limits = LoginLimits(house.clock, first_delay_s=5.0)
    telnet = house.login(StringTransport(peerAddress=IPv4Address("TCP", "127.0.0.1", 4), lenient=True), limits=limits)
    telnet.dataReceived(b"ann\r\nwrong\r\n")
    said(telnet)
    house.clock.advance(4)
    assert said(telnet) == b""
    house.clock.advance(1)
    assert said(telnet) == b"Authentication failed\r\nUsername: "
    telnet.connectionLost(DONE)


def test_who_says_nothing_is_cut_off():
    house = House()
    telnet = house.login()
    house.clock.advance(59)
    telnet.dataReceived(b"ann\r\n")
    house.clock.advance(1)
    assert telnet.transport.disconnected


def test_who_is_in_and_types_nothing_is_cut_off_too():
    house = House()
    factory = TelnetFactory(house.portal, house.clock)
    factory.timeOut = 600.0
    telnet = factory.buildProtocol(IPv4Address("TCP", "127.0.0.1", 4))
    telnet.makeConnection(here())
    telnet.protocol.callLater = house.clock.callLater
    telnet.protocol.setTimeout(None)
    telnet.dataReceived(b"ann\r\nsecret\r\n")
    for _ in range(3):
        house.clock.advance(599)
        telnet.dataReceived(b"soup\r\n")
    telnet.write(b"what is written is no sign of life")
    house.clock.advance(599)
    assert not telnet.transport.disconnected
    house.clock.advance(1)
    assert telnet.transport.disconnected
    telnet.connectionLost(DONE)
    assert house.clock.getDelayedCalls() == [] and house.left == [b"ann"]


def test_an_avatar_that_comes_after_the_peer_has_gone_is_logged_out():
    house = House(waits=Deferred())
    telnet = house.login(StringTransport(peerAddress=IPv4Address("TCP", "127.0.0.1", 4), lenient=True))
    telnet.dataReceived(b"ann\r\nsecret\r\n")
    telnet.connectionLost(DONE)
    house.waits.callback(None)
    assert house.left == [b"ann"] and house.avatars[0].heard == []


def test_a_failure_of_the_house_is_logged_and_the_peer_learns_nothing(logged_errors):
    house = House(problem=ZeroDivisionError("on purpose"))
    telnet = house.login()
    telnet.dataReceived(b"ann\r\nsecret\r\n")
    assert b"Authentication failed" in said(telnet) and b"purpose" not in said(telnet)
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_a_line_without_an_end_is_refused():
    telnet = House().login()
    telnet.dataReceived(b"a" * 1026)
    assert telnet.transport.disconnecting
