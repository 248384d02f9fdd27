"""Addresses: values that can be compared, kept in sets, and printed."""

import pytest

from reactor.address import IPv4Address, IPv6Address, UNIXAddress


def test_an_ipv4_address_has_type_host_and_port():
    address = IPv4Address("TCP", "127.0.0.1", 80)
    assert (address.type, address.host, address.port) == ("TCP", "127.0.0.1", 80)


def test_an_ipv6_address_has_a_flow_and_a_scope_too():
    address = IPv6Address("TCP", "::1", 80, 1, 2)
    assert (address.type, address.host, address.port) == ("TCP", "::1", 80)
    assert (address.flowInfo, address.scopeID) == (1, 2)
    assert IPv6Address("TCP", "::1", 80).flowInfo == 0


def test_equal_addresses_are_equal_and_hash_alike():
    pairs = [
        (IPv4Address("TCP", "127.0.0.1", 80), IPv4Address("TCP", "127.0.0.1", 80)),
        (IPv6Address("TCP", "::1", 80), IPv6Address("TCP", "::1", 80)),
        (UNIXAddress("/tmp/x"), UNIXAddress("/tmp/x")),
    ]
    for one, other in pairs:
        assert one == other and hash(one) == hash(other) and len({one, other}) == 1


@pytest.mark.parametrize(
    "other",
    [
        IPv4Address("TCP", "127.0.0.1", 81),
        IPv4Address("TCP", "127.0.0.2", 80),
        IPv4Address("UDP", "127.0.0.1", 80),
        IPv6Address("TCP", "127.0.0.1", 80),
        ("TCP", "127.0.0.1", 80),
        "127.0.0.1",
        None,
    ],
    ids=repr,
)
def test_different_addresses_differ(other):
    assert IPv4Address("TCP", "127.0.0.1", 80) != other


def test_reprs():
    assert repr(IPv4Address("TCP", "127.0.0.1", 80)) == "IPv4Address(type='TCP', host='127.0.0.1', port=80)"
    assert repr(IPv6Address("TCP", "::1", 80)) == "IPv6Address(type='TCP', host='::1', port=80, flowInfo=0, scopeID=0)"
    assert repr(UNIXAddress("/tmp/x")) == "UNIXAddress('/tmp/x')"


def test_a_type_that_is_neither_tcp_nor_udp_is_refused():
    for cls in (IPv4Address, IPv6Address):
        with pytest.raises((ValueError, AssertionError)):
            cls("SCTP", "127.0.0.1", 80)


@pytest.mark.own_promise("its addresses can be changed behind the back of a set that holds them")
def test_an_address_does_not_change():
    address = IPv4Address("TCP", "127.0.0.1", 80)
    with pytest.raises(AttributeError):
        address.port = 81


def test_a_unix_address_may_have_no_name():
    assert UNIXAddress(None).name is None
    assert UNIXAddress(b"/tmp/x") == UNIXAddress("/tmp/x") or UNIXAddress("/tmp/x").name in ("/tmp/x", b"/tmp/x")


def test_two_paths_to_one_file_are_one_unix_address(tmp_path):
    there, link, elsewhere = tmp_path / "socket", tmp_path / "link", tmp_path / "other"
    there.touch()
    elsewhere.touch()
    link.symlink_to(there)
    one, same, other = (UNIXAddress(str(path)) for path in (there, link, elsewhere))
    assert one == same and hash(one) == hash(same)
    assert one != other and one != str(there)
    link.unlink()
    assert one != same


@pytest.mark.own_promise("it can't hash abstract names")
def test_unix_addresses_without_a_file_go_by_their_names():
    names = [None, b"\0abstract", b"\0other", b"/nothing/here", b"/nothing/there"]
    assert len({UNIXAddress(name) for name in [*names, *names]}) == len(names)
