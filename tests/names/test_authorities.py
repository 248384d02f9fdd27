"""Where zones come from: files of Python, which Twisted has too, and zone files."""

import pytest

from reactor.names import authority, dns, error
from tests.names.results import failure_of
from tests.support.outcomes import result_of

PROGRAM = """
zone = [
    SOA("Example.org", mname="ns1.example.org", rname="root.example.org", serial=7, refresh="1H", retry="10M",
        expire="1D", minimum="1M", ttl="5M"),
    NS("example.org", "ns1.example.org"),
    A("ns1.example.org", "192.0.2.1", "30S"),
    CNAME("www.example.org", "ns1.example.org"),
    MX("example.org", 10, "ns1.example.org"),
]
"""


@pytest.fixture
def example(tmp_path):
    path = tmp_path / "zone.py"
    path.write_text(PROGRAM, encoding="utf-8")
    return authority.PySourceAuthority(str(path))


def test_a_zone_of_Python_answers(example):
    answers, _, _ = result_of(example.lookupAddress("ns1.example.org"))
    assert [(one.payload.dottedQuad(), one.ttl, one.auth) for one in answers] == [("192.0.2.1", 30, True)]


def test_its_aliases_come_with_what_they_stand_for(example):
    answers, _, _ = result_of(example.lookupAddress("www.example.org"))
    assert [one.type for one in answers] == [dns.CNAME, dns.A]


def test_its_hosts_come_with_their_addresses(example):
    answers, _, additional = result_of(example.lookupMailExchange("example.org"))
    assert [one.payload.preference for one in answers] == [10]
    assert [one.payload.dottedQuad() for one in additional] == ["192.0.2.1"]


@pytest.mark.own_promise("Twisted keeps the dot as a part of the name")
def test_names_with_a_dot_at_the_end_are_the_same_names(tmp_path):
    path = tmp_path / "zone.py"
    path.write_text(PROGRAM.replace('org"', 'org."'), encoding="utf-8")
    dotted = authority.PySourceAuthority(str(path))
    assert dotted.origin == b"example.org"
    for name in ("www.example.org", "www.example.org."):
        answers, _, _ = result_of(dotted.lookupAddress(name))
        assert [one.type for one in answers] == [dns.CNAME, dns.A]
    assert [one.type for one in result_of(dotted.lookupMailExchange("example.org"))[2]] == [dns.A]
    assert result_of(dotted.lookupZone("example.org."))


def test_a_record_without_a_time_gets_the_longest_of_the_SOA(example):
    answers, _, _ = result_of(example.lookupNameservers("example.org"))
    assert answers[0].ttl == 86400


def test_a_name_that_the_zone_does_not_have_ends_the_search(example):
    assert failure_of(example.lookupAddress("nobody.example.org"), error.AuthoritativeDomainError)


def test_a_name_of_another_zone_may_be_asked_elsewhere(example):
    assert failure_of(example.lookupAddress("example.com"), error.DomainError)


def test_the_whole_zone_begins_and_ends_with_its_SOA(example):
    records, _, _ = result_of(example.lookupZone("example.org"))
    assert [one.type for one in records] == [dns.SOA, dns.NS, dns.MX, dns.A, dns.CNAME, dns.SOA]
    assert failure_of(example.lookupZone("www.example.org"), error.DomainError)


def test_a_program_without_a_zone_is_refused(tmp_path):
    path = tmp_path / "zone.py"
    path.write_text("zones = []\n", encoding="utf-8")
    with pytest.raises(ValueError, match="No zone defined in"):
        authority.PySourceAuthority(str(path))


class InMemory(authority.FileAuthority):
    def __init__(self):
        start = dns.Record_SOA("ns1.example.org", "root.example.org", 7, 3600, 600, 86400, 60, ttl=300)
        self.start = start
        super().__init__("nowhere")

    def loadFile(self, filename):
        self.soa = (b"example.org", self.start)
        self.records = {b"example.org": [self.start], b"a.example.org": [dns.Record_A("192.0.2.5", ttl=3)]}


def test_a_subclass_can_bring_its_own_records():
    answers, _, _ = result_of(InMemory().lookupAddress("a.example.org"))
    assert answers[0].payload == dns.Record_A("192.0.2.5", ttl=3)
