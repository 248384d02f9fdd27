"""async def and await on Deferreds; inlineCallbacks."""

import asyncio
import contextvars
import gc
import warnings

import pytest

from reactor.defer import (
    CancelledError,
    Deferred,
    NotACoroutineError,
    ensureDeferred,
    fail,
    inlineCallbacks,
    returnValue,
    succeed,
)
from tests.support.outcomes import failure_of, outcomes, raising, result_of


async def add_one(deferred):
    return await deferred + 1


@inlineCallbacks
def add_one_by_yield(deferred):
    result = yield deferred
    return result + 1


def add_one_by_await(deferred):
    return ensureDeferred(add_one(deferred))


both_ways = pytest.mark.parametrize("add_one_to", [add_one_by_await, add_one_by_yield])


@both_ways
def test_it_waits_for_the_result(add_one_to):
    deferred = Deferred()
    results = outcomes(add_one_to(deferred))
    assert results == []
    deferred.callback(1)
    assert results == [2]


@both_ways
def test_a_result_that_is_ready_is_not_waited_for(add_one_to):
    assert result_of(add_one_to(succeed(1))) == 2


@both_ways
@pytest.mark.parametrize("is_ready", [True, False])
def test_a_failure_is_raised(add_one_to, is_ready):
    error, deferred = ValueError(), Deferred()
    added = add_one_to(fail(error) if is_ready else deferred)
    if not is_ready:
        deferred.errback(error)
    assert failure_of(added, ValueError).value is error


@both_ways
def test_what_it_raises_itself_is_its_failure(add_one_to):
    failure_of(add_one_to(succeed("text")), TypeError)


@pytest.mark.parametrize("is_ready", [True, False])
def test_a_failure_that_was_caught_is_no_more(is_ready):
    deferreds = [fail(ValueError()) if is_ready else Deferred()]

    async def mend():
        try:
            await deferreds[0]
        except ValueError:
            return "mended"

    mended = ensureDeferred(mend())
    if not is_ready:
        deferreds[0].errback(ValueError())
    deferreds.clear()
    gc.collect()
    assert result_of(mended) == "mended"


def test_coroutines_await_each_other():
    deferred = Deferred()

    async def outer():
        return [await add_one(deferred), await add_one(succeed(10))]

    results = outcomes(ensureDeferred(outer()))
    deferred.callback(1)
    assert results == [[2, 11]]


def test_ten_thousand_ready_results_need_no_deep_stack():
    async def count():
        total = 0
        for _ in range(10_000):
            total += await succeed(1)
        return total

    @inlineCallbacks
    def count_by_yield():
        total = 0
        for _ in range(10_000):
            total += yield succeed(1)
        return total

    assert result_of(ensureDeferred(count())) == 10_000
    assert result_of(count_by_yield()) == 10_000


def test_what_is_no_Deferred_comes_straight_back_from_yield():
    @inlineCallbacks
    def work():
        return [(yield 1), (yield "two"), (yield None)]

    assert result_of(work()) == [1, "two", None]


def test_a_coroutine_may_be_yielded_too():
    @inlineCallbacks
    def work():
        return (yield add_one(succeed(1)))

    assert result_of(work()) == 2


def test_a_generator_may_return_by_returnValue():
    @inlineCallbacks
    def work():
        yield succeed(None)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            returnValue("result")

    assert result_of(work()) == "result"


def test_inlineCallbacks_keeps_name_and_docstring():
    @inlineCallbacks
    def documented():
        """The docstring."""
        yield

    assert documented.__name__ == "documented" and documented.__doc__ == "The docstring."


def test_inlineCallbacks_without_a_yield_is_an_error():
    with pytest.raises(TypeError, match=r"requires .* to produce a generator; instead got 3"):
        inlineCallbacks(lambda: 3)()


def test_ensureDeferred_returns_a_Deferred_as_it_is():
    deferred = Deferred()
    assert ensureDeferred(deferred) is deferred


def test_ensureDeferred_of_something_else_is_an_error():
    with pytest.raises(NotACoroutineError, match="3 is not a coroutine or a Deferred"):
        ensureDeferred(3)
    with pytest.raises(TypeError, match="3 is not a coroutine"):
        Deferred.fromCoroutine(3)


@pytest.mark.own_promise("it doesn't say what to do")
def test_a_function_that_was_not_called_is_told_so():
    with pytest.raises(NotACoroutineError, match="call it"):
        ensureDeferred(add_one)


def test_fromCoroutine_runs_it():
    assert result_of(Deferred.fromCoroutine(add_one(succeed(1)))) == 2


def test_a_coroutine_that_was_never_awaited_is_told_of_by_Python():
    with pytest.warns(RuntimeWarning, match="coroutine 'add_one' was never awaited"):
        add_one(succeed(1))
        gc.collect()


# --- cancelling


@both_ways
def test_to_cancel_it_is_to_cancel_what_it_waits_for(add_one_to):
    cancelled = []
    deferred = Deferred(cancelled.append)
    added = add_one_to(deferred)
    added.cancel()
    assert cancelled == [deferred]
    failure_of(added, CancelledError)


@both_ways
def test_to_cancel_it_after_its_end_does_nothing(add_one_to):
    added = add_one_to(succeed(1))
    added.cancel()
    assert result_of(added) == 2


def test_a_coroutine_may_mend_its_cancellation_and_wait_on():
    second = Deferred()

    async def stubborn():
        try:
            await Deferred()
        except CancelledError:
            return await second

    running = ensureDeferred(stubborn())
    running.cancel()
    results = outcomes(running)
    assert results == []
    second.callback("all the same")
    assert results == ["all the same"]


def test_it_can_be_cancelled_again_where_it_waits_next():
    cancelled = []
    second = Deferred(cancelled.append)

    async def stubborn():
        try:
            await Deferred()
        except CancelledError:
            return await second

    running = ensureDeferred(stubborn())
    running.cancel()
    running.cancel()
    assert cancelled == [second]
    failure_of(running, CancelledError)


def test_cancelling_goes_down_through_coroutines_that_wait_for_each_other():
    cancelled = []
    innermost = Deferred(cancelled.append)
    outer = add_one_by_await(add_one_by_yield(add_one_by_await(innermost)))
    outer.cancel()
    assert cancelled == [innermost]
    failure_of(outer, CancelledError)


# --- contexts and tracebacks

who = contextvars.ContextVar("who", default="nobody")


@pytest.mark.parametrize("way", ["await", "yield"])
def test_each_runs_in_a_copy_of_the_context_it_was_started_in(way):
    deferred = Deferred()

    async def by_await():
        before = who.get()
        who.set("me")
        await deferred
        return before, who.get()

    @inlineCallbacks
    def by_yield():
        before = who.get()
        who.set("me")
        yield deferred
        return before, who.get()

    token = who.set("the caller")
    running = ensureDeferred(by_await()) if way == "await" else by_yield()
    who.reset(token)
    deferred.callback(None)
    assert result_of(running) == ("the caller", "me") and who.get() == "nobody"


async def inner_work(deferred):
    await deferred


async def outer_work(deferred):
    await inner_work(deferred)


def names_in(failure):
    traceback, names = failure.getTracebackObject(), []
    while traceback is not None:
        names.append(traceback.tb_frame.f_code.co_name)
        traceback = traceback.tb_next
    return names


@pytest.mark.parametrize("is_ready", [True, False])
def test_the_traceback_goes_through_coroutines_to_where_it_went_wrong(is_ready):
    first = Deferred()
    broken = first.addCallback(raising)
    if is_ready:
        first.callback(None)
    running = ensureDeferred(outer_work(broken))
    if not is_ready:
        first.callback(None)
    names = names_in(failure_of(running, ZeroDivisionError))
    assert [name for name in names if name in ("outer_work", "inner_work", "raising")] == [
        "outer_work",
        "inner_work",
        "raising",
    ]


@pytest.mark.own_promise("it shows its own frames too")
def test_the_traceback_shows_the_program_and_nothing_of_the_machinery():
    broken = Deferred()
    broken.addCallback(raising)
    running = ensureDeferred(outer_work(broken))
    broken.callback(None)
    assert names_in(failure_of(running, ZeroDivisionError)) == ["outer_work", "inner_work", "raising"]
    assert names_in(failure_of(succeed(None).addCallback(raising), ZeroDivisionError)) == ["raising"]


@pytest.mark.own_promise("there the future complains of itself")
def test_a_future_of_asyncio_that_is_awaited_by_mistake_is_told_of_with_the_way_out():
    loop = asyncio.new_event_loop()

    async def mistaken():
        await loop.create_future()

    failure = failure_of(ensureDeferred(mistaken()), TypeError)
    assert "Deferred.fromFuture" in failure.getErrorMessage()
    loop.close()


def test_a_generator_may_wait_by_yield_from():
    @inlineCallbacks
    def waiting(deferred):
        return (yield from deferred) + 1

    deferred = Deferred()
    result = waiting(deferred)
    deferred.callback(41)
    assert result_of(result) == 42


@pytest.mark.own_promise("it adds no way out to asyncio's message")
def test_other_errors_of_that_type_are_left_as_they_are():
    async def mistaken():
        raise RuntimeError("something else")

    failure = failure_of(ensureDeferred(mistaken()), RuntimeError)
    assert not hasattr(failure.value, "__notes__")
