"""The stub resolver against servers on loopback: retries, TCP, forged answers, and what it tells them."""

import pytest

from reactor import error
from reactor.defer import CancelledError, TimeoutError
from reactor.names import dns
from reactor.names.client import Resolver
from reactor.names.error import DNSFormatError, DNSNameError, DNSQueryRefusedError, DNSServerError
from tests.names.network import IN_BOTH_WORLDS
from tests.names.zone_files import EXAMPLE, authority
from tests.support.loopback import run_until, turn

pytestmark = [IN_BOTH_WORLDS, pytest.mark.own_promise("it believes more, and knows no EDNS")]


class Scripted:
    """A server that does what a test says. answer: gets each question, and returns the answers to send, in order."""

    def __init__(self, net, answer):
        self.questions = []
        self.froms = []
        self.answer = answer
        self.protocol = net.listen_udp(self)
        self.address = ("127.0.0.1", self.protocol.transport.getHost().port)

    def messageReceived(self, message, protocol, address):
        self.questions.append(message)
        self.froms.append(address)
        for data in self.answer(message, len(self.questions)) or ():
            self.protocol.transport.write(data.toStr() if isinstance(data, dns.Message) else data, address)


def answer_to(question, address="192.0.2.3", **flags):
    message = dns.Message(question.id, answer=1, **flags)
    message.queries = question.queries
    if address is not None:
        name = question.queries[0].name.name
        message.answers.append(dns.RRHeader(name, dns.A, ttl=9, payload=dns.Record_A(address)))
    return message


def addresses(result):
    return [one.payload.dottedQuad() for one in result[0] if one.type == dns.A]


def test_it_finds_what_a_server_knows(net, tmp_path):
    resolver = net.resolver(net.serve(authority(tmp_path)))
    assert addresses(net.result(resolver.lookupAddress("web.example.org"))) == ["192.0.2.3"]
    answers, _, additional = net.result(resolver.lookupMailExchange("example.org"))
    assert str(answers[0].payload.name) == "mail.example.org" and len(additional) == 2


@pytest.mark.parametrize("name", ["web.example.org", b"WEB.example.org", "mail.example.org"])
def test_it_finds_the_address_of_a_host(net, tmp_path, name):
    resolver = net.resolver(net.serve(authority(tmp_path)))
    assert net.result(resolver.getHostByName(name)) in ("192.0.2.2", "192.0.2.3")


def test_it_follows_aliases_from_server_to_server(net, tmp_path):
    here = authority(tmp_path)
    there = authority(tmp_path, "$TTL 9\n@ IN SOA a b 1 2 3 4 5\n@ IN NS a\nwww IN A 192.0.2.77\n", "elsewhere.test")
    resolver = net.resolver(net.serve(here, there))
    assert net.result(resolver.getHostByName("out.example.org")) == "192.0.2.77"


def test_aliases_in_a_circle_are_no_address(net, tmp_path):
    resolver = net.resolver(net.serve(authority(tmp_path)))
    assert isinstance(net.error(resolver.getHostByName("loop.example.org")), error.DNSLookupError)


def test_a_host_with_IPv6_only_has_that(net, tmp_path):
    resolver = net.resolver(net.serve(authority(tmp_path, EXAMPLE + "six IN AAAA 2001:db8::6\n")))
    assert net.result(resolver.getHostByName("six.example.org")) == "2001:db8::6"


@pytest.mark.parametrize(
    "code, kind",
    [
        (dns.EFORMAT, DNSFormatError),
        (dns.ESERVER, DNSServerError),
        (dns.ENAME, DNSNameError),
        (dns.EREFUSED, DNSQueryRefusedError),
    ],
)
def test_a_code_is_an_error_with_the_answer_in_it(net, code, kind):
    server = Scripted(net, lambda question, _: [answer_to(question, None, rCode=code)])
    problem = net.error(net.resolver(server, ednsSize=512).lookupAddress("a.test"))
    assert type(problem) is kind and problem.args[0].rCode == code


def test_a_question_without_an_answer_is_asked_again(net):
    server = Scripted(net, lambda question, number: [answer_to(question)] if number == 3 else [])
    resolver = net.resolver(server, timeout=(0.01, 0.01, 1.0))
    assert addresses(net.result(resolver.lookupAddress("a.test"))) == ["192.0.2.3"]


def test_each_try_has_its_own_random_id_and_port(net):
    server = Scripted(net, lambda question, number: [])
    net.error(net.resolver(server, timeout=(0.01,) * 8).lookupAddress("a.test"))
    assert len({question.id for question in server.questions}) == 8
    assert len({port for _, port in server.froms}) == 8
    assert max(port for _, port in server.froms) - min(port for _, port in server.froms) > 1000


def test_a_silent_server_is_followed_by_the_next_one(net):
    silent = Scripted(net, lambda question, number: [])
    helpful = Scripted(net, lambda question, number: [answer_to(question)])
    resolver = net.resolver(silent, helpful, timeout=(0.02, 1.0))
    assert addresses(net.result(resolver.lookupAddress("a.test"))) == ["192.0.2.3"]
    assert len(silent.questions) == len(helpful.questions) == 1


def test_a_server_that_can_not_help_is_followed_by_the_next_one(net):
    lame = Scripted(net, lambda question, number: [answer_to(question, None, rCode=dns.EREFUSED)])
    helpful = Scripted(net, lambda question, number: [answer_to(question)])
    assert addresses(net.result(net.resolver(lame, helpful).lookupAddress("a.test"))) == ["192.0.2.3"]


def test_silence_everywhere_is_a_TimeoutError(net):
    servers = [Scripted(net, lambda question, number: []) for _ in range(2)]
    problem = net.error(net.resolver(*servers, timeout=(0.01, 0.02)).lookupAddress("a.test"))
    assert isinstance(problem, TimeoutError)
    assert [len(server.questions) for server in servers] == [2, 2]


def test_the_timeouts_of_a_lookup_can_be_given_with_it(net):
    server = Scripted(net, lambda question, number: [])
    assert isinstance(net.error(net.resolver(server).lookupAddress("a.test", (0.01,))), TimeoutError)
    assert len(server.questions) == 1


def forgeries(question):
    """Answers that somebody makes up who doesn't see the question, or sees half of it."""
    other_id = answer_to(question, "6.6.6.6")
    other_id.id = question.id ^ 1
    other_name = answer_to(question, "6.6.6.6")
    other_name.queries = [dns.Query("b.test")]
    other_type = answer_to(question, "6.6.6.6")
    other_type.queries = [dns.Query("a.test", dns.MX)]
    no_question = answer_to(question, "6.6.6.6")
    no_question.queries = []
    a_question = answer_to(question, "6.6.6.6")
    a_question.answer = 0
    return [
        other_id,
        other_name,
        other_type,
        no_question,
        a_question,
        b"\0" * 7,
        answer_to(question, "6.6.6.6").toStr()[:-3],
    ]


def test_a_forged_answer_is_passed_by_and_the_true_one_awaited(net):
    server = Scripted(net, lambda question, _: [*forgeries(question), answer_to(question)])
    assert addresses(net.result(net.resolver(server).lookupAddress("a.test"))) == ["192.0.2.3"]


def test_an_answer_from_another_address_is_passed_by(net):
    stranger = net.listen_udp(None)

    def answer(question, number):
        stranger.transport.write(answer_to(question, "6.6.6.6").toStr(), server.froms[-1])
        net.reactor.callLater(0.05, server.protocol.transport.write, answer_to(question).toStr(), server.froms[-1])

    server = Scripted(net, answer)
    assert addresses(net.result(net.resolver(server, timeout=(2.0,)).lookupAddress("a.test"))) == ["192.0.2.3"]


@pytest.mark.parametrize("name", [b"A.Test", b"a.test.", "a.test."])
def test_an_answer_may_write_the_name_in_other_letters_and_a_dot_at_the_end_changes_nothing(net, name):
    def answer(question, number):
        plain = answer_to(question)
        plain.queries = [dns.Query(b"a.test")]
        return [plain]

    resolver = net.resolver(Scripted(net, answer))
    assert addresses(net.result(resolver.lookupAddress(name))) == ["192.0.2.3"]
    assert net.result(resolver.getHostByName(name)) == "192.0.2.3"


def test_with_mixed_case_an_answer_in_other_letters_is_passed_by(net):
    def answer(question, number):
        plain = answer_to(question, "6.6.6.6")
        plain.queries = [dns.Query(question.queries[0].name.name.lower())]
        return [plain, answer_to(question)]

    server = Scripted(net, answer)
    name = "abcdefghijklmnopqrstuvwxyz.abcdefghijklmnopqrstuvwxyz.test"
    assert addresses(net.result(net.resolver(server, mixesCase=True).lookupAddress(name))) == ["192.0.2.3"]
    sent = server.questions[0].queries[0].name.name
    assert sent.lower() == name.encode() and sent not in (sent.lower(), sent.upper())


def test_an_answer_that_was_cut_is_asked_for_over_TCP(net, tmp_path):
    text = EXAMPLE + "".join(f"many IN A 10.0.{number // 256}.{number % 256}\n" for number in range(500))
    resolver = net.resolver(net.serve(authority(tmp_path, text)))
    assert len(net.result(resolver.lookupAddress("many.example.org"))[0]) == 500


def test_a_server_without_TCP_that_cuts_is_an_error_and_no_hang(net):
    net.listen_udp(None)  # takes the number of the client's first TCP port, which would connect to itself
    server = Scripted(net, lambda question, _: [answer_to(question, None, trunc=1)])
    problem = net.error(net.resolver(server).lookupAddress("a.test"))
    assert isinstance(problem, error.ConnectError)


def test_it_says_by_EDNS_how_much_it_takes(net):
    server = Scripted(net, lambda question, _: [answer_to(question)])
    net.result(net.resolver(server).lookupAddress("a.test"))
    assert server.questions[0].edns().udpPayloadSize == 1232 and server.questions[0].recDes


def test_an_old_server_that_can_not_read_EDNS_is_asked_without_it_from_then_on(net):
    def answer(question, number):
        return [answer_to(question, None, rCode=dns.EFORMAT) if question.additional else answer_to(question)]

    server = Scripted(net, answer)
    resolver = net.resolver(server)
    net.result(resolver.lookupAddress("a.test"))
    net.result(resolver.lookupAddress("b.test"))
    assert [question.edns() is not None for question in server.questions] == [True, False, False]


def test_the_same_question_is_asked_once_for_all_who_want_to_know(net):
    server = Scripted(net, lambda question, _: [answer_to(question)])
    resolver = net.resolver(server)
    asked = [resolver.lookupAddress(name) for name in ("a.test", "A.test", "a.test")]
    assert [addresses(net.result(one)) for one in asked] == [["192.0.2.3"]] * 3
    assert len(server.questions) == 1


@pytest.mark.parametrize("who", [0, 1])
def test_who_cancels_takes_nothing_from_the_others(net, who):
    server = Scripted(net, lambda question, _: [answer_to(question)])
    resolver = net.resolver(server)
    asked = [resolver.lookupAddress("a.test"), resolver.lookupAddress("a.test")]
    asked[who].cancel()
    assert isinstance(net.error(asked[who]), CancelledError)
    assert addresses(net.result(asked[1 - who])) == ["192.0.2.3"]


def test_a_question_that_all_have_cancelled_is_given_up(net):
    server = Scripted(net, lambda question, _: [])
    resolver = net.resolver(server, timeout=(60,))
    asked = [resolver.lookupAddress("a.test"), resolver.lookupAddress("a.test")]
    run_until(net.reactor, lambda: server.questions)
    for one in asked:
        one.cancel()
        assert isinstance(net.error(one), CancelledError)
    turn(net.reactor, 3)
    assert not [call for call in net.reactor.getDelayedCalls() if "_clearFailed" in repr(call)]


def test_many_questions_share_one_connection_over_TCP(net, tmp_path):
    server = net.serve(authority(tmp_path))
    resolver = net.resolver(server)
    seen = set()
    server.connectionMade = lambda protocol: (seen.add(protocol), server.connections.append(protocol))
    names = ["web", "mail", "ns1", "nobody"]
    asked = [resolver.queryTCP([dns.Query(f"{name}.example.org")]) for name in names]
    assert [net.result(one).rCode for one in asked] == [0, 0, 0, dns.ENAME]
    assert len(seen) == 1


@pytest.mark.parametrize("moment", ["at once", "when it is connected"])
def test_a_question_over_TCP_can_be_cancelled(net, moment, tmp_path):
    server = net.serve(authority(tmp_path))
    heard = []
    server.messageReceived = lambda message, proto, address=None: heard.append(message)
    asked = net.resolver(server).queryTCP([dns.Query("web.example.org")])
    if moment == "when it is connected":
        run_until(net.reactor, lambda: heard)
    asked.cancel()
    assert isinstance(net.error(asked), CancelledError)


def test_questions_over_TCP_to_nobody_fail_with_the_reason(net):
    resolver = net.resolver(("127.0.0.1", 1))
    assert isinstance(net.error(resolver.queryTCP([dns.Query("a.test")])), error.ConnectError)


def test_a_connection_that_breaks_fails_its_questions(net):
    class Deaf:
        connectionLost = connectionMade = staticmethod(lambda protocol: None)
        noisy = False

        def messageReceived(self, message, protocol, address=None):
            protocol.transport.abortConnection()

    from reactor.names.client import DNSClientFactory

    port = net.reactor.listenTCP(0, DNSClientFactory(Deaf()), interface="127.0.0.1")
    net.ports.append(port)
    resolver = net.resolver(("127.0.0.1", port.getHost().port))
    assert isinstance(net.error(resolver.queryTCP([dns.Query("a.test")])), error.ConnectionLost)


def test_a_resolver_needs_a_server(net):
    with pytest.raises(ValueError, match="No nameservers specified"):
        Resolver(servers=[])


def test_a_name_that_is_none_is_an_error_of_the_lookup(net):
    resolver = net.resolver(("127.0.0.1", 1))
    with pytest.raises(UnicodeError):
        resolver.lookupAddress("a..b")
    assert isinstance(net.error(resolver.lookupAddress(b"a..b")), ValueError)
    assert isinstance(net.error(resolver.lookupAddress(b"x" * 70)), ValueError)
