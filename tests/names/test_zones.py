"""What a zone answers: the algorithm of RFC 1034 §4.3.2, case by case."""

import time

import pytest

from reactor.names import dns
from reactor.names.dns.naming import parent_of
from reactor.names.zones import Zone, canonical
from tests.names.zone_files import EXAMPLE, authority


@pytest.fixture
def zone(tmp_path):
    return authority(tmp_path).zone


def shown(records):
    return [(str(one.name), dns.QUERY_TYPES[one.type]) for one in records]


def test_records_of_the_type_asked_for_answer(zone):
    reply = zone.answer(b"example.org", dns.NS)
    assert reply.rCode == dns.OK and reply.auth
    assert shown(reply.answers) == [("example.org", "NS")] * 2
    assert shown(reply.additional) == [("ns1.example.org", "A")] and not reply.authority


def test_an_answer_brings_the_addresses_of_the_hosts_that_it_names(zone):
    for name, kind in ((b"example.org", dns.MX), (b"_xmpp-client._tcp.example.org", dns.SRV)):
        reply = zone.answer(name, kind)
        assert shown(reply.additional) == [("mail.example.org", "A"), ("mail.example.org", "AAAA")]


def test_case_does_not_count_and_answers_have_the_case_of_the_question(zone):
    assert shown(zone.answer(b"WEB.Example.ORG", dns.A).answers) == [("WEB.Example.ORG", "A")]
    assert zone.answer(b"a.capital.example.org", dns.TXT).answers


def test_a_name_without_records_of_the_type_has_the_SOA_beside_it(zone):
    reply = zone.answer(b"web.example.org", dns.MX)
    assert (reply.rCode, reply.answers, shown(reply.authority)) == (dns.OK, [], [("example.org", "SOA")])
    assert reply.authority[0].ttl == 60  # the SOA's minimum, and not its own 300


def test_a_name_that_is_not_there_is_NXDOMAIN(zone):
    reply = zone.answer(b"nobody.example.org", dns.A)
    assert (reply.rCode, reply.answers, shown(reply.authority)) == (dns.ENAME, [], [("example.org", "SOA")])


def test_a_name_with_names_below_is_there_without_records(zone):
    """RFC 8020: nothing below an NXDOMAIN; so this one must not be one."""
    reply = zone.answer(b"down.there.example.org", dns.TXT)
    assert (reply.rCode, reply.answers) == (dns.OK, [])
    assert zone.answer(b"deep.down.there.example.org", dns.TXT).answers


def test_an_alias_is_followed_within_the_zone(zone):
    reply = zone.answer(b"www.example.org", dns.A)
    assert shown(reply.answers) == [("www.example.org", "CNAME"), ("web.example.org", "A")]


def test_an_alias_itself_can_be_asked_for(zone):
    assert shown(zone.answer(b"www.example.org", dns.CNAME).answers) == [("www.example.org", "CNAME")]


def test_an_alias_that_leaves_the_zone_is_all_there_is(zone):
    reply = zone.answer(b"out.example.org", dns.A)
    assert (reply.rCode, shown(reply.answers)) == (dns.OK, [("out.example.org", "CNAME")])


def test_aliases_in_a_circle_end(zone):
    assert shown(zone.answer(b"loop.example.org", dns.A).answers) == [
        ("loop.example.org", "CNAME"),
        ("pool.example.org", "CNAME"),
    ]


def test_a_chain_of_aliases_is_followed_16_times_at_most(tmp_path):
    links = "".join(f"c{number} IN CNAME c{number + 1}\n" for number in range(30))
    zone = authority(tmp_path, EXAMPLE + links + "c30 IN A 192.0.2.5\n").zone
    assert len(zone.answer(b"c0.example.org", dns.A).answers) == 16
    assert zone.answer(b"c20.example.org", dns.A).answers[-1].type == dns.A


def test_an_alias_of_what_is_not_there_is_NXDOMAIN_with_the_alias(tmp_path):
    zone = authority(tmp_path, EXAMPLE + "bad IN CNAME nobody\n").zone
    reply = zone.answer(b"bad.example.org", dns.A)
    assert (reply.rCode, shown(reply.answers)) == (dns.ENAME, [("bad.example.org", "CNAME")])


def test_a_wildcard_stands_for_names_that_are_not_there(zone):
    reply = zone.answer(b"any.thing.wild.example.org", dns.TXT)
    assert shown(reply.answers) == [("any.thing.wild.example.org", "TXT")]
    assert reply.answers[0].payload.data == [b"wild", b"card"]
    assert zone.answer(b"x.wild.example.org", dns.A).rCode == dns.OK  # there, and without an address


def test_a_wildcard_does_not_stand_for_a_name_that_is_there_nor_for_those_below_it(zone):
    assert not zone.answer(b"here.wild.example.org", dns.TXT).answers
    assert zone.answer(b"below.here.wild.example.org", dns.TXT).rCode == dns.ENAME
    assert zone.answer(b"wild.example.org", dns.TXT).rCode == dns.OK


def test_a_wildcard_that_only_has_names_below_it_stands_for_names_without_records():
    """RFC 4592 §3.3.1: it is there, so what it stands for is no NXDOMAIN."""
    start = dns.Record_SOA("ns.example.org", "root.example.org", 1, 1, 1, 1, 1)
    zone = Zone(
        dns.RRHeader(name, payload.TYPE, ttl=1, payload=payload)
        for name, payload in ((b"example.org", start), (b"ghost.*.example.org", dns.Record_A("192.0.2.1")))
    )
    reply = zone.answer(b"nobody.example.org", dns.A)
    assert (reply.rCode, reply.answers, shown(reply.authority)) == (dns.OK, [], [("example.org", "SOA")])


def test_a_wildcard_may_be_an_alias(zone):
    reply = zone.answer(b"x.also.example.org", dns.A)
    assert shown(reply.answers) == [("x.also.example.org", "CNAME"), ("web.example.org", "A")]


def test_the_wildcard_itself_can_be_asked_for(zone):
    assert shown(zone.answer(b"*.wild.example.org", dns.MX).answers) == [("*.wild.example.org", "MX")]


@pytest.mark.parametrize("name", [b"sub.example.org", b"x.sub.example.org", b"ns.sub.example.org"])
def test_a_name_below_a_delegation_gets_a_referral_with_glue(zone, name):
    reply = zone.answer(name, dns.A)
    assert (reply.rCode, reply.auth, reply.answers) == (dns.OK, False, [])
    assert shown(reply.authority) == [("sub.example.org", "NS")] * 2
    assert shown(reply.additional) == [("ns.sub.example.org", "A"), ("ns1.example.org", "A")]


def test_the_DS_of_a_delegation_is_ours_to_answer(zone):
    reply = zone.answer(b"sub.example.org", dns.DS)
    assert reply.auth and shown(reply.answers) == [("sub.example.org", "DS")]
    assert shown(zone.answer(b"x.sub.example.org", dns.DS).authority) == [("sub.example.org", "NS")] * 2


def test_a_DNAME_moves_all_names_below_it(zone):
    reply = zone.answer(b"a.old.example.org", dns.A)
    assert shown(reply.answers) == [
        ("old.example.org", "DNAME"),
        ("a.old.example.org", "CNAME"),
        ("a.new.example.org", "A"),
    ]
    assert reply.answers[1].payload.name == dns.Name("a.new.example.org")


def test_a_DNAME_does_not_move_its_own_name(zone):
    assert shown(zone.answer(b"old.example.org", dns.DNAME).answers) == [("old.example.org", "DNAME")]
    assert not zone.answer(b"old.example.org", dns.A).answers


def test_a_DNAME_that_makes_a_name_too_long_is_YXDOMAIN(tmp_path):
    target = ".".join(["x" * 60] * 3)
    zone = authority(tmp_path, EXAMPLE + f"far IN DNAME {target}\n").zone
    assert zone.answer(b"y" * 60 + b".far.example.org", dns.A).rCode == 6


def test_ANY_is_answered_with_one_set_of_records(zone):
    """RFC 8482: who asks for everything gets something, and nobody can be flooded with the rest."""
    assert {one.type for one in zone.answer(b"example.org", dns.ALL_RECORDS).answers} == {dns.SOA}
    assert len({one.type for one in zone.answer(b"mail.example.org", dns.ALL_RECORDS).answers}) == 1


def test_a_zone_has_one_SOA():
    record = dns.RRHeader("example.org", dns.A, payload=dns.Record_A())
    with pytest.raises(ValueError, match="a zone has one SOA record, and here are 0"):
        Zone([record])


def test_a_record_of_another_zone_is_refused(zone):
    stray = dns.RRHeader("other.test", dns.A, payload=dns.Record_A())
    with pytest.raises(ValueError, match=r"other\.test.* does not belong to the zone b'example\.org'"):
        Zone([*zone.records(), stray])


def test_a_record_that_stands_twice_counts_once(zone):
    assert len(list(Zone([*zone.records(), *zone.records()]).records())) == len(list(zone.records()))


@pytest.mark.parametrize(
    "name, parent", [(b"a.b.c", b"b.c"), (b"a", b""), (b"", b""), (rb"a\.b.c", b"c"), (rb"a\\.b", b"b")]
)
def test_the_name_above(name, parent):
    assert parent_of(name) == parent


def test_names_in_the_order_of_a_signed_zone():
    """The list of RFC 4034 §6.1."""
    names = [b"example", b"a.example", b"yljkjljk.a.example", b"Z.a.example", b"zABC.a.EXAMPLE", b"z.example"]
    assert sorted(set(names), key=canonical) == names


# --- signed zones: signed by dnspython here, since nobody is to sign them in the server


def signed(tmp_path, text=EXAMPLE, nsec3=None):
    import dns.dnssec as dnssec
    import dns.zone as zones
    from dns.dnssecalgs.rsa import PrivateRSASHA256

    zone = zones.from_text(text, origin="example.org", relativize=False, allow_include=False)
    key = PrivateRSASHA256.generate(key_size=1024)
    keys = [(key, dnssec.make_dnskey(key.public_key(), dnssec.Algorithm.RSASHA256))]
    with zone.writer() as writer:
        dnssec.sign_zone(zone, writer, keys, lifetime=3600, add_dnskey=True, nsec3=nsec3)
    return authority(tmp_path, zone.to_text(relativize=False), "example.org").zone


@pytest.fixture(scope="module")
def signed_zone(tmp_path_factory):
    pytest.importorskip("cryptography")
    return signed(tmp_path_factory.mktemp("signed"))


def kinds(records):
    return [dns.QUERY_TYPES[one.type] for one in records]


def test_signatures_come_to_who_asks_for_them(signed_zone):
    assert kinds(signed_zone.answer(b"web.example.org", dns.A, True).answers) == ["A", "RRSIG"]
    assert kinds(signed_zone.answer(b"web.example.org", dns.A).answers) == ["A"]


def test_that_a_name_is_not_there_is_proved(signed_zone):
    reply = signed_zone.answer(b"nobody.example.org", dns.A, True)
    assert kinds(reply.authority) == ["SOA", "RRSIG", "NSEC", "RRSIG", "NSEC", "RRSIG"]
    before, after = [(one.name.name, one.payload.next.name) for one in reply.authority if one.type == dns.NSEC][-1]
    assert canonical(before) < canonical(b"nobody.example.org") < canonical(after)


def test_that_a_name_has_no_such_records_is_proved_by_the_types_that_it_has(signed_zone):
    reply = signed_zone.answer(b"web.example.org", dns.MX, True)
    (proof,) = [one for one in reply.authority if one.type == dns.NSEC]
    assert proof.name == dns.Name("web.example.org") and dns.A in proof.payload.types
    assert dns.MX not in proof.payload.types


def test_a_wildcards_answer_proves_that_the_name_itself_is_not_there(signed_zone):
    reply = signed_zone.answer(b"x.wild.example.org", dns.TXT, True)
    assert kinds(reply.answers) == ["TXT", "RRSIG"] and "NSEC" in kinds(reply.authority)
    assert reply.answers[1].payload.labels == 3  # of *.wild.example.org, by which a validator knows it


def test_a_referral_brings_the_DS_and_its_signature(signed_zone):
    reply = signed_zone.answer(b"x.sub.example.org", dns.A, True)
    assert kinds(reply.authority) == ["NS", "NS", "DS", "RRSIG"]


def hashed(name, salt=b"", iterations=0):
    import dns.dnssec as dnssec

    return dnssec.nsec3_hash(name.decode(), salt, iterations, "SHA1").lower().encode()


def nsec3_zone(tmp_path, iterations=0):
    """A zone as an external signer hashes it, with made-up signatures: only which records come is looked at."""
    plain = authority(tmp_path).zone
    names = {name for name in plain.nodes if not name.endswith(b".sub.example.org")} | {b"down.there.example.org"}
    names |= {b"there.example.org", b"_tcp.example.org", b"new.example.org", b"capital.example.org"}
    names |= {b"wild.example.org", b"also.example.org"}
    owners = sorted(hashed(name, b"salt", iterations) for name in names)
    records = list(plain.records())
    parameters = dns.Record_NSEC3PARAM(1, 0, iterations, b"salt")
    records.append(dns.RRHeader("example.org", dns.NSEC3PARAM, ttl=0, payload=parameters))
    for place, owner in enumerate(owners):
        payload = dns.Record_NSEC3(1, 0, iterations, b"salt", owners[(place + 1) % len(owners)], [dns.A])
        records.append(dns.RRHeader(owner + b".example.org", dns.NSEC3, ttl=60, payload=payload))
    return Zone(records)


def covers(record, digest):
    before, after = record.name.name.partition(b".")[0], record.payload.next
    return before < digest < after or (before >= after and (digest > before or digest < after))


def test_NSEC3_proves_the_closest_encloser_the_next_name_and_the_wildcard(tmp_path):
    reply = nsec3_zone(tmp_path).answer(b"a.nobody.example.org", dns.A, True)
    proofs = [one for one in reply.authority if one.type == dns.NSEC3]
    assert any(one.name.name.startswith(hashed(b"example.org", b"salt")) for one in proofs)
    assert any(covers(one, hashed(b"nobody.example.org", b"salt")) for one in proofs)
    assert any(covers(one, hashed(b"*.example.org", b"salt")) for one in proofs)


def test_NSEC3_proves_that_a_name_has_no_such_records(tmp_path):
    reply = nsec3_zone(tmp_path).answer(b"web.example.org", dns.MX, True)
    (proof,) = [one for one in reply.authority if one.type == dns.NSEC3]
    assert proof.name.name.startswith(hashed(b"web.example.org", b"salt"))


def test_NSEC3_with_many_iterations_is_refused(tmp_path):
    with pytest.raises(ValueError, match="NSEC3 with 101 iterations is not served: at most 100"):
        nsec3_zone(tmp_path, 101)


def records_of(count, payload):
    start = dns.Record_SOA("ns.test", "root.test", 1, 3600, 600, 86400, 60)
    records = [dns.RRHeader("test", dns.SOA, payload=start)]
    return records + [dns.RRHeader("many.test", dns.A, payload=payload(number)) for number in range(count)]


PAYLOADS = {
    "addresses": lambda number: dns.Record_A(f"10.0.{number // 250}.{number % 250}"),
    "times to live": lambda number: dns.Record_A("10.0.0.1", number),
}


@pytest.mark.parametrize("differ_in", PAYLOADS)
def test_a_name_with_many_records_takes_no_more_time_for_each(differ_in):
    """Whoever may send us a zone could stop the server otherwise."""
    records = records_of(5000, PAYLOADS[differ_in])
    began = time.process_time()
    zone = Zone(records)
    assert time.process_time() - began < 2
    assert len(zone.nodes[b"many.test"][dns.A]) == 5000


def test_a_record_that_is_there_twice_counts_once():
    zone = Zone(records_of(3, lambda number: dns.Record_A("10.0.0.1", ttl=60 + number // 2)))
    assert [one.payload.ttl for one in zone.nodes[b"many.test"][dns.A]] == [60, 61]
