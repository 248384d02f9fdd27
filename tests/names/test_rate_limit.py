"""How many answers a network gets, and the cookies by which a client shows that it is where it says."""

from reactor.names import dns
from reactor.names.cookies import Cookies
from reactor.names.rate_limit import RateLimit, cut, network_of
from reactor.task import Clock

QUESTION = dns.Message(1)
QUESTION.addQuery("a.test")
ANSWERED, CUT, DROPPED = None, cut(QUESTION.toStr()), b""


def test_a_network_gets_as_many_answers_as_its_budget_has_then_every_second_is_cut():
    clock = Clock()
    limit = RateLimit(2, clock.seconds)
    asked = [limit.refusal(QUESTION.toStr(), f"198.51.100.{number}") for number in range(24)]
    assert asked == [ANSWERED] * 20 + [CUT, DROPPED] * 2
    assert limit.refusal(QUESTION.toStr(), "198.51.101.1") is ANSWERED
    assert limit.refusal(QUESTION.toStr(), "127.0.0.1") is ANSWERED
    clock.advance(1)
    assert [limit.refusal(QUESTION.toStr(), "198.51.100.9") for _ in range(3)] == [ANSWERED, ANSWERED, CUT]


def test_networks_of_IPv6_are_larger():
    limit = RateLimit(1, Clock().seconds)
    answered = [limit.refusal(QUESTION.toStr(), f"2001:db8:0:{number:x}::1") for number in range(12)]
    assert answered.count(ANSWERED) == 10 and limit.refusal(QUESTION.toStr(), "::1") is ANSWERED


def test_an_IPv4_address_in_an_IPv6_one_is_what_it_is_in_itself():
    """A port at "::" has clients of both kinds (RFC 3493 §3.7)."""
    assert network_of("::ffff:192.0.2.77") == network_of("192.0.2.1") == "192.0.2.0/24"
    assert network_of("::ffff:127.0.0.1") is None


def test_a_flood_from_many_networks_takes_bounded_memory(monkeypatch):
    monkeypatch.setattr("reactor.names.rate_limit._MOST_NETWORKS", 50)
    limit, answered = RateLimit(1, Clock().seconds), 0
    for number in range(500):
        limit.refusal(QUESTION.toStr(), f"10.{number // 256}.{number % 256}.1")
        answered += limit.refusal(QUESTION.toStr(), "198.51.100.9") is ANSWERED
    assert answered == 10  # the flooded one's budget is not forgotten over the others
    assert len(limit._budgets) <= 50 and network_of.cache_info().maxsize == 20_000


def test_what_is_no_question_is_not_even_cut():
    answer = dns.Message(answer=1)
    answer.addQuery("a.test")
    assert cut(b"") == cut(b"\0" * 30) == cut(answer.toStr()) == b""


def test_cookies_grow_old():
    now = [1000.0]
    cookies = Cookies(b"secret", lambda: now[0])
    option, is_known = cookies.check(b"12345678", "192.0.2.1")
    assert not is_known and cookies.check(option, "192.0.2.1")[1]
    assert not cookies.check(option, "192.0.2.2")[1]
    assert not cookies.check(option[:-1] + bytes([option[-1] ^ 1]), "192.0.2.1")[1]
    now[0] += 3601
    assert not cookies.check(option, "192.0.2.1")[1]
