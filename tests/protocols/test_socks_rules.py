"""Who may go where through a proxy."""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no rules but `authorize`", allow_module_level=True)

from reactor.address import IPv4Address
from reactor.protocols.socks import ProxyRealm, Rules
from reactor.protocols.socks.rules import IProxyUser

HERE = IPv4Address("TCP", "192.0.2.9", 1)


def may(rules, host, address=None, port=80, source=HERE):
    return rules.permits(1, host, address, port, b"", source)


OWN = [
    "127.0.0.1",
    "127.255.0.1",
    "::1",
    "::ffff:127.0.0.1",
    "0.0.0.0",
    "::",
    "169.254.169.254",
    "fe80::1",
    "224.0.0.1",
]


@pytest.mark.parametrize("address", [*OWN, "224.0.0.1", "ff02::1", "255.255.255.255"])
def test_addresses_of_this_machine_and_its_link_are_shut_whatever_name_leads_there(address):
    assert not may(Rules(), address, address)
    assert not may(Rules(), "innocent.example", address)


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "2001:db8::1", "::ffff:192.0.2.1"])
def test_other_addresses_are_open(address):
    assert may(Rules(), address, address)
    assert may(Rules(), "some.example", None)
    assert may(Rules(), "some.example", address)


def test_what_is_shut_can_be_allowed_by_network_or_name_and_port():
    rules = Rules(allow=["127.0.0.0/8:8080", "::1", "printer.local"])
    assert may(rules, "127.0.0.1", "127.0.0.1", 8080)
    assert may(rules, "localhost", "127.0.0.1", 8080)
    assert not may(rules, "127.0.0.1", "127.0.0.1", 80)
    assert may(rules, "::1", "::1")
    assert may(rules, "printer.local", "169.254.3.3")
    assert not may(rules, "other.local", "169.254.3.3")


def test_deny_comes_before_all():
    rules = Rules(deny=["*:25", "10.0.0.0/8", "*.bad.example"], allow=["10.0.0.0/8"])
    assert not may(rules, "mail.example", None, 25)
    assert not may(rules, "10.1.1.1", "10.1.1.1")
    assert not may(rules, "fine.example", "10.1.1.1")
    assert not may(rules, "A.BAD.example.", None)
    assert may(rules, "bad.example", None)


def test_only_shuts_all_else():
    names, networks = Rules(only=["*.good.example"]), Rules(only=["198.51.100.0/24"])
    assert may(names, "a.good.example", None) and may(names, "a.good.example", "192.0.2.1")
    assert not may(names, "a.example", None) and not may(names, "192.0.2.1", "192.0.2.1")
    assert not may(names, "a.good.example", "127.0.0.1")
    assert may(networks, "a.example", None) and may(networks, "a.example", "198.51.100.7")
    assert not may(networks, "a.example", "192.0.2.1")


def test_clients_may_have_to_come_from_certain_networks():
    rules = Rules(clients=["192.0.2.0/24", "2001:db8::/32"])
    assert may(rules, "192.0.2.1", "192.0.2.1")
    assert not may(rules, "192.0.2.1", "192.0.2.1", source=IPv4Address("TCP", "198.51.100.1", 1))
    assert not may(rules, "192.0.2.1", "192.0.2.1", source=None)


@pytest.mark.parametrize("text", ["", ":80", "10.0.0.0/33", "10.0.0.1/8", "host:port", "host:70000", "1.2.3", "[::1]x"])
def test_a_rule_that_cannot_be_read_is_an_error(text):
    with pytest.raises(ValueError, match=r"a rule is a network or a name|is no network"):
        Rules(deny=[text])


def test_IPv6_with_a_port_stands_in_brackets():
    rules = Rules(deny=["[2001:db8::/32]:25", "[2001:db9::1]"])
    assert not may(rules, "2001:db8::1", "2001:db8::1", 25)
    assert may(rules, "2001:db8::1", "2001:db8::1", 80)
    assert not may(rules, "2001:db9::1", "2001:db9::1", 80)


def test_a_realm_gives_its_rules_to_everybody_and_nothing_else():
    rules = Rules()
    assert ProxyRealm(rules).requestAvatar(b"alice", None, object, IProxyUser)[:2] == (IProxyUser, rules)
    with pytest.raises(NotImplementedError, match="this realm has IProxyUser"):
        ProxyRealm(rules).requestAvatar(b"alice", None, object)
