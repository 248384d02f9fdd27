"""What the cache remembers, and for how long. The first part asks Twisted too."""

import pytest

from reactor.names import cache, dns, error, resolve
from reactor.names.common import ResolverBase
from reactor.task import Clock
from tests.names.results import failure_of
from tests.support.outcomes import result_of

QUERY = dns.Query(b"a.test", dns.A, dns.IN)


def record(ttl=60, address="192.0.2.1"):
    return dns.RRHeader(b"a.test", dns.A, dns.IN, ttl, dns.Record_A(address, ttl))


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def remembering(clock):
    return cache.CacheResolver(reactor=clock)


def addresses(result):
    return [(one.payload.dottedQuad(), one.ttl) for one in result[0]]


def test_what_it_has_not_heard_it_does_not_know(remembering):
    assert failure_of(remembering.lookupAddress(b"a.test"), error.DomainError)


def test_what_it_has_heard_it_answers_with_less_time(remembering, clock):
    remembering.cacheResult(QUERY, ([record()], [], []))
    assert addresses(result_of(remembering.lookupAddress(b"A.test"))) == [("192.0.2.1", 60)]
    clock.advance(59)
    assert addresses(result_of(remembering.lookupAddress(b"a.test"))) == [("192.0.2.1", 1)]


def test_it_forgets_when_the_shortest_time_in_the_answer_is_over(remembering, clock):
    remembering.cacheResult(QUERY, ([record(60), record(30, "192.0.2.2")], [], []))
    clock.advance(30.1)
    assert failure_of(remembering.lookupAddress(b"a.test"), error.DomainError)


def test_it_can_begin_with_answers_of_some_age(clock):
    clock.advance(100)
    begun = cache.CacheResolver({QUERY: (90, ([record()], [], []))}, reactor=clock)
    assert addresses(result_of(begun.lookupAddress(b"a.test"))) == [("192.0.2.1", 50)]


def test_a_newer_answer_takes_the_place_of_the_older_one(remembering, clock):
    remembering.cacheResult(QUERY, ([record(10)], [], []))
    clock.advance(5)
    remembering.cacheResult(QUERY, ([record(10, "192.0.2.2")], [], []))
    clock.advance(6)
    assert addresses(result_of(remembering.lookupAddress(b"a.test"))) == [("192.0.2.2", 4)]


def test_all_records_are_never_known(remembering):
    remembering.cacheResult(QUERY, ([record()], [], []))
    assert failure_of(remembering.lookupAllRecords(b"a.test"), error.DomainError)


def test_an_answer_can_be_forgotten(remembering):
    remembering.cacheResult(QUERY, ([record()], [], []))
    del remembering.cache[QUERY]
    assert failure_of(remembering.lookupAddress(b"a.test"), error.DomainError)


# --- chains


class Said(ResolverBase):
    """A resolver that always says the same: a result, or an exception."""

    def __init__(self, *sayings):
        super().__init__()
        self.sayings = list(sayings)
        self.asked = []

    def _lookup(self, name, cls, type, timeout):
        from reactor.defer import fail, succeed

        self.asked.append((name, type))
        saying = self.sayings[0] if len(self.sayings) == 1 else self.sayings.pop(0)
        return fail(saying) if isinstance(saying, Exception) else succeed(saying)


def test_a_chain_asks_the_next_one_when_one_has_no_answer():
    knowing = Said(([record()], [], []))
    chain = resolve.ResolverChain([Said(error.DomainError()), Said(error.DNSServerError()), knowing])
    assert addresses(result_of(chain.lookupAddress(b"a.test"))) == [("192.0.2.1", 60)]
    assert addresses(result_of(chain.query(QUERY))) == [("192.0.2.1", 60)]


def test_a_chain_ends_where_somebody_knows_that_there_is_no_such_name():
    last = Said(([record()], [], []))
    chain = resolve.ResolverChain([Said(error.AuthoritativeDomainError()), last])
    assert failure_of(chain.lookupAddress(b"a.test"), error.AuthoritativeDomainError)
    assert last.asked == []


def test_an_error_of_another_kind_ends_the_chain():
    chain = resolve.ResolverChain([Said(ZeroDivisionError()), Said(([], [], []))])
    assert failure_of(chain.lookupAddress(b"a.test"), ZeroDivisionError)


def test_a_chain_of_none_knows_nothing():
    assert failure_of(resolve.ResolverChain([]).lookupAddress(b"a.test"), error.DomainError)
    assert failure_of(resolve.ResolverChain([]).lookupAllRecords(b"a.test"), error.DomainError)


# --- ours


REMEMBERS = pytest.mark.own_promise("there the cache of a chain of resolvers is never filled")


def nothing(code=dns.ENAME, minimum=30, ttl=300):
    """The message that says that there is no such name."""
    message = dns.Message(1, answer=1, rCode=code)
    message.addQuery(b"a.test", dns.A)
    start = dns.Record_SOA(b"ns.test", b"root.test", 1, 2, 3, 4, minimum)
    message.authority.append(dns.RRHeader(b"test", dns.SOA, ttl=ttl, payload=start))
    return message


@REMEMBERS
def test_the_cache_in_a_chain_remembers_what_those_behind_it_answer(remembering, clock):
    asked = Said(([record()], [], []))
    chain = resolve.ResolverChain([Said(error.DomainError()), remembering, asked])
    clock.advance(1)
    for _ in range(3):
        assert addresses(result_of(chain.lookupAddress(b"a.test"))) == [("192.0.2.1", 60)]
    assert len(asked.asked) == 1
    clock.advance(61)
    result_of(chain.lookupAddress(b"a.test"))
    assert len(asked.asked) == 2


@REMEMBERS
@pytest.mark.parametrize("minimum, ttl, seconds", [(30, 300, 30), (300, 30, 30), (90000, 90000, 3 * 3600)])
def test_that_there_is_no_such_name_is_remembered_as_long_as_the_SOA_says(remembering, clock, minimum, ttl, seconds):
    asked = Said(error.DNSNameError(nothing(minimum=minimum, ttl=ttl)))
    chain = resolve.ResolverChain([remembering, asked, Said(([record()], [], []))][:2])
    for _ in range(3):
        problem = failure_of(chain.lookupAddress(b"a.test"), error.DNSNameError)
    assert len(asked.asked) == 1 and problem.args[0].rCode == dns.ENAME
    clock.advance(seconds)
    failure_of(chain.lookupAddress(b"a.test"), error.DNSNameError)
    assert len(asked.asked) == 2


@REMEMBERS
def test_that_a_name_has_no_such_records_is_remembered_too(remembering, clock):
    asked = Said(([], nothing().authority, []))
    chain = resolve.ResolverChain([remembering, asked])
    for _ in range(2):
        assert result_of(chain.lookupAddress(b"a.test"))[0] == []
    assert len(asked.asked) == 1
    clock.advance(30)
    result_of(chain.lookupAddress(b"a.test"))
    assert len(asked.asked) == 2


@REMEMBERS
def test_what_says_nothing_of_its_time_is_not_remembered(remembering):
    for saying in (([], [], []), error.DNSServerError(nothing(dns.ESERVER)), ([record(0)], [], [])):
        asked = Said(saying)
        chain = resolve.ResolverChain([remembering, asked])
        for _ in range(2):
            chain.lookupAddress(b"a.test").addErrback(lambda failure: None)
        assert len(asked.asked) == 2


@REMEMBERS
def test_the_cache_has_a_bound_and_what_came_first_goes_first(remembering):
    remembering.mostEntries = 10
    for number in range(100):
        remembering.cacheResult(dns.Query(f"n{number}.test", dns.A), ([record()], [], []))
    assert list(remembering.cache) == [dns.Query(f"n{number}.test", dns.A) for number in range(90, 100)]


@REMEMBERS
def test_what_a_server_adds_about_other_names_is_not_believed_later(remembering):
    other = dns.RRHeader(b"bank.test", dns.A, ttl=900, payload=dns.Record_A("6.6.6.6"))
    chain = resolve.ResolverChain([remembering, Said(([record()], [], [other]), error.DNSServerError())])
    result_of(chain.lookupAddress(b"a.test"))
    assert failure_of(chain.lookupAddress(b"bank.test"), error.DNSServerError)


@REMEMBERS
def test_nothing_stale_is_served(remembering, clock):
    chain = resolve.ResolverChain([remembering, Said(([record()], [], []), error.DNSServerError())])
    result_of(chain.lookupAddress(b"a.test"))
    clock.advance(60)
    assert failure_of(chain.lookupAddress(b"a.test"), error.DNSServerError)


@REMEMBERS
def test_no_time_is_longer_than_a_week(remembering, clock):
    remembering.cacheResult(QUERY, ([record(0x7FFFFFFF)], [], []))
    clock.advance(7 * 86400)
    assert failure_of(remembering.lookupAddress(b"a.test"), error.DomainError)


@REMEMBERS
def test_hits_and_misses_can_be_logged(clock, monkeypatch):
    lines = []
    monkeypatch.setattr("reactor.log.msg", lines.append)
    talking = cache.CacheResolver(verbose=2, reactor=clock)
    talking.lookupAddress(b"a.test").addErrback(lambda failure: None)
    talking.cacheResult(QUERY, ([record()], [], []))
    talking.lookupAddress(b"a.test")
    assert lines == ["Cache miss for b'a.test'", "Adding Query(b'a.test', 1, 1) to cache", "Cache hit for b'a.test'"]
