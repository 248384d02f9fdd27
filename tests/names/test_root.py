"""The iterative resolver, on a little internet of its own: the root, two domains below, and servers that lie."""

import pytest

from reactor.defer import TimeoutError, fail, succeed
from reactor.error import DNSLookupError
from reactor.names import dns, error, root
from tests.names.results import failure_of
from tests.support.outcomes import result_of

pytestmark = pytest.mark.own_promise("it believes all that servers say")

ROOT, TLD, EXAMPLE, OTHER, EVIL = "198.41.0.4", "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.66"


def ns(zone, *servers, **glue):
    """What a referral holds: the servers of a zone, and addresses for some."""
    authority = [dns.RRHeader(zone, dns.NS, ttl=9, payload=dns.Record_NS(server)) for server in servers]
    additional = [dns.RRHeader(name.replace("_", "."), dns.A, payload=dns.Record_A(at)) for name, at in glue.items()]
    return {"authority": authority, "additional": additional}


def a(name, address):
    return dns.RRHeader(name, dns.A, ttl=9, payload=dns.Record_A(address))


def cname(name, target):
    return dns.RRHeader(name, dns.CNAME, ttl=9, payload=dns.Record_CNAME(target))


class Internet:
    """answers: (address, name) → what the server there says to a question about the name: fields of a message."""

    def __init__(self, answers):
        self.answers = answers
        self.asked = []

    def __call__(self, servers, reactor):
        return _Stub(self, servers)

    def resolver(self, **options):
        return root.Resolver([ROOT], resolverFactory=self, reactor=self, **options)


class _Stub:
    def __init__(self, internet, servers):
        self.internet = internet
        self.server = servers[0][0]

    def queryUDP(self, queries, timeout):
        name = str(queries[0].name)
        self.internet.asked.append((self.server, name))
        told = self.internet.answers.get((self.server, name))
        if callable(told):
            told = told()
        if told is None:
            return fail(TimeoutError("nobody there"))
        message = dns.Message(1, answer=1)
        message.queries = list(queries)
        for field, value in told.items():
            setattr(message, field, value)
        return succeed(message)


DOWN = {
    (ROOT, "www.example.org"): ns("org", "a.org", a_org=TLD),
    (TLD, "www.example.org"): ns("example.org", "ns.example.org", ns_example_org=EXAMPLE),
    (EXAMPLE, "www.example.org"): {"auth": 1, "answers": [a("www.example.org", "192.0.2.80")]},
}


def addresses(result):
    return [one.payload.dottedQuad() for one in result[0] if one.type == dns.A]


def test_it_goes_from_the_root_down():
    net = Internet(DOWN)
    assert addresses(result_of(net.resolver().lookupAddress("www.example.org"))) == ["192.0.2.80"]
    assert [server for server, _ in net.asked] == [ROOT, TLD, EXAMPLE]


def test_a_name_that_is_not_there_is_an_error():
    net = Internet({**DOWN, (EXAMPLE, "www.example.org"): {"auth": 1, "rCode": dns.ENAME}})
    assert failure_of(net.resolver().lookupAddress("www.example.org"), error.DNSNameError)


def test_a_name_without_such_records_is_an_empty_answer():
    start = dns.RRHeader("example.org", dns.SOA, payload=dns.Record_SOA())
    net = Internet({**DOWN, (EXAMPLE, "www.example.org"): {"auth": 1, "authority": [start]}})
    answers, authority, _ = result_of(net.resolver().lookupAddress("www.example.org"))
    assert answers == [] and [one.type for one in authority] == [dns.SOA]


def test_aliases_are_followed_from_the_root_again():
    net = Internet(
        {
            **DOWN,
            (EXAMPLE, "www.example.org"): {"auth": 1, "answers": [cname("www.example.org", "web.other.org")]},
            (ROOT, "web.other.org"): ns("org", "a.org", a_org=TLD),
            (TLD, "web.other.org"): ns("other.org", "ns.other.org", ns_other_org=OTHER),
            (OTHER, "web.other.org"): {"auth": 1, "answers": [a("web.other.org", "192.0.2.81")]},
        }
    )
    answers = result_of(net.resolver().lookupAddress("www.example.org"))[0]
    assert [one.type for one in answers] == [dns.CNAME, dns.A]


def test_aliases_in_one_answer_are_taken_together():
    chain = [cname("www.example.org", "b.example.org"), a("b.example.org", "192.0.2.82")]
    net = Internet({**DOWN, (EXAMPLE, "www.example.org"): {"auth": 1, "answers": chain}})
    assert addresses(result_of(net.resolver().lookupAddress("www.example.org"))) == ["192.0.2.82"]


def test_aliases_in_a_circle_are_an_error():
    circle = [cname("www.example.org", "b.example.org"), cname("b.example.org", "www.example.org")]
    net = Internet({**DOWN, (EXAMPLE, "www.example.org"): {"auth": 1, "answers": circle}})
    problem = failure_of(net.resolver().lookupAddress("www.example.org"), error.ResolverError)
    assert str(problem) == "Cycle in CNAME processing"


def test_aliases_without_end_are_an_error():
    def endless(number):
        name, following = f"n{number}.example.org", f"n{number + 1}.example.org"
        answers[ROOT, name] = ns("org", "a.org", a_org=TLD)
        answers[TLD, name] = ns("example.org", "ns.example.org", ns_example_org=EXAMPLE)
        answers[EXAMPLE, name] = {"auth": 1, "answers": [cname(name, following)]}

    answers = {}
    for number in range(100):
        endless(number)
    net = Internet(answers)
    problem = failure_of(net.resolver(maximumQueries=500).lookupAddress("n0.example.org"), error.ResolverError)
    assert str(problem) == "n16.example.org has more than 16 aliases in a row"


def test_an_address_beside_a_referral_counts_only_for_servers_of_the_zone_that_was_asked():
    """Else the servers of org could say where those of bank.com are."""
    lying = ns("example.org", "ns.bank.com", ns_bank_com=EVIL)
    net = Internet(
        {
            **DOWN,
            (TLD, "www.example.org"): lying,
            (ROOT, "ns.bank.com"): ns("com", "a.com", a_com=OTHER),
            (OTHER, "ns.bank.com"): {"auth": 1, "answers": [a("ns.bank.com", EXAMPLE)]},
        }
    )
    assert addresses(result_of(net.resolver().lookupAddress("www.example.org"))) == ["192.0.2.80"]
    assert EVIL not in [server for server, _ in net.asked]


@pytest.mark.parametrize("zone", ["", "com", "org", "other.org", "www.example.org.evil"])
def test_a_referral_that_does_not_lead_down_is_no_referral(zone):
    net = Internet({**DOWN, (TLD, "www.example.org"): ns(zone, "ns.evil.org", ns_evil_org=EVIL)})
    problem = failure_of(net.resolver().lookupAddress("www.example.org"), error.ResolverError)
    assert str(problem) == "Stuck at response without answers or delegation"
    assert EVIL not in [server for server, _ in net.asked]


def test_an_answer_about_a_name_of_another_zone_does_not_count():
    poison = [cname("www.example.org", "www.bank.com"), a("www.bank.com", "6.6.6.6")]
    net = Internet(
        {
            **DOWN,
            (EXAMPLE, "www.example.org"): {"auth": 1, "answers": poison},
            (ROOT, "www.bank.com"): {"auth": 1, "answers": [a("www.bank.com", "192.0.2.90")]},
        }
    )
    assert addresses(result_of(net.resolver().lookupAddress("www.example.org"))) == ["192.0.2.90"]


def test_what_is_added_about_a_name_of_another_zone_does_not_count_nor_what_is_about_the_message():
    mail = dns.RRHeader("www.example.org", dns.MX, payload=dns.Record_MX(1, "mail.bank.com"))
    ours, theirs = a("ns.example.org", EXAMPLE), a("mail.bank.com", EVIL)
    poison = {"answers": [mail], "authority": ns("com", "ns.bank.com")["authority"], "additional": [ours, theirs]}
    poison["additional"].append(dns.OPTHeader().toRRHeader())
    net = Internet({**DOWN, (EXAMPLE, "www.example.org"): poison, (ROOT, "mail"): {**poison, "auth": 1}})
    assert result_of(net.resolver().lookupMailExchange("www.example.org")) == ([mail], [], [ours])
    assert dns.OPT not in [one.type for one in result_of(net.resolver().lookupMailExchange("mail"))[2]]


def test_a_referral_with_a_thousand_addresses_is_followed_to_thirteen_of_them():
    """Each of them may be a victim, and is asked several times."""
    asked = []

    def ask(servers, reactor):
        asked.append(len(servers))
        return net(servers, reactor)

    glue = {f"n{number}_example_org": f"198.51.{number >> 8}.{number & 255}" for number in range(1000)}
    many = ns("example.org", *(name.replace("_", ".") for name in glue), **glue)
    net = Internet({**DOWN, (TLD, "www.example.org"): many})
    resolver = root.Resolver([ROOT], resolverFactory=ask, reactor=net)
    failure_of(resolver.lookupAddress("www.example.org"), TimeoutError)
    assert asked == [1, 1, 13]


def test_the_address_of_a_server_elsewhere_is_looked_up():
    net = Internet(
        {
            **DOWN,
            (TLD, "www.example.org"): ns("example.org", "ns.other.org"),
            (ROOT, "ns.other.org"): ns("org", "a.org", a_org=TLD),
            (TLD, "ns.other.org"): {"auth": 1, "answers": [a("ns.other.org", EXAMPLE)]},
        }
    )
    assert addresses(result_of(net.resolver().lookupAddress("www.example.org"))) == ["192.0.2.80"]


def test_servers_whose_addresses_need_each_other_are_an_error():
    net = Internet(
        {
            (ROOT, "www.one.org"): ns("one.org", "ns.two.org"),
            (ROOT, "ns.two.org"): ns("two.org", "ns.one.org"),
            (ROOT, "ns.one.org"): ns("one.org", "ns.two.org"),
        }
    )
    failure_of(net.resolver().lookupAddress("www.one.org"), error.ResolverError)
    assert len(net.asked) < 10


def test_a_referral_to_a_thousand_servers_costs_two_lookups():
    """NXNS: each of them would be a question to a server that the attacker chooses."""
    many = ns("example.org", *(f"n{number}.victim.com" for number in range(1000)))
    net = Internet({**DOWN, (TLD, "www.example.org"): many})
    for number in range(1000):
        net.answers[ROOT, f"n{number}.victim.com"] = {"rCode": dns.ENAME}
    failure_of(net.resolver().lookupAddress("www.example.org"), error.DNSServerError)
    assert len([name for _, name in net.asked if "victim" in name]) == 2


def test_the_questions_for_one_name_have_a_bound():
    class Deep(dict):
        def get(self, place):
            number = int(place[0].rpartition(".")[2])
            zone = ".".join(["x"] * number)
            return ns(zone, "ns." + zone, **{"ns_" + zone.replace(".", "_"): f"10.0.0.{number + 1}"})

    net = Internet(Deep())
    resolver = root.Resolver(["10.0.0.1"], resolverFactory=net, reactor=net)
    problem = failure_of(resolver.lookupAddress(".".join(["x"] * 100)), error.ResolverError)
    assert str(problem) == "Query limit reached without result" and len(net.asked) == 30


def test_the_root_servers_can_be_learned_by_their_names():
    class System:
        def getHostByName(self, name):
            return succeed(ROOT) if name[0] in "ab" else fail(DNSLookupError(name))

    net = Internet(DOWN)
    resolver = root.bootstrap(System(), resolverFactory=net)
    assert resolver.gotRealResolver is not None
    resolver._resolver._reactor = net
    assert addresses(result_of(resolver.lookupAddress("www.example.org"))) == ["192.0.2.80"]


def test_what_is_asked_before_the_root_is_known_waits():
    from reactor.defer import Deferred

    coming = Deferred()
    resolver = root.DeferredResolver(coming)
    asked = resolver.lookupAddress("www.example.org")
    net = Internet(DOWN)
    coming.callback(net.resolver())
    assert addresses(result_of(asked)) == ["192.0.2.80"]


def test_the_hints_are_the_thirteen_of_IANA():
    assert len(set(root.HINTS)) == 13 and root.HINTS[0] == ROOT
