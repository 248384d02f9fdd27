"""Zones on their way from server to server: whole, by their changes, signed; and what a secondary does with them."""

import base64
from itertools import pairwise

import pytest

from reactor import error
from reactor.names import dns
from reactor.names.client.zone_transfer import transfer
from reactor.names.error import DNSDecodeError, DNSQueryRefusedError, DNSServerError
from reactor.names.primary import Journal
from reactor.names.tsig import Key, TSIGError
from reactor.protocol import Factory
from tests.names.network import IN_BOTH_WORLDS, LOCAL
from tests.names.zone_files import EXAMPLE, authority, edition

pytestmark = IN_BOTH_WORLDS

SECRET = base64.b64encode(b"a secret of 32 bytes for testing").decode()


# --- handing out and fetching


def test_a_whole_zone_comes_with_its_SOA_first_and_last(net, primary):
    records = net.result(transfer(net.reactor, primary.address, b"example.org"))
    assert records[0] == records[-1] == primary.zone.zone.soa
    assert len(records) == len(list(primary.zone.zone.records())) + 1


def test_lookupZone_fetches_it(net, primary):
    records, _, _ = net.result(net.resolver(primary).lookupZone("example.org"))
    assert records[0].type == records[-1].type == dns.SOA


def test_a_large_zone_comes_in_many_messages(net, tmp_path):
    extra = "".join(f'host{number} IN TXT "{"x" * 100}"\n' for number in range(1000))
    server = net.serve(authority(tmp_path, EXAMPLE + extra), transfersFor=LOCAL)
    assert len(net.result(transfer(net.reactor, server.address, b"example.org"))) > 1000


def test_a_zone_goes_to_nobody_unless_said_otherwise(net, tmp_path):
    server = net.serve(authority(tmp_path))
    problem = net.error(transfer(net.reactor, server.address, b"example.org"))
    assert isinstance(problem, DNSQueryRefusedError) and problem.args[0].rCode == dns.EREFUSED


@pytest.mark.parametrize("name", [b"www.example.org", b"sub.example.org", b"example.com"])
def test_what_is_no_zone_is_refused(net, primary, name):
    assert isinstance(net.error(transfer(net.reactor, primary.address, name)), DNSQueryRefusedError)


def test_AXFR_over_UDP_is_FORMERR_and_IXFR_gets_the_SOA(net, primary):
    resolver = net.resolver(primary)
    assert net.result(resolver.queryUDP([dns.Query("example.org", dns.AXFR)])).rCode == dns.EFORMAT
    answers = net.result(resolver.queryUDP([dns.Query("example.org", dns.IXFR)])).answers
    assert [one.type for one in answers] == [dns.SOA]


def test_changes_are_all_that_comes_to_who_has_an_older_edition(net, primary, tmp_path):
    old = primary.zone.zone.soa
    primary.zone.zone = edition(tmp_path, 8, "new IN A 192.0.2.88\n")
    primary.zone.zone = edition(tmp_path, 9, "newer IN A 192.0.2.99\n")
    records = net.result(transfer(net.reactor, primary.address, b"example.org", old))
    serials = [one.payload.serial for one in records if one.type == dns.SOA]
    assert serials == [9, 7, 8, 8, 9, 9]
    assert [str(one.name) for one in records if one.type == dns.A] == [
        "new.example.org",
        "new.example.org",
        "newer.example.org",
    ]


def test_who_has_the_newest_edition_gets_its_SOA_alone(net, primary):
    assert len(net.result(transfer(net.reactor, primary.address, b"example.org", primary.zone.zone.soa))) == 1


def test_who_has_an_edition_that_nobody_remembers_gets_the_whole_zone(net, primary, tmp_path):
    forgotten = edition(tmp_path, 3).soa
    assert len(net.result(transfer(net.reactor, primary.address, b"example.org", forgotten))) > 10


def test_a_journal_remembers_twenty_editions(net, tmp_path):
    journal, zones = Journal(), [edition(tmp_path, serial, f"x{serial} IN A 192.0.2.1\n") for serial in range(30)]
    for before, after in pairwise(zones):
        journal.note(before, after)
    assert journal.since(8) is None and journal.since(9) is not None
    journal.note(zones[5], zones[2])
    assert journal.since(28) is None


class Raw(Factory):
    """A server that sends these bytes to whoever asks over TCP, then what stands behind it, and waits."""

    noisy = False

    def __init__(self, net, answer, hangs_up=False):
        self.answer = answer
        self.hangs_up = hangs_up
        port = net.reactor.listenTCP(0, self, interface="127.0.0.1")
        net.ports.append(port)
        self.address = ("127.0.0.1", port.getHost().port)

    def buildProtocol(self, addr):
        protocol = dns.DNSProtocol(self)
        protocol.factory = self
        return protocol

    def connectionMade(self, protocol):
        pass

    connectionLost = connectionMade

    def messageReceived(self, message, protocol, address=None):
        for data in self.answer(message):
            protocol.sendString(data)
        if self.hangs_up:
            protocol.transport.loseConnection()


def answered(question, *records, **flags):
    message = dns.Message(question.id, answer=1, maxSize=0, **flags)
    message.queries = question.queries
    message.answers = list(records)
    return message.toStr()


A_RECORD = dns.RRHeader("a.example.org", dns.A, payload=dns.Record_A())


@pytest.mark.parametrize(
    "answer, kind",
    [
        (lambda question: [answered(question, A_RECORD)], DNSServerError),
        (lambda question: [answered(question)], DNSServerError),
        (lambda question: [answered(question)[:9]], DNSDecodeError),
        (lambda question: [answered(question, rCode=dns.ENOTAUTH)], DNSQueryRefusedError),
    ],
)
def test_what_is_no_transfer_is_an_error(net, answer, kind):
    assert type(net.error(transfer(net.reactor, Raw(net, answer).address, b"example.org"))) is kind


def test_a_transfer_that_is_broken_off_is_an_error(net, tmp_path):
    zone = edition(tmp_path, 7)
    server = Raw(net, lambda question: [answered(question, zone.soa, A_RECORD)], hangs_up=True)
    problem = net.error(transfer(net.reactor, server.address, b"example.org"))
    assert isinstance(problem, error.ConnectionLost) and "was broken off" in str(problem)


def test_a_transfer_that_takes_too_long_is_given_up(net, tmp_path):
    server = Raw(net, lambda question: [answered(question, edition(tmp_path, 7).soa)])
    problem = net.error(transfer(net.reactor, server.address, b"example.org", timeout=0.1))
    assert isinstance(problem, error.TimeoutError) and "after 0.1 seconds" in str(problem)


def test_a_zone_without_end_is_not_taken(net, tmp_path, monkeypatch):
    monkeypatch.setattr("reactor.names.client.zone_transfer.MOST_BYTES", 2000)
    start = edition(tmp_path, 7).soa
    server = Raw(net, lambda question: [answered(question, start)] + [answered(question, *[A_RECORD] * 20)] * 10)
    problem = net.error(transfer(net.reactor, server.address, b"example.org"))
    assert isinstance(problem, DNSServerError) and "has more than 2000 bytes" in str(problem)


def test_a_transfer_can_be_cancelled(net, tmp_path):
    server = Raw(net, lambda question: [answered(question, edition(tmp_path, 7).soa)])
    asked = transfer(net.reactor, server.address, b"example.org")
    net.reactor.callLater(0.02, asked.cancel)
    assert type(net.error(asked)).__name__ == "CancelledError"


# --- signed


@pytest.fixture
def key(net):
    return Key("transfer.key", SECRET)


@pytest.mark.parametrize("algorithm", ["hmac-sha256", "hmac-sha512", "hmac-sha1"])
def test_who_signs_with_a_key_of_the_server_gets_the_zone_signed(net, tmp_path, algorithm):
    key = Key("Transfer.Key.", SECRET, algorithm)
    extra = "".join(f'host{number} IN TXT "{"x" * 100}"\n' for number in range(400))
    server = net.serve(authority(tmp_path, EXAMPLE + extra), keys={key.name: key})
    assert len(net.result(transfer(net.reactor, server.address, b"example.org", key=key))) > 400


@pytest.mark.parametrize(
    "theirs, code",
    [
        (lambda: Key("transfer.key", b"another secret"), "BADSIG"),
        (lambda: Key("unknown.key", SECRET), "BADKEY"),
    ],
)
def test_who_signs_with_another_key_is_told_why_not(net, tmp_path, key, theirs, code):
    server = net.serve(authority(tmp_path), keys={key.name: key})
    problem = net.error(transfer(net.reactor, server.address, b"example.org", key=theirs()))
    assert isinstance(problem, TSIGError) and str(problem) == f"the peer says {code}"


def test_an_answer_that_is_not_signed_or_changed_is_not_taken(net, tmp_path, key):
    zone = edition(tmp_path, 7)
    server = Raw(net, lambda question: [answered(question, zone.soa, zone.soa)])
    problem = net.error(transfer(net.reactor, server.address, b"example.org", key=key))
    assert str(problem) == "a message that should be signed is not"
