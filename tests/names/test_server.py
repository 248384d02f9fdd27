"""The server, asked by hand: what it answers, what it refuses, and what it says nothing to."""

from ipaddress import ip_network

import pytest

from reactor.defer import Deferred, fail, succeed
from reactor.failure import Failure
from reactor.names import dns
from reactor.names.authority import FileAuthority
from reactor.names.cookies import OPTION
from reactor.names.error import DNSNameError, DomainError
from reactor.names.rate_limit import RateLimit
from reactor.names.rendered import RenderedAnswers
from reactor.names.server import DNSServerFactory
from reactor.task import Clock
from reactor.testing import StringTransport
from tests.names.zone_files import EXAMPLE, authority

CLIENT = ("198.51.100.7", 4711)


class Datagrams:
    """A transport that keeps what is written."""

    def __init__(self):
        self.sent = []

    def write(self, data, address):
        self.sent.append((data, address))


class Server:
    """A server's factory with a port for datagrams that isn't one."""

    def __init__(self, factory):
        self.factory = factory
        self.protocol = dns.DNSDatagramProtocol(factory, reactor=Clock())
        self.protocol.noisy = False
        self.protocol.makeConnection(Datagrams())

    def receive(self, data, address=CLIENT):
        """What it answers to these bytes; None if nothing."""
        sent = self.protocol.transport.sent
        before = len(sent)
        self.protocol.datagramReceived(data, address)
        assert len(sent) <= before + 1
        if len(sent) == before:
            return None
        assert sent[-1][1] == address
        return sent[-1][0]

    def ask(self, name, kind=dns.A, address=CLIENT, edns=None, **flags):
        """Its answer to a question, as a message; None if there is none."""
        return read(self.receive(question(name, kind, edns, **flags), address))


def question(name, kind=dns.A, edns=None, **flags):
    message = dns.Message(77, **flags)
    message.addQuery(name, kind)
    if edns is not None:
        message.additional.append(edns.toRRHeader())
    return message.toStr()


def read(data):
    if data is None:
        return None
    message = dns.Message()
    message.fromStr(data)
    return message


@pytest.fixture
def server(tmp_path):
    return Server(DNSServerFactory([authority(tmp_path)]))


def test_a_question_about_a_zone_is_answered(server):
    answer = server.ask("web.example.org", recDes=1)
    assert (answer.id, answer.answer, answer.auth, answer.recDes, answer.recAv) == (77, 1, 1, 1, 0)
    assert answer.queries == [dns.Query("web.example.org")]
    assert [one.payload.dottedQuad() for one in answer.answers] == ["192.0.2.3"]


def test_a_name_that_is_not_there_is_NXDOMAIN_with_the_SOA(server):
    answer = server.ask("nobody.example.org")
    assert (answer.rCode, answer.auth, answer.authority[0].type) == (dns.ENAME, 1, dns.SOA)


def test_a_referral_is_not_our_own_word(server):
    assert not server.ask("x.sub.example.org").auth


def test_a_name_of_no_zone_is_refused(server):
    assert server.ask("example.com").rCode == dns.EREFUSED
    assert server.ask("xexample.org").rCode == dns.EREFUSED


def test_a_name_whose_label_only_looks_like_a_zone_is_refused(server):
    assert server.ask(rb"x\.example.org").rCode == dns.EREFUSED  # the zone example.org has nothing to say about it


def test_the_most_specific_zone_answers(tmp_path):
    below = "$TTL 9\n@ IN SOA a b 1 2 3 4 5\n@ IN NS a\nx IN A 192.0.2.99\n"
    factory = DNSServerFactory([authority(tmp_path), authority(tmp_path, below, "sub.example.org")])
    answer = Server(factory).ask("x.sub.example.org")
    assert answer.auth and answer.answers[0].payload.dottedQuad() == "192.0.2.99"


def test_a_repeated_question_gets_the_same_answer_with_its_own_id_and_letters(server):
    first = server.receive(question("web.example.org", recDes=1))
    again = server.receive(b"\xab\xcd" + question("WEB.Example.ORG", recDes=1)[2:])
    assert again[:2] == b"\xab\xcd" and again[2:].lower() == first[2:].lower()
    assert read(again).queries[0].name.name == read(again).answers[0].name.name == b"WEB.Example.ORG"


@pytest.mark.parametrize("kind", [dns.A, dns.AAAA, dns.MX, dns.NS, dns.HTTPS, 97])
@pytest.mark.parametrize("edns", [None, dns.OPTHeader(512), dns.OPTHeader(1232, dnssecOK=True)])
def test_an_answer_given_again_is_the_one_that_would_be_made_anew(tmp_path, kind, edns):
    """Type 97 is HTTPS when its bytes are made small letters, as those of the name are."""
    kept, fresh = (Server(DNSServerFactory([authority(tmp_path)])) for _ in range(2))
    kept.ask("example.org", kind, edns=edns, recDes=1)
    for other in (dns.A, dns.HTTPS, 97):
        kept.ask("example.org", other, edns=edns)
    for name in ("example.org", "EXAMPLE.org"):
        for flags in ({"recDes": 1}, {"recDes": 0}, {"checkingDisabled": 1}):
            asked = question(name, kind, edns, **flags)
            assert kept.receive(asked) == fresh.receive(asked)


def test_an_answer_is_not_given_again_when_the_zone_has_changed(tmp_path):
    served = authority(tmp_path)
    server = Server(DNSServerFactory([served]))
    server.ask("web.example.org")
    served.zone = authority(tmp_path, EXAMPLE.replace("192.0.2.3", "192.0.2.33")).zone
    assert server.ask("web.example.org").answers[0].payload.dottedQuad() == "192.0.2.33"


def test_what_is_remembered_has_a_bound(monkeypatch):
    monkeypatch.setattr("reactor.names.rendered._MOST_ANSWERS", 100)
    answers = RenderedAnswers()
    answers.find(bytes(12), 1)
    for number in range(1000):
        asked = question(f"n{number}.example.org")
        answers.keep(asked, asked[:2] + b"\x80" + asked[3:])
    assert len(answers._answers) <= 100
    assert answers.find(question("n999.example.org"), 1) is not None
    assert answers.find(question("n999.example.org"), 2) is None


def test_a_subclass_that_decides_is_asked_every_time(tmp_path):
    class Moody(DNSServerFactory):
        moods = iter([True, False, True])

        def allowQuery(self, message, protocol, address):
            return next(self.moods)

    server = Server(Moody([authority(tmp_path)]))
    assert [server.ask("web.example.org").rCode for _ in range(3)] == [dns.OK, dns.EREFUSED, dns.OK]


# --- what is no question


def test_a_reply_is_never_replied_to(server):
    """Two servers, or one with itself, would go on for ever."""
    assert server.ask("web.example.org", answer=1) is None
    assert server.ask("web.example.org", answer=1, rCode=dns.EFORMAT) is None
    assert server.receive(b"\0\1\x80\0\0\1\0\0\0\0\0\0\xc0") is None
    assert server.receive(server.receive(b"\0\1\0\0\0\1\0\0\0\0\0\0\xc0")) is None


def test_what_can_not_be_read_is_FORMERR(server):
    answer = read(server.receive(b"\x12\x34\0\0\0\1\0\0\0\0\0\0\xc0\x0c\0\1\0\1"))
    assert (answer.id, answer.answer, answer.rCode, answer.queries) == (0x1234, 1, dns.EFORMAT, [])


def test_what_is_too_short_to_be_answered_is_not(server):
    assert server.receive(b"") is None
    assert server.receive(b"\x12\x34\0\0\0\1\0\0\0\0\0") is None


@pytest.mark.parametrize("count", [0, 2])
def test_a_message_has_one_question(server, count):
    message = dns.Message(1)
    for _ in range(count):
        message.addQuery("web.example.org", dns.A)
    answer = read(server.receive(message.toStr()))
    assert answer.rCode == dns.EFORMAT and not answer.answers


@pytest.mark.parametrize("opcode", [dns.OP_INVERSE, dns.OP_STATUS, dns.OP_UPDATE, 15])
def test_what_we_do_not_do_is_NOTIMP(server, opcode):
    answer = server.ask("web.example.org", opCode=opcode)
    assert (answer.rCode, answer.opCode) == (dns.ENOTIMP, opcode)


def test_a_notification_of_a_zone_that_is_no_secondary_is_NOTAUTH(server):
    answer = server.ask("example.org", dns.SOA, opCode=dns.OP_NOTIFY)
    assert (answer.rCode, answer.opCode) == (dns.ENOTAUTH, dns.OP_NOTIFY)


def test_another_version_of_EDNS_is_BADVERS(server):
    answer = server.ask("web.example.org", edns=dns.OPTHeader(version=1))
    assert (answer.rCode, answer.edns().extendedRCODE, answer.edns().version) == (0, 1, 0)
    assert not answer.answers


def test_two_OPT_records_are_FORMERR(server):
    message = dns.Message(1)
    message.addQuery("web.example.org", dns.A)
    message.additional = [dns.OPTHeader().toRRHeader()] * 2
    assert read(server.receive(message.toStr())).rCode == dns.EFORMAT


# --- how much it answers


MANY = EXAMPLE + "".join(f"many IN A 10.0.0.{number}\n" for number in range(200))


@pytest.mark.parametrize("edns, most", [(None, 512), (100, 512), (1000, 1000), (65535, 1232)])
def test_an_answer_over_UDP_has_at_most_1232_bytes_and_no_more_than_the_client_takes(tmp_path, edns, most):
    server = Server(DNSServerFactory([authority(tmp_path, MANY)]))
    asked = question("many.example.org", edns=None if edns is None else dns.OPTHeader(edns))
    for _ in range(2):
        data = server.receive(asked)
        assert most - 60 < len(data) <= most and read(data).trunc


def test_who_says_nothing_by_EDNS_is_told_nothing(server):
    assert server.ask("web.example.org").edns() is None
    assert server.ask("web.example.org", edns=dns.OPTHeader(4096, dnssecOK=True)).edns() == dns.OPTHeader(
        1232, dnssecOK=True
    )


def test_over_the_limit_an_answer_is_empty_and_says_cut(tmp_path):
    server = Server(DNSServerFactory([authority(tmp_path)]))
    server.factory.limit = RateLimit(0.1, Clock().seconds)
    assert server.ask("web.example.org").answers
    answer = server.ask("web.example.org", recDes=1)
    assert (answer.trunc, answer.answers, answer.queries) == (1, [], [dns.Query("web.example.org")])
    assert server.ask("web.example.org") is None


def test_who_shows_a_cookie_of_ours_has_no_limit(tmp_path):
    server = Server(DNSServerFactory([authority(tmp_path)]))
    option = server.ask("web.example.org", edns=dns.OPTHeader(options=[(OPTION, b"12345678")])).edns().options[0]
    assert option[0] == OPTION and option[1][:8] == b"12345678" and len(option[1]) == 24
    server.factory.limit = RateLimit(0.0, Clock().seconds)
    assert server.ask("web.example.org", edns=dns.OPTHeader(options=[option])).answers
    stolen = server.ask("web.example.org", edns=dns.OPTHeader(options=[option]), address=("203.0.113.9", 1))
    assert stolen is None or stolen.trunc


@pytest.mark.parametrize("size", [0, 7, 9, 15, 41])
def test_a_cookie_of_a_wrong_length_is_FORMERR(server, size):
    assert server.ask("web.example.org", edns=dns.OPTHeader(options=[(OPTION, bytes(size))])).rCode == dns.EFORMAT


# --- asking others


def test_a_client_that_never_reads_its_answers_is_cut_off(tmp_path):
    clock, transport = Clock(), StringTransport()
    protocol = dns.DNSProtocol(DNSServerFactory([authority(tmp_path)]), reactor=clock)
    protocol.idle_s = 30.0
    protocol.makeConnection(transport)
    asked = question("web.example.org")
    clock.advance(29)
    protocol.dataReceived(len(asked).to_bytes(2, "big") + asked)
    clock.advance(29)
    assert not transport.disconnecting
    clock.advance(1)
    assert transport.disconnecting and not transport.disconnected
    protocol.dataReceived(len(asked).to_bytes(2, "big") + asked)  # what it still says changes nothing
    clock.advance(30)
    assert transport.disconnected


class Resolver:
    """A client resolver that says what a test wants."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = []

    def query(self, query, timeout=None):
        self.asked.append(query)
        return self.answer()

    lookupAllRecords = query

    def candidates(self, name):
        return [name]


def found():
    return succeed(([dns.RRHeader("a.test", dns.A, ttl=5, payload=dns.Record_A("192.0.2.50"))], [], []))


def test_names_of_others_are_asked_from_resolvers(tmp_path):
    server = Server(DNSServerFactory([authority(tmp_path)], clients=[Resolver(found)]))
    answer = server.ask("a.test")
    assert (answer.auth, answer.recAv, answer.answers[0].payload.dottedQuad()) == (0, 1, "192.0.2.50")


def test_a_cache_remembers_what_resolvers_say(tmp_path):
    from reactor.names.cache import CacheResolver

    others = Resolver(found)
    server = Server(DNSServerFactory(caches=[CacheResolver(reactor=Clock())], clients=[others]))
    assert [server.ask("a.test").answers[0].ttl for _ in range(3)] == [5, 5, 5]
    assert len(others.asked) == 1


@pytest.mark.parametrize(
    "problem, code", [(DNSNameError(), dns.ENAME), (DomainError(), dns.ENAME), (OSError("no network"), dns.ESERVER)]
)
def test_what_resolvers_fail_with_becomes_a_code(problem, code, logged_errors):
    server = Server(DNSServerFactory(clients=[Resolver(lambda: fail(Failure(problem)))]))
    assert server.ask("a.test").rCode == code
    assert len(logged_errors.flush(OSError)) == (code == dns.ESERVER)


def test_only_those_may_ask_others_who_are_let(tmp_path):
    server = Server(DNSServerFactory(clients=[Resolver(found)]))
    server.factory.recursionFor = [ip_network("198.51.100.0/24")]
    assert server.ask("a.test").answers
    assert server.ask("a.test", address=("203.0.113.9", 1)).rCode == dns.EREFUSED


def test_a_client_over_IPv4_at_a_port_for_both_is_in_its_own_network(tmp_path):
    server = Server(DNSServerFactory([authority(tmp_path)], clients=[Resolver(found)]))
    server.factory.recursionFor = server.factory.transfersFor = [ip_network("198.51.100.0/24")]
    mapped = ("::ffff:198.51.100.7", 4711, 0, 0)
    assert server.ask("a.test", address=mapped).answers
    assert server.ask("example.org", dns.IXFR, address=mapped).answers


def test_the_questions_that_wait_for_others_have_a_bound():
    waiting = []

    def later():
        waiting.append(Deferred())
        return waiting[-1]

    server = Server(DNSServerFactory(clients=[Resolver(later)]))
    server.factory.mostWaiting = 2
    assert [server.ask("a.test"), server.ask("b.test")] == [None, None]
    assert server.ask("c.test").rCode == dns.ESERVER
    for one in waiting:
        one.errback(DNSNameError())
    assert server.ask("d.test") is None


def test_a_resolver_that_is_silent_is_given_up_and_the_answer_is_SERVFAIL(logged_errors):
    given_up = []
    server = Server(DNSServerFactory(clients=[Resolver(lambda: Deferred(given_up.append))]))
    server.factory.mostWaiting = 1
    assert server.ask("a.test") is None
    server.protocol._reactor.advance(server.factory.answerTimeout)
    assert given_up
    assert [read(data).rCode for data, _ in server.protocol.transport.sent] == [dns.ESERVER]
    assert server.ask("b.test") is None, "the question that was given up still counts"
    assert not logged_errors.flush()


def test_an_authority_of_ones_own_is_asked_as_Twisted_does_it():
    server = Server(DNSServerFactory([Resolver(found)]))
    assert server.ask("a.test").answers


def test_a_secondary_without_a_zone_is_SERVFAIL(tmp_path):
    expired = authority(tmp_path)
    expired.zone = None
    assert isinstance(expired, FileAuthority)
    assert Server(DNSServerFactory([expired])).ask("web.example.org").rCode == dns.ESERVER


def test_what_happens_can_be_logged(tmp_path):
    from reactor import log

    lines = []
    log.addObserver(observer := lambda event: lines.append(log.textFromEventDict(event)))
    try:
        Server(DNSServerFactory([authority(tmp_path)], verbose=2)).ask("web.example.org")
    finally:
        log.removeObserver(observer)
    assert lines[0] == "<Query web.example.org A IN> query from 198.51.100.7"
    assert lines[1].startswith("Answer: <Message id=77") and lines[2].startswith("Processed query in 0.")
