"""Chains that are asked for more while they run, and what a Deferred that has fired holds on to."""

import gc
import weakref

import pytest

from reactor.defer import Deferred


@pytest.mark.own_promise("it gives what the chain has just then")
def test_a_chain_that_is_waited_for_from_inside_gives_its_last_result():
    other, inner, got = Deferred(), Deferred(), []
    inner.addCallback(lambda _: other)
    inner.addCallback(got.append)

    def step(result):
        inner.callback(None)
        return f"not {result}, but the last"

    other.addCallback(step)
    other.addCallback(lambda result: f"{result} of all")
    other.callback("this")
    assert got == ["not this, but the last of all"]


@pytest.mark.own_promise("its Deferreds keep their canceller")
def test_a_deferred_that_has_fired_lets_its_canceller_go():
    class Canceller:
        def __call__(self, deferred):
            raise AssertionError("nobody cancels it")

    canceller = Canceller()
    gone, deferred = weakref.ref(canceller), Deferred(canceller)
    del canceller
    deferred.callback(1)
    gc.collect()
    assert gone() is None and deferred.called
