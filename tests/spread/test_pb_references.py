"""Who refers to what: counts that go back to zero, and connections that end."""

import gc
import threading

import pytest

from reactor.defer import succeed
from reactor.spread import pb
from reactor.spread.jelly import InsecureJelly
from tests.spread.spread_doubles import Customer, Kitchen, Pair, Waiter, waiting


def test_counts_go_back_to_zero_when_references_are_dropped():
    kitchen, customer = Waiter(), Customer()
    pair = Pair(kitchen)
    for _ in range(3):
        pair.call("keep", [customer, customer])
    assert [local.refcount for local in pair.client.lent.objects.values()] == [6]
    pair.call("drop")
    gc.collect()
    pair.flush()
    assert not pair.client.lent.objects


@pytest.mark.parametrize("give", [lambda thing: thing, succeed])
def test_an_object_that_comes_home_is_itself_although_the_other_side_drops_it_at_once(give):
    pair = Pair(Kitchen(echo=give))
    customer = Customer()
    assert pair.call("echo", customer) is customer
    gc.collect()
    pair.flush()
    assert not pair.client.lent.objects


def test_a_reference_is_equal_to_another_to_the_same_object_and_is_sent_to_nobody_else():
    customer = Customer()
    pair, other = Pair(Kitchen(lend=lambda: customer)), Pair(Waiter())
    one, two = pair.call("lend"), pair.call("lend")
    assert one == two and hash(one) == hash(two) and one != pair.their_root
    with pytest.raises(InsecureJelly, match="only to the peer"):
        other.call("keep", one)


def test_a_reference_dropped_in_a_thread_is_told_with_the_next_message():
    pair = Pair(Kitchen(lend=Customer, nothing=lambda: None))
    held = [pair.call("lend")]
    thread = threading.Thread(target=held.clear)
    thread.start()
    thread.join()
    assert not pair.client.transport.getOutBuffer()
    pair.call("nothing")
    assert list(pair.server.lent.objects) == [b"root"]


def test_there_are_as_many_references_as_are_allowed(logged_errors):
    pair = Pair(Kitchen(lend=lambda: [Customer() for _ in range(600)]))
    first = pair.call("lend")
    with pytest.raises(pb.RemoteError, match="Maximum PB reference count"):
        pair.call("lend")
    assert len(pair.server.lent.objects) == 601
    del first
    gc.collect()
    pair.flush()
    assert len(pair.call("lend")) == 600


def test_a_disconnect_is_told_once_and_breaks_every_reference():
    methods, _ = waiting("soup")
    pair = Pair(Kitchen(lend=Customer, **methods))
    customer, told, never = pair.call("lend"), [], []
    customer.notifyOnDisconnect(told.append)
    customer.notifyOnDisconnect(never.append)
    customer.dontNotifyOnDisconnect(never.append)
    call = pair.their_root.callRemote("soup")
    pair.flush()
    pair.cut()
    with pytest.raises(pb.PBConnectionLost):
        pair.result(call)
    assert told == [customer] and never == []
    for reference in (customer, pair.their_root):
        with pytest.raises(pb.DeadReferenceError, match="the connection is gone"):
            reference.callRemote("ready")
    assert not pair.clock.getDelayedCalls()


def test_an_answer_that_comes_after_the_connection_goes_nowhere():
    methods, answers = waiting("soup")
    pair = Pair(Kitchen(**methods))
    pair.their_root.callRemote("soup").addErrback(lambda failure: None)
    pair.flush()
    pair.cut()
    answers["soup"].callback(Customer())
    assert not pair.server.lent.objects
