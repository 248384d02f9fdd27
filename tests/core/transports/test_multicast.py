"""Multicast: a datagram for everybody who has joined. All of it on the loopback interface.

IPv6 groups are joined and left here, and their options set; whether a datagram gets there depends on the machine, as
the loopback interface often takes no part in IPv6 multicast. So that one test looks first.
"""

import socket
import struct

import pytest

from reactor.error import CannotListenError, MulticastJoinError
from tests.support.datagrams import Hearer, opened_ports, where  # noqa: F401 (fixtures)
from tests.support.loopback import run_until, stop_listening, turn

GROUP, OTHER_GROUP, GROUP6 = "239.255.77.71", "239.255.77.72", "ff01::7771"
FAMILIES = pytest.mark.parametrize("interface", ["127.0.0.1", "::"])


@pytest.fixture
def listen(reactor, opened):
    """Like reactor.listenMulticast."""

    def start(protocol, port=0, **options):
        opened.append(reactor.listenMulticast(port, protocol, **options))
        return opened[-1]

    return start


@pytest.fixture
def outcome(reactor):
    """The result of a Deferred, which comes soon; a failure is raised."""

    def get(deferred):
        results = []
        deferred.addBoth(results.append)
        run_until(reactor, lambda: results)
        if hasattr(results[0], "raiseException"):
            results[0].raiseException()
        return results[0]

    return get


@pytest.fixture
def speaker(listen, outcome):
    """A port that sends to groups by the loopback interface."""
    port = listen(Hearer(), interface="127.0.0.1")
    assert outcome(port.setOutgoingInterface("127.0.0.1")) == 1
    return port


def test_members_of_a_group_get_what_is_sent_to_it(reactor, listen, outcome, speaker):
    members = [Hearer(), Hearer()]
    first = listen(members[0], listenMultiple=True)
    second = listen(members[1], first.getHost().port, listenMultiple=True)
    for port in (first, second):
        assert outcome(port.joinGroup(GROUP, "127.0.0.1")) is None
    speaker.write(b"hello, everybody", (GROUP, first.getHost().port))
    run_until(reactor, lambda: all(member.heard for member in members))
    assert [member.heard for member in members] == [[(b"hello, everybody", where(speaker))]] * 2


def test_who_has_left_gets_nothing(reactor, listen, outcome, speaker):
    member = Hearer()
    port = listen(member)
    outcome(port.joinGroup(GROUP, "127.0.0.1"))
    outcome(port.joinGroup(OTHER_GROUP, "127.0.0.1"))
    assert outcome(port.leaveGroup(GROUP, "127.0.0.1")) is None
    speaker.write(b"to those who stayed", (GROUP, port.getHost().port))
    speaker.write(b"the end", (OTHER_GROUP, port.getHost().port))
    run_until(reactor, lambda: member.heard)
    assert member.datagrams == [b"the end"]


def test_a_plain_socket_can_be_a_member_and_a_speaker(reactor, listen, outcome, speaker):
    heard = Hearer()
    port = listen(heard)
    outcome(port.joinGroup(GROUP, "127.0.0.1"))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plain:
        plain.bind(("", 0))
        membership = socket.inet_aton(GROUP) + socket.inet_aton("127.0.0.1")
        plain.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
        plain.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
        plain.sendto(b"from a plain socket", (GROUP, port.getHost().port))
        run_until(reactor, lambda: heard.datagrams == [b"from a plain socket"])
        speaker.write(b"to a plain socket", (GROUP, plain.getsockname()[1]))
        plain.settimeout(5)
        assert plain.recvfrom(100) == (b"to a plain socket", where(speaker))


# --- joining


@pytest.mark.own_promise("it looks names up only while the reactor runs")
def test_a_group_may_be_a_name(listen, outcome):
    """It is looked up like any other; this one is no group's, and so joining fails, but with its address."""
    with pytest.raises(MulticastJoinError):
        outcome(listen(Hearer()).joinGroup("localhost", "127.0.0.1"))


@pytest.mark.parametrize(
    ("group", "interface"), [("127.0.0.1", ""), (GROUP, "203.0.113.7"), ("ff01::1", ""), (GROUP, "::1")]
)
def test_what_cannot_be_joined_fails_with_MulticastJoinError(listen, outcome, group, interface):
    with pytest.raises(MulticastJoinError):
        outcome(listen(Hearer()).joinGroup(group, interface))


@FAMILIES
def test_joining_twice_and_leaving_without_are_errors(listen, outcome, interface):
    port = listen(Hearer(), interface=interface)
    group = GROUP6 if ":" in interface else GROUP
    where_to = "" if ":" in interface else interface
    with pytest.raises(MulticastJoinError):
        outcome(port.leaveGroup(group, where_to))
    outcome(port.joinGroup(group, where_to))
    with pytest.raises(MulticastJoinError):
        outcome(port.joinGroup(group, where_to))
    outcome(port.leaveGroup(group, where_to))


# --- options


@FAMILIES
def test_options_as_they_are_at_first(listen, interface):
    port = listen(Hearer(), interface=interface)
    assert port.getTTL() == 1
    assert port.getLoopbackMode() is True
    assert port.getOutgoingInterface() == (0 if ":" in interface else "0.0.0.0")
    assert port.getBroadcastAllowed() is False


@FAMILIES
def test_options_can_be_set_and_read(listen, interface):
    port = listen(Hearer(), interface=interface)
    for ttl in (0, 1, 32, 255):
        port.setTTL(ttl)
        assert port.getTTL() == ttl
    for mode in (0, 1, False, True):
        port.setLoopbackMode(mode)
        assert port.getLoopbackMode() is bool(mode)


def test_the_outgoing_interface_is_an_address_for_IPv4_and_a_number_for_IPv6(listen, outcome):
    four, six = listen(Hearer()), listen(Hearer(), interface="::")
    assert outcome(four.setOutgoingInterface("127.0.0.1")) == 1
    assert four.getOutgoingInterface() == "127.0.0.1"
    number = socket.if_nametoindex("lo")
    assert outcome(six.setOutgoingInterface(number)) == 1
    assert six.getOutgoingInterface() == number


@pytest.mark.own_promise("it raises OSError, inside the Deferred")
@pytest.mark.parametrize(("interface", "choice"), [("127.0.0.1", "203.0.113.7"), ("::", 99999)])
def test_an_interface_that_is_not_there_fails_with_MulticastJoinError(listen, outcome, interface, choice):
    with pytest.raises(MulticastJoinError):
        outcome(listen(Hearer(), interface=interface).setOutgoingInterface(choice))


@pytest.mark.own_promise("it asserts, inside the Deferred")
@pytest.mark.parametrize(("interface", "choice"), [("127.0.0.1", 1), ("::", "::1")])
def test_the_wrong_kind_of_interface_is_refused_at_the_call(listen, interface, choice):
    with pytest.raises(TypeError, match=repr(choice)):
        listen(Hearer(), interface=interface).setOutgoingInterface(choice)


@pytest.mark.parametrize("ttl", [-1, 256, "far"])
def test_a_TTL_out_of_range_is_refused_at_the_call(listen, ttl):
    port = listen(Hearer())
    with pytest.raises((ValueError, TypeError, struct.error)):
        port.setTTL(ttl)
    assert port.getTTL() == 1


# --- IPv6


def multicast6_works():
    """Whether the loopback interface carries IPv6 datagrams to groups: asked of plain sockets."""
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as plain:
        number = socket.if_nametoindex("lo")
        plain.bind(("::", 0))
        try:
            membership = socket.inet_pton(socket.AF_INET6, GROUP6) + struct.pack("@I", number)
            plain.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, membership)
            plain.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, number)
            plain.sendto(b"?", (GROUP6, plain.getsockname()[1]))
            plain.settimeout(0.5)
            return plain.recv(1) == b"?"
        except OSError:
            return False


@pytest.mark.own_promise("it can only join where the kernel chooses")
@pytest.mark.parametrize("interface", ["lo", "number", "fe80::1%lo"])
def test_an_IPv6_group_is_joined_on_an_interface_by_name_or_number_or_scope(listen, outcome, interface):
    port = listen(Hearer(), interface="::")
    number = str(socket.if_nametoindex("lo"))
    chosen = number if interface == "number" else interface
    outcome(port.joinGroup(GROUP6, chosen))
    with pytest.raises(MulticastJoinError):
        outcome(port.joinGroup(GROUP6, number))
    outcome(port.leaveGroup(GROUP6, chosen))


@pytest.mark.own_promise("it can only join where the kernel chooses")
def test_an_interface_that_has_no_such_name_fails_with_MulticastJoinError(listen, outcome):
    with pytest.raises(MulticastJoinError):
        outcome(listen(Hearer(), interface="::").joinGroup(GROUP6, "nosuch0"))


@pytest.mark.own_promise("it can only join where the kernel chooses")
def test_members_of_an_IPv6_group_get_what_is_sent_to_it(reactor, listen, outcome):
    if not multicast6_works():
        pytest.skip("the loopback interface carries no IPv6 multicast here")
    member = Hearer()
    port = listen(member, interface="::")
    outcome(port.joinGroup(GROUP6, "lo"))
    outcome(port.setOutgoingInterface(socket.if_nametoindex("lo")))
    port.write(b"hello, everybody", (GROUP6, port.getHost().port))
    run_until(reactor, lambda: member.datagrams == [b"hello, everybody"])


# --- sharing a port


@pytest.mark.leaks_in_twisted("the socket that could not be bound")
def test_a_port_is_shared_only_if_all_say_so(listen):
    number = listen(Hearer(), listenMultiple=True).getHost().port
    with pytest.raises(CannotListenError):
        listen(Hearer(), number)


def test_a_multicast_port_is_a_UDP_port_too(reactor, listen):
    hearer = Hearer()
    port = listen(hearer, interface="127.0.0.1")
    port.write(b"to one", where(port))
    run_until(reactor, lambda: hearer.datagrams == [b"to one"])
    stop_listening(reactor, port)
    turn(reactor)
    assert hearer.events == ["started", "data", "stopped"]
