"""Services and collections of services: names, parents, starting and stopping. Also true of Twisted (`--oracle`)."""

import gc

import pytest

from reactor.application.service import IService, IServiceCollection, MultiService, Service
from reactor.defer import Deferred, fail
from tests.support.outcomes import is_waiting, outcomes, result_of


class Noting(Service):
    """Notes what it is told in a list, and stops when the test says so if it was given a Deferred."""

    def __init__(self, name, events, stopped=None):
        self.setName(name)
        self.events, self.stopped = events, stopped

    def privilegedStartService(self):
        self.events.append(f"{self.name} prepares")

    def startService(self):
        super().startService()
        self.events.append(f"{self.name} starts")

    def stopService(self):
        super().stopService()
        self.events.append(f"{self.name} stops")
        return self.stopped


def tree(events, **stopped):
    """A collection of the services a, b (a collection of c) and d."""
    outer, inner = MultiService(), MultiService()
    inner.setName("b")
    Noting("a", events, stopped.get("a")).setServiceParent(outer)
    inner.setServiceParent(outer)
    Noting("c", events, stopped.get("c")).setServiceParent(inner)
    Noting("d", events, stopped.get("d")).setServiceParent(outer)
    return outer


def test_a_service_runs_from_start_to_stop():
    service = Service()
    assert not service.running
    service.privilegedStartService()
    assert not service.running
    service.startService()
    assert service.running
    assert service.stopService() is None
    assert not service.running


def test_a_service_has_neither_name_nor_parent_until_it_is_given_one():
    service, parent = Service(), MultiService()
    assert service.name is None and service.parent is None
    service.setName("foo")
    service.setServiceParent(parent)
    assert service.name == "foo" and service.parent is parent
    assert list(parent) == [service] and parent.getServiceNamed("foo") is service


def test_a_service_with_a_parent_keeps_its_name():
    service = Service()
    service.setServiceParent(MultiService())
    with pytest.raises(RuntimeError):
        service.setName("late")


def test_two_services_of_one_parent_cannot_share_a_name():
    parent = MultiService()
    for service in (first := Service(), second := Service()):
        service.setName("foo")
    first.setServiceParent(parent)
    with pytest.raises(RuntimeError, match="'foo'"):
        second.setServiceParent(parent)
    assert list(parent) == [first]


def test_a_name_that_nobody_has_is_a_KeyError():
    with pytest.raises(KeyError):
        MultiService().getServiceNamed("foo")


def test_services_start_in_order_and_all_prepare_before_any_starts():
    events = []
    services = tree(events)
    services.privilegedStartService()
    services.startService()
    assert events == ["a prepares", "c prepares", "d prepares", "a starts", "c starts", "d starts"]


def test_services_stop_in_the_opposite_order():
    events = []
    services = tree(events)
    services.startService()
    events.clear()
    result_of(services.stopService())
    assert events == ["d stops", "c stops", "a stops"]
    assert not services.running and not services.getServiceNamed("b").running


def test_stopping_waits_for_every_service_and_no_service_for_another():
    events, of_a, of_c = [], Deferred(), Deferred()
    services = tree(events, a=of_a, c=of_c)
    services.startService()
    stopping = services.stopService()
    assert events[-1] == "a stops"
    done = outcomes(stopping)
    of_a.callback(None)
    assert not done
    of_c.callback(None)
    assert len(done) == 1


def test_what_comes_to_a_running_collection_is_started():
    events, parent = [], MultiService()
    parent.startService()
    Noting("late", events).setServiceParent(parent)
    assert events == ["late prepares", "late starts"]


def test_what_leaves_a_running_collection_is_stopped_and_says_when():
    events, stopped, parent = [], Deferred(), MultiService()
    service = Noting("leaver", events, stopped)
    service.setServiceParent(parent)
    parent.startService()
    leaving = service.disownServiceParent()
    assert events[-1] == "leaver stops" and is_waiting(leaving)
    assert service.parent is None and list(parent) == []
    with pytest.raises(KeyError):
        parent.getServiceNamed("leaver")
    stopped.callback(None)


def test_what_leaves_a_collection_that_does_not_run_is_not_stopped():
    events, parent = [], MultiService()
    service = Noting("leaver", events)
    service.setServiceParent(parent)
    assert service.disownServiceParent() is None
    assert events == []


def test_a_service_that_gets_another_parent_leaves_the_first():
    first, second, service = MultiService(), MultiService(), Service()
    service.setServiceParent(first)
    service.setServiceParent(second)
    assert list(first) == [] and list(second) == [service] and service.parent is second


def test_a_stranger_cannot_be_removed():
    with pytest.raises(ValueError):
        MultiService().removeService(Service())


def test_an_interface_called_with_what_provides_it_gives_it_back():
    services = MultiService()
    assert IService(services) is services
    assert IServiceCollection(services) is services


def test_an_interface_called_with_something_else_is_a_TypeError():
    with pytest.raises(TypeError, match=r"IServiceCollection|Could not adapt"):
        IServiceCollection(Service())


@pytest.mark.own_promise("Twisted leaves the rest running, too, and its own idea of who runs as it was")
def test_only_what_has_begun_to_start_is_stopped():
    events = []
    services = tree(events)
    services.getServiceNamed("b").getServiceNamed("c").startService = lambda: 1 / 0
    with pytest.raises(ZeroDivisionError):
        services.startService()
    assert services.starting.starting.name == "c"
    result_of(services.stopService())
    assert events == ["a starts", "c stops", "a stops"]
    events.clear()
    result_of(services.stopService())
    assert events == []


@pytest.mark.own_promise("Twisted keeps it as a service that isn't running")
def test_a_service_that_cannot_start_late_is_not_taken_in(logged_errors):
    parent, stopped = MultiService(), []

    class Failing(Service):
        def startService(self):
            raise ZeroDivisionError("no")

        def stopService(self):
            stopped.append(self)

    parent.startService()
    service = Failing()
    service.setName("failing")
    with pytest.raises(ZeroDivisionError):
        service.setServiceParent(parent)
    assert list(parent) == [] and service.parent is None and stopped == [service]


@pytest.mark.own_promise("Twisted keeps it as a service that isn't running")
def test_what_cannot_start_late_and_cannot_stop_either_is_logged_once(logged_errors):
    parent, service = MultiService(), Service()
    service.startService = lambda: 1 / 0
    service.stopService = lambda: [][1]
    parent.startService()
    with pytest.raises(ZeroDivisionError):
        service.setServiceParent(parent)
    gc.collect()
    assert len(logged_errors.flush(IndexError)) == 1


@pytest.mark.own_promise("who could not start")
def test_who_adds_a_service_while_it_starts_and_then_fails_is_who_could_not_start():
    parent = MultiService()

    class Adding(Service):
        def startService(self):
            Service().setServiceParent(parent)
            raise ZeroDivisionError("no")

    adding = Adding()
    adding.setServiceParent(parent)
    with pytest.raises(ZeroDivisionError):
        parent.startService()
    assert parent.starting is adding
    result_of(parent.stopService())


@pytest.mark.own_promise("Twisted recurses until the stack is full")
def test_a_service_cannot_be_inside_itself():
    outer, inner = MultiService(), MultiService()
    inner.setServiceParent(outer)
    for parent in (outer, inner):
        with pytest.raises(RuntimeError, match="inside itself"):
            outer.setServiceParent(parent)
    assert outer.parent is None and list(inner) == []


@pytest.mark.own_promise("Twisted raises AttributeError, for a method of the parent")
def test_a_parent_must_be_a_collection_and_must_be_there_to_be_left():
    service, parent = Service(), MultiService()
    with pytest.raises(RuntimeError, match="has no parent"):
        service.disownServiceParent()
    service.setServiceParent(parent)
    with pytest.raises(TypeError, match="is no IServiceCollection"):
        service.setServiceParent(Service())
    assert service.parent is parent and list(parent) == [service]


@pytest.mark.own_promise("Twisted loses the error, or reports it as nobody's")
def test_a_service_that_fails_to_stop_is_logged_and_the_others_stop(logged_errors):
    events = []
    services = tree(events, c=fail(ZeroDivisionError("no")))
    services.getServiceNamed("d").stopService = lambda: [][1]
    services.startService()
    events.clear()
    result_of(services.stopService())
    assert events == ["c stops", "a stops"]
    assert len(logged_errors.flush(ZeroDivisionError, IndexError)) == 2


@pytest.mark.own_promise("a program for root binds its ports before it starts: what is taken out again must close them")
def test_what_leaves_after_it_has_prepared_is_stopped():
    events, parent = [], MultiService()
    service = Noting("leaver", events)
    service.setServiceParent(parent)
    parent.privilegedStartService()
    service.disownServiceParent()
    assert events == ["leaver prepares", "leaver stops"]


@pytest.mark.own_promise("Twisted logs it when the list of results is forgotten")
def test_a_service_that_cannot_stop_is_logged_and_its_failure_reaches_who_stopped_it(logged_errors):
    parent = MultiService()
    service = Service()
    service.stopService = lambda: fail(ValueError("stuck"))
    service.setServiceParent(parent)
    parent.startService()
    stopped = []
    parent.stopService().addBoth(stopped.append)
    (failure,) = stopped
    assert "stuck" in repr(failure)
    assert [str(problem) for problem in logged_errors.flush(ValueError)] == ["stuck"]
