"""Timers and cooperation as services. Also true of Twisted (`--oracle`)."""

import pytest

from reactor.application.internet import CooperatorService, TimerService
from reactor.defer import Deferred, maybeDeferred
from reactor.task import Clock, SchedulerStopped
from tests.support.outcomes import is_waiting, outcomes, raising, result_of


@pytest.fixture
def clock():
    return Clock()


def timer(clock, *call):
    service = TimerService(2, *call)
    service.clock = clock
    return service


def test_a_timer_calls_at_its_start_and_then_at_every_step_until_it_stops(clock):
    calls = []
    service = timer(clock, calls.append, "tick")
    assert calls == []
    service.startService()
    assert calls == ["tick"] and service.running
    clock.pump([1, 1, 1, 1])
    assert calls == ["tick"] * 3
    result_of(service.stopService())
    clock.advance(10)
    assert calls == ["tick"] * 3 and not service.running and clock.getDelayedCalls() == []


def test_a_timer_can_be_started_again(clock):
    calls = []
    service = timer(clock, calls.append, "tick")
    for times in (1, 2):
        service.startService()
        assert len(calls) == times
        result_of(service.stopService())


def test_a_timer_whose_function_fails_says_so_and_calls_no_more(clock, logged_errors):
    service = timer(clock, raising)
    service.startService()
    assert len(logged_errors.flush(ZeroDivisionError)) == 1
    assert clock.getDelayedCalls() == []
    result_of(service.stopService())


def test_stopping_a_timer_waits_for_the_call_that_goes_on(clock):
    busy = Deferred()
    service = timer(clock, lambda: busy)
    service.startService()
    stopping = service.stopService()
    assert is_waiting(stopping)
    busy.callback(None)
    assert clock.getDelayedCalls() == []


@pytest.mark.own_promise("Twisted's raises AttributeError")
def test_a_timer_that_never_started_can_be_stopped():
    assert TimerService(2, raising).stopService() is None


def work(done, pieces):
    for _ in range(pieces):
        done.append("piece")
        yield


def test_a_cooperator_works_while_its_service_runs(reactor):
    from reactor.task import Cooperator

    service, done = CooperatorService(), []
    service.coop = Cooperator(started=False, scheduler=lambda step: reactor.callLater(0, step))
    result = outcomes(service.coiterate(work(done, 3)))
    reactor.iterate(0)
    assert done == []
    service.startService()
    while not result:
        reactor.iterate(0)
    assert done == ["piece"] * 3
    service.stopService()


def test_what_a_cooperator_has_not_done_when_it_stops_is_given_up(reactor):
    service = CooperatorService()
    result = outcomes(service.coiterate(work([], 3)))
    maybeDeferred(service.stopService)
    assert result[0].check(SchedulerStopped)


def test_a_cooperator_made_for_a_service_uses_the_program_s_reactor():
    service = CooperatorService()
    assert not service.coop.running
    service.startService()
    assert service.coop.running
    service.stopService()
    assert not service.coop.running
