"""How often somebody may try to log in, and over what a password may travel."""

import pytest

from reactor.address import IPv4Address, IPv6Address, UNIXAddress
from reactor.cred import checkers, error
from reactor.cred.credentials import Anonymous, UsernamePassword
from reactor.cred.portal import Portal
from reactor.testing import Clock, StringTransport
from tests.support import oracle
from tests.support.outcomes import failure_of, outcomes, result_of

if oracle.installed():
    pytest.skip("Twisted leaves this to every program", allow_module_level=True)

from reactor.protocols.policies import LoginLimits, mayTakePasswords
from reactor.protocols.policies.logins import source_of

HOME, CAFE = (IPv4Address("TCP", host, 1) for host in ("192.0.2.1", "192.0.2.2"))


class Realm:
    def requestAvatar(self, avatarId, mind, *interfaces):
        return object, avatarId, lambda: None


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def limits(clock):
    return LoginLimits(clock, first_delay_s=1, longest_delay_s=8, most=5, forget_s=100)


@pytest.fixture
def portal():
    return Portal(Realm(), [checkers.InMemoryUsernamePasswordDatabaseDontUse(alice=b"secret")])


@pytest.fixture
def login(limits, portal):
    def try_it(name, password, peer=HOME):
        return limits.portal(portal, peer).login(UsernamePassword(name, password), None, object)

    return try_it


def seconds_until_it_fails(clock, login):
    found, before = outcomes(login), clock.seconds()
    while not found:
        clock.advance(0.5)
    assert found[0].check(error.LoginFailed)
    return clock.seconds() - before


def test_a_login_that_succeeds_is_not_delayed_and_forgives_nothing(clock, limits, login):
    seconds_until_it_fails(clock, login(b"alice", b"wrong"))
    assert result_of(login(b"alice", b"secret"))[1] == b"alice"
    assert limits.failures(HOME, b"alice") == 1


def test_each_failure_is_answered_twice_as_late_as_the_one_before(clock, login):
    assert [seconds_until_it_fails(clock, login(b"alice", b"wrong")) for _ in range(4)] == [1, 2, 4, 8]


def test_after_too_many_failures_logins_are_denied_without_asking(clock, login):
    for _ in range(5):
        seconds_until_it_fails(clock, login(b"alice", b"wrong"))
    denied = outcomes(login(b"alice", b"secret"))
    clock.advance(8)
    assert denied[0].check(error.LoginDenied)
    assert denied[0].getErrorMessage() == "5 logins failed, from 192.0.2.1 or for one name"


def test_one_source_that_tries_many_names_is_slowed_down(clock, limits, login):
    for name in (b"a", b"b", b"c"):
        seconds_until_it_fails(clock, login(name, b"x"))
    assert (limits.failures(HOME, b"d"), limits.failures(CAFE, b"d")) == (3, 0)


def test_many_sources_that_try_one_name_are_slowed_down(clock, limits, login):
    for last in range(3):
        seconds_until_it_fails(clock, login(b"alice", b"x", IPv4Address("TCP", f"198.51.100.{last}", 1)))
    assert (limits.failures(CAFE, b"alice"), limits.failures(CAFE, b"bob")) == (3, 0)


def test_all_is_forgotten_after_a_while_without_a_failure(clock, limits, login):
    seconds_until_it_fails(clock, login(b"alice", b"x"))
    clock.advance(98)
    assert limits.failures(HOME, b"alice") == 1
    clock.advance(2)
    assert limits.failures(HOME, b"alice") == 0


def test_logins_without_a_name_count_for_their_source_only(clock, limits, portal):
    seconds_until_it_fails(clock, limits.portal(portal, HOME).login(Anonymous(), None, object))
    assert (limits.failures(HOME, b""), limits.failures(CAFE, b"")) == (1, 0)


def test_only_so_many_sources_and_names_are_remembered(clock, limits, login):
    limits.MOST_KEPT, limits.most = 10, 1000
    waiting = [login(b"name %d" % number, b"x") for number in range(50)]
    assert len(limits._failures) == 10
    clock.advance(8)
    for one in waiting:
        failure_of(one, error.LoginFailed)


def test_who_gives_up_waiting_leaves_no_timer(clock, login):
    waiting = login(b"alice", b"x")
    outcomes(waiting)
    waiting.cancel()
    assert clock.getDelayedCalls() == []


@pytest.mark.parametrize(
    "peer, source",
    [
        (IPv4Address("TCP", "192.0.2.1", 1), "192.0.2.1"),
        (IPv6Address("TCP", "2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::/64"),
        (IPv6Address("TCP", "::ffff:192.0.2.1", 1), "192.0.2.1"),
        (IPv6Address("TCP", "fe80::1%eth0", 1), "fe80::/64"),
        (UNIXAddress("/run/x"), "here"),
        (None, "here"),
    ],
)
def test_a_source_is_what_one_customer_has(peer, source):
    assert source_of(peer) == source


@pytest.mark.parametrize(
    "peer, may",
    [
        (IPv4Address("TCP", "127.0.0.1", 1), True),
        (IPv4Address("TCP", "127.8.8.8", 1), True),
        (IPv6Address("TCP", "::1", 1), True),
        (IPv6Address("TCP", "::ffff:127.0.0.1", 1), True),
        (UNIXAddress("/run/x"), True),
        (IPv4Address("TCP", "192.0.2.1", 1), False),
        (IPv6Address("TCP", "2001:db8::1", 1), False),
        (IPv4Address("TCP", "localhost.example", 1), False),
    ],
)
def test_a_password_in_the_clear_may_not_cross_a_network(peer, may):
    assert mayTakePasswords(StringTransport(peerAddress=peer)) is may


def test_over_TLS_and_in_networks_that_the_program_names_it_may():
    secure = StringTransport(peerAddress=HOME)
    secure.TLS = True
    assert mayTakePasswords(secure)
    assert mayTakePasswords(StringTransport(peerAddress=HOME), ["192.0.2.0/24"])
    assert not mayTakePasswords(StringTransport(peerAddress=HOME), ["198.51.100.0/24"])


def test_a_limited_portal_offers_what_the_portal_does_and_counts(limits, portal, clock):
    door = limits.portal(portal, HOME)
    assert door.listCredentialsInterfaces() == portal.listCredentialsInterfaces()
    assert result_of(door.login(UsernamePassword(b"alice", b"secret"), None, object))[1] == b"alice"
    failed = outcomes(door.login(UsernamePassword(b"alice", b"wrong"), None, object))
    clock.advance(1)
    assert failed[0].check(error.UnauthorizedLogin)
    assert limits.failures(HOME, b"") == 1
