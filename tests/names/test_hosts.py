"""The hosts file as a resolver. These tests ask Twisted too."""

import pytest

from reactor.names import dns, error, hosts
from tests.names.results import failure_of
from tests.support.outcomes import result_of

TEXT = b"""\
# a comment, and an empty line

127.0.0.1       localhost       # here
::1             localhost ip6-localhost
192.0.2.7       Kitchen.test    kitchen
192.0.2.8       kitchen
fe80::1%lo0     kitchen
2001:db8::7     kitchen
nonsense        kitchen
"""


@pytest.fixture
def resolver(tmp_path):
    path = tmp_path / "hosts"
    path.write_bytes(TEXT)
    return hosts.Resolver(str(path).encode())


def test_all_IPv4_addresses_of_a_name_are_found_in_their_order(resolver):
    answers, authority, additional = result_of(resolver.lookupAddress("Kitchen"))
    assert [(one.payload.dottedQuad(), one.ttl, one.type) for one in answers] == [
        ("192.0.2.7", 3600, dns.A),
        ("192.0.2.8", 3600, dns.A),
    ]
    assert (authority, additional) == ((), ())


def test_IPv6_addresses_are_found(resolver):
    answers, _, _ = result_of(resolver.lookupIPV6Address("localhost"))
    assert [one.payload for one in answers] == [dns.Record_AAAA("::1", 3600)]


def test_all_records_are_its_IPv4_addresses(resolver):
    assert len(result_of(resolver.lookupAllRecords("kitchen.TEST"))[0]) == 1


def test_what_is_not_in_the_file_may_be_known_to_others(resolver):
    assert failure_of(resolver.lookupAddress("nobody"), error.DomainError)
    assert failure_of(resolver.lookupIPV6Address("kitchen.test"), error.DomainError)


def test_a_file_that_is_not_there_knows_nothing(tmp_path):
    absent = hosts.Resolver(str(tmp_path / "absent").encode())
    assert failure_of(absent.lookupAddress("kitchen"), error.DomainError)


def test_the_first_address_can_be_asked_for_by_itself(resolver):
    assert hosts.searchFileFor(resolver.file, b"kitchen") == "192.0.2.7"
    assert hosts.searchFileFor(resolver.file, b"nobody") is None


@pytest.mark.own_promise("it says that it isn't implemented")
def test_other_records_are_known_to_others(resolver):
    assert failure_of(resolver.lookupMailExchange("kitchen"), error.DomainError)


@pytest.mark.own_promise("a line with a scope is left out here, since a record has no room for it")
def test_an_address_with_a_scope_is_passed_by(resolver):
    answers, _, _ = result_of(resolver.lookupIPV6Address("kitchen"))
    assert [one.payload for one in answers] == [dns.Record_AAAA("2001:db8::7", 3600)]
