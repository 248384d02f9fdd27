"""What a peer who means harm gets."""

import pytest

from reactor.defer import Deferred, DeferredList
from reactor.spread import pb
from reactor.testing import FakeTransport
from tests.spread.spread_doubles import Customer, Kitchen, Pair, Waiter


def call(**changes):
    parts = {
        "request": 1,
        "object": b"root",
        "name": b"keep",
        "wanted": 1,
        "args": [b"tuple", 1],
        "kw": [b"dictionary"],
    }
    return [b"message", *(parts | changes).values()]


NONSENSE = [
    b"message",
    5,
    [],
    [5],
    [[]],
    [b"unknown"],
    [b"__init__"],
    [b"\xff"],
    [b"version"],
    [b"version", 5],
    [b"message"],
    [b"message", 1, b"root", b"keep", 1, [b"tuple"]],
    [*call(), 1],
    call(request=[]),
    call(request=b"x"),
    call(name=5),
    [b"answer", 1, 1],
    [b"answer", [], 1],
    [b"error", 77, 1],
    [b"decref", 1],
    [b"decref", b"root"],
    [b"decref", []],
    [b"decache", 1],
    [b"uncache", 1],
    [b"uncache", []],
]


@pytest.mark.parametrize("expression", NONSENSE, ids=repr)
def test_nonsense_ends_the_connection(expression):
    pair = Pair(Waiter())
    pair.client.sendEncoded(expression)
    pair.flush()
    assert pair.server.disconnected and pair.client.disconnected


def test_a_reference_dropped_more_often_than_it_was_sent_ends_the_connection():
    pair = Pair(Kitchen(lend=Customer))
    pair.call("lend")
    for _ in range(2):
        pair.client.sendCall(b"decref", 1)
    pair.flush()
    assert pair.server.disconnected


WRONG = [
    call(object=5),
    call(object=[]),
    call(object=1.5),
    call(name=b"\xff"),
    call(args=5),
    call(args=[b"dictionary"]),
    call(args=[b"tuple", [b"local", 99]]),
    call(args=[b"tuple", [b"local", []]]),
    call(args=[b"tuple", [b"cached", 99]]),
    call(args=[b"tuple", [b"cached", []]]),
    call(args=[b"tuple", [b"lcache", 99]]),
    call(args=[b"tuple", [b"remote", b"root"]]),
    call(args=[b"tuple", [b"remote", []]]),
    call(args=[b"tuple", [b"module", b"os"]]),
    call(kw=[b"tuple"]),
    call(kw=[b"dictionary", [5, 5]]),
    call(kw=[b"dictionary", [[b"unicode", b"self"], 5]]),
]


@pytest.mark.parametrize("expression", WRONG, ids=repr)
def test_a_call_that_makes_no_sense_is_answered_with_an_error(expression, logged_errors):
    pair = Pair(Waiter())
    answered = []
    pair.client.proto_error = lambda request, failure: answered.append(request)
    pair.client.sendCall(*expression)
    pair.flush()
    assert answered == [1] and not pair.server.disconnected
    logged_errors.flush(TypeError, UnicodeDecodeError, AttributeError)


def doubled():
    sexp = [b"tuple"]
    for number in range(40):
        sexp = [b"tuple", [b"reference", number, sexp], [b"dereference", number]]
    return sexp


def test_tuples_that_double_are_not_written_out_in_an_error():
    pair = Pair(Waiter())
    answered = []
    pair.client.proto_error = lambda request, failure: answered.append(request)
    failure = [b"twisted.spread.pb.CopyableFailure", [b"dictionary", [[b"unicode", b"type"], doubled()]]]
    pair.client.sendCall(*call(args=[b"tuple", failure]))
    pair.flush()
    assert answered == [1]


def test_a_failure_that_is_no_failure_fails_the_call_at_once():
    pair = Pair(Kitchen(order=Deferred))
    failed = pair.their_root.callRemote("order")
    pair.flush()
    pair.server.sendCall(b"error", *pair.client.waitingForAnswers, doubled())
    with pytest.raises(pb.RemoteError):
        pair.result(failed)


def test_so_many_calls_may_wait_and_no_more():
    answer = Deferred()
    pair = Pair(Kitchen(order=lambda: DeferredList([answer]).addCallback(lambda _: "soup")))
    pair.server.mostPending = 3
    calls = [pair.their_root.callRemote("order") for _ in range(4)]
    with pytest.raises(pb.RemoteError, match="3 of your calls wait"):
        pair.result(calls[3])
    answer.callback(None)
    assert [pair.result(one) for one in calls[:3]] == ["soup"] * 3
    assert pair.call("order") == "soup"


def test_so_many_peers_may_be_there_and_no_more():
    pair = Pair(Waiter())
    pair.factory.maxConnections = 2
    ends = [pair.factory.buildProtocol(None) for _ in range(2)]
    assert [isinstance(end, pb.Broker) for end in ends] == [True, False]


def test_a_peer_that_names_no_dialect_is_cut_off_after_a_while():
    pair = Pair(Waiter(), dialects=())
    assert pair.client.disconnected
    pair = Pair(Waiter())
    fresh = pair.factory.buildProtocol(None)
    fresh.makeConnection(FakeTransport(fresh, True))
    pair.clock.advance(fresh.loginTimeout - 1)
    assert not fresh.transport.aborted
    pair.clock.advance(1)
    assert fresh.transport.aborted


def test_a_peer_that_does_not_read_is_not_read_and_is_cut_off_after_a_while():
    pair = Pair(Waiter())
    pair.server.pauseProducing()
    call = pair.their_root.callRemote("keep", 1)
    pair.flush()
    assert not call.called
    pair.server.resumeProducing()
    assert pair.result(call) is None and call.called
    assert not pair.clock.getDelayedCalls()
    pair.server.pauseProducing()
    pair.clock.advance(pair.server.stallTimeout)
    assert pair.server.transport.aborted
    pair.flush()
    assert not pair.clock.getDelayedCalls()
