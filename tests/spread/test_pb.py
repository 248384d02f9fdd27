"""Calls between objects: the claims of the talk, and what a peer who means harm gets."""

import gc

import pytest

from reactor.defer import CancelledError, fail, succeed
from reactor.spread import banana, pb
from reactor.spread.jelly import InsecureJelly
from tests.spread.spread_doubles import Customer, Kitchen, Pair, Waiter, waiting

DIALECTS = [(b"pb", b"none"), (b"none",)]
FOOD = {"name": "soup", "price": 5, "hot": True, "with": ["bread", None], "weight": 0.5}


@pytest.mark.parametrize("dialects", DIALECTS)
def test_a_method_is_called_with_arguments_and_gives_a_result(dialects):
    pair = Pair(Kitchen(order=lambda dish, *, hot: [dish, hot]), dialects)
    assert pair.server.currentDialect == dialects[0]
    assert pair.call("order", FOOD, hot=(1, 2)) == [FOOD, (1, 2)]


def test_two_way_the_server_calls_an_object_of_the_clients():
    pair = Pair(Kitchen(order=lambda customer: customer.callRemote("ready", "soup")))
    customer = Customer()
    assert pair.call("order", customer) == "thank you"
    assert customer.heard == ["soup"]


def test_asynchronous_answers_come_in_any_order():
    methods, answers = waiting("soup", "fish")
    pair = Pair(Kitchen(**methods))
    served = []
    for name in answers:
        pair.their_root.callRemote(name).addCallback(served.append)
    pair.flush()
    for name in ("fish", "soup"):
        answers[name].callback(name)
        pair.flush()
    assert served == ["fish", "soup"]


def test_a_coroutine_is_waited_for():
    async def order():
        return await succeed("soup")

    assert Pair(Kitchen(order=order)).call("order") == "soup"


def test_a_call_that_is_cancelled_is_forgotten_and_its_answer_does_no_harm():
    methods, answers = waiting("soup")
    pair = Pair(Kitchen(**methods))
    call = pair.their_root.callRemote("soup")
    pair.flush()
    call.cancel()
    with pytest.raises(CancelledError):
        pair.result(call)
    answers["soup"].callback(Customer())
    pair.flush()
    gc.collect()
    pair.flush()
    assert not pair.client.waitingForAnswers
    assert list(pair.server.lent.objects) == [b"root"]


def test_nobody_answers_a_call_without_answer():
    kitchen = Waiter()
    pair = Pair(kitchen)
    assert pair.their_root.callRemote("keep", 1, pbanswer=False) is None
    pair.flush()
    assert kitchen.kept == [1]
    assert not pair.client.waitingForAnswers


def test_secure_a_reference_is_good_for_one_peer_alone():
    one, other = Pair(Waiter()), Pair(Waiter())
    customer = Customer()
    one.call("keep", customer)
    number = next(iter(one.client.lent.objects))
    forged = pb.RemoteReference(None, other.server, number, False)
    with pytest.raises(pb.RemoteError, match="Invalid Object ID"):
        other.result(forged.callRemote("ready", "soup"))
    assert customer.heard == []


def test_secure_only_methods_that_say_so_are_called():
    pair = Pair(Kitchen(lend=Customer))
    customer = pair.call("lend")
    for name in ("secret", "__init__", "_secret", "remote_ready", "heard", "ready.__class__", "", "ß"):
        with pytest.raises(pb.RemoteError, match=f"No such method: remote_{name}"):
            pair.result(customer.callRemote(name))
        assert pair.failure.check(pb.NoSuchMethod, AttributeError) is pb.NoSuchMethod


def test_extendable_an_own_flavor_travels():
    class Dish(pb.Jellyable):
        def jellyFor(self, jellier):
            return [b"spread.dish", 7]

    pb.setUnjellyableForClass("spread.dish", lambda unjellier, sexp: ("dish", sexp[1]))
    assert Pair(Kitchen(dish=Dish)).call("dish") == ("dish", 7)


# --- errors


def raising(problem):
    def method():
        raise problem

    return method


def test_an_Error_is_told_with_its_text_and_recognised_by_its_class():
    class NoSoup(pb.Error):
        pass

    pair = Pair(Kitchen(order=raising(NoSoup("no soup for you"))))
    with pytest.raises(pb.RemoteError, match="no soup for you") as caught:
        pair.call("order")
    assert caught.value.remoteType == f"{__name__}.{NoSoup.__qualname__}"
    assert pair.failure.check(NoSoup) and pair.failure.check(pb.Error) and pair.failure.trap("builtins.Exception")
    assert not pair.failure.check(KeyError)
    assert pair.failure.check(pb.RemoteError)
    assert "remote host" in pair.failure.getTraceback() and "no soup" in repr(pair.failure)


def test_of_any_other_exception_the_peer_learns_the_class_alone(logged_errors):
    pair = Pair(Kitchen(order=raising(ValueError("the password is swordfish"))))
    with pytest.raises(pb.RemoteError) as caught:
        pair.call("order")
    assert (caught.value.remoteType, str(caught.value)) == ("builtins.ValueError", "")
    assert pair.failure.check(ValueError) and "unavailable" in pair.failure.getTraceback()
    assert len(logged_errors.flush(ValueError)) == 1


def test_texts_and_tracebacks_are_told_when_they_are_asked_for(logged_errors):
    pair = Pair(Kitchen(order=raising(ValueError("in the kitchen"))), unsafeTracebacks=True)
    with pytest.raises(pb.RemoteError, match="in the kitchen") as caught:
        pair.call("order")
    assert "test_pb.py" in caught.value.remoteTraceback
    logged_errors.flush(ValueError)


def test_a_Deferred_that_fails_is_a_call_that_fails():
    pair = Pair(Kitchen(order=lambda: fail(pb.Error("no soup"))))
    with pytest.raises(pb.RemoteError, match="no soup"):
        pair.call("order")


def test_a_failure_that_came_from_elsewhere_keeps_its_names(logged_errors):
    behind = Pair(Kitchen(order=raising(KeyError("x"))))
    front = Pair(Kitchen(order=lambda: behind.their_root.callRemote("order")))
    call = front.their_root.callRemote("order")
    front.flush()
    behind.flush()
    with pytest.raises(pb.RemoteError):
        front.result(call)
    assert front.failure.check(KeyError) and not front.failure.check(ValueError)
    logged_errors.flush(KeyError, pb.RemoteError)


class Refusal(pb.Error, pb.Copyable):
    pass


class CopiedRefusal(pb.RemoteCopy, Exception):
    pass


def test_an_error_that_can_travel_comes_as_what_represents_it_here():
    pb.setUnjellyableForClass(Refusal, CopiedRefusal)
    refusal = Refusal("no")
    refusal.table = 5
    pair = Pair(Kitchen(order=raising(refusal)))
    with pytest.raises(CopiedRefusal) as caught:
        pair.call("order")
    assert caught.value.table == 5


@pytest.mark.parametrize("arguments", [(), (1, 2), ("x",)])
def test_arguments_that_do_not_fit_are_an_error_of_the_call(arguments, logged_errors):
    pair = Pair(Kitchen(order=lambda number: number + 1))
    with pytest.raises(pb.RemoteError):
        pair.call("order", *arguments)
    assert pair.failure.check(TypeError)
    assert len(logged_errors.flush(TypeError)) == 1
    assert pair.call("order", 1) == 2


@pytest.mark.parametrize("thing", [object(), [lambda: 1], 2**500, bytes(banana.SIZE_LIMIT + 1)])
def test_what_can_not_be_sent_fails_here_and_lends_nothing(thing):
    pair = Pair(Waiter())
    with pytest.raises((InsecureJelly, banana.BananaError)):
        pair.call("keep", Customer(), thing)
    assert not pair.client.lent.objects and not pair.client.waitingForAnswers
    assert pair.call("keep", 1) is None


@pytest.mark.parametrize("thing", [object(), bytes(banana.SIZE_LIMIT + 1)])
def test_a_result_that_can_not_be_sent_is_a_failure_there_and_lends_nothing(thing, logged_errors):
    pair = Pair(Kitchen(order=lambda: [Customer(), thing], later=lambda: succeed([Customer(), thing])))
    for name in ("order", "later"):
        with pytest.raises(pb.RemoteError):
            pair.call(name)
    assert list(pair.server.lent.objects) == [b"root"]
    logged_errors.flush(InsecureJelly, banana.BananaError)


def test_the_result_of_a_call_without_answer_lends_nothing():
    pair = Pair(Kitchen(order=Customer))
    pair.their_root.callRemote("order", pbanswer=False)
    pair.flush()
    assert list(pair.server.lent.objects) == [b"root"]


def test_an_answer_that_can_not_be_unpacked_fails_the_call_and_not_the_connection():
    pair = Pair(Kitchen(order=lambda: 1))
    call = pair.their_root.callRemote("order")
    pair.client.expressionReceived([b"answer", 1, [b"module", b"os"]])
    with pytest.raises(InsecureJelly, match="may not come here"):
        call.result.raiseException() if hasattr(call, "result") else pair.result(call)
    call.addErrback(lambda failure: None)
