"""State that outlives the program: what is saved, what comes back, and that no file is lost by it."""

import json
import os

import pytest

from reactor.app import Application
from reactor.application.errors import StartError, StateError
from reactor.application.service import MultiService, Service
from reactor.application.starting import startApplication, stopAgain
from reactor.application.state_file import FORMAT, State
from tests.support.loopback import run


class Counter(Service):
    keeps = ("visits", "names")
    visits = 0

    def __init__(self, name="counter"):
        self.setName(name)
        self.names = []


@pytest.fixture
def start(tmp_path):
    """Makes an application with these services, and its state restored; `state.save()` is what its end would do."""

    def start(*services, name="web"):
        application = Application(name)
        for service in services:
            service.setServiceParent(application)
        state = State(application, tmp_path / "state.json")
        state.restore()
        return state

    return start


@pytest.fixture
def file(tmp_path):
    return tmp_path / "state.json"


def save_some(start, **values):
    counter = Counter()
    state = start(counter)
    vars(counter).update(values)
    state.save()


def test_what_a_service_declares_is_there_at_the_next_start(start):
    save_some(start, visits=3, names=["ä", None, {"b": [1.5, True]}])
    start(again := Counter())
    assert again.visits == 3 and again.names == ["ä", None, {"b": [1.5, True]}]


def test_the_file_says_what_it_is(start, file):
    save_some(start, visits=3)
    assert json.loads(file.read_text()) == {
        "format": FORMAT,
        "version": 1,
        "application": "web",
        "services": {"counter": {"visits": 3, "names": []}},
    }


def test_the_file_is_for_its_owner_alone(start, file):
    save_some(start)
    assert os.name == "nt" or file.stat().st_mode & 0o777 == 0o600  # Windows has no such permissions


def test_services_in_services_are_kept_by_their_path(start, file):
    outer = MultiService()
    outer.setName("outer")
    inner = Counter("inner")
    inner.setServiceParent(outer)
    state = start(outer)
    inner.visits = 5
    state.save()
    assert json.loads(file.read_text())["services"] == {"outer/inner": {"visits": 5, "names": []}}


def test_what_the_file_does_not_say_stays_as_the_program_has_it(start, file):
    save_some(start, visits=3)
    document = json.loads(file.read_text())
    del document["services"]["counter"]["visits"]
    document["services"]["counter"]["of an earlier release"] = 1
    file.write_text(json.dumps(document))
    start(again := Counter())
    assert again.visits == 0 and not hasattr(again, "of an earlier release")


def test_services_that_are_not_there_this_time_stay_in_the_file(start, file):
    save_some(start, visits=3)
    start(Counter("other")).save()
    services = json.loads(file.read_text())["services"]
    assert sorted(services) == ["counter", "other"] and services["counter"]["visits"] == 3


DAMAGED = [
    b"",
    b"{",
    b"\xff\xfe",
    b"[]",
    b"{}",
    b'{"format": "another"}',
    json.dumps({"format": FORMAT}).encode(),
    json.dumps({"format": FORMAT, "version": 1, "application": "web", "services": []}).encode(),
    json.dumps({"format": FORMAT, "version": 1, "application": "web", "services": {"counter": 3}}).encode(),
    b"[" * 100_000,
]


@pytest.mark.parametrize("content", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_file_is_reported_and_set_aside(start, file, content, logged_errors):
    file.write_bytes(content)
    state = start(counter := Counter())
    [problem] = logged_errors.flush(StateError)
    aside = file.with_name("state.json.damaged")
    assert str(file) in str(problem) and str(aside) in str(problem)
    assert counter.visits == 0 and aside.read_bytes() == content
    state.save()
    start(Counter())
    assert aside.read_bytes() == content


def test_a_second_damaged_file_does_not_take_the_place_of_the_first(start, file, logged_errors):
    for content in (b"first", b"second", b"third"):
        file.write_bytes(content)
        start(Counter())
    assert len(logged_errors.flush(StateError)) == 3
    names = ["damaged", "damaged-2", "damaged-3"]
    assert [file.with_name(f"state.json.{name}").read_bytes() for name in names] == [b"first", b"second", b"third"]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"format": FORMAT, "version": 2}, r"later release \(version 2"),
        ({"format": FORMAT, "version": 1, "application": "mail", "services": {}}, r"state of 'mail', not of 'web'"),
    ],
)
def test_a_file_of_somebody_else_is_left_alone(start, file, document, message):
    file.write_text(json.dumps(document))
    with pytest.raises(StateError, match=message):
        start(Counter())
    assert json.loads(file.read_text()) == document


def test_a_file_that_cannot_be_read_stops_the_start(start, file):
    file.mkdir()
    with pytest.raises(StateError, match=r"can't be read: .*state.json"):
        start(Counter())


def test_a_folder_that_is_not_there_is_noticed_at_the_start(tmp_path):
    application = Application("web")
    Counter().setServiceParent(application)
    with pytest.raises(StateError, match="the folder isn't there"):
        State(application, tmp_path / "none" / "state.json").restore()


@pytest.mark.parametrize(
    "value", [(1, 2), {1: 2}, b"bytes", float("nan"), {1, 2}, object, "\ud800", [[1, (2,)]]], ids=repr
)
def test_what_JSON_cannot_say_is_refused_and_the_old_file_stays(start, file, value):
    save_some(start, visits=3)
    before = file.read_bytes()
    with pytest.raises(StateError, match=r"web/counter can't keep 'visits': JSON has nothing for"):
        save_some(start, visits=value)
    assert file.read_bytes() == before and [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_service_that_keeps_something_needs_a_name(start):
    nameless = Counter()
    nameless.name = None
    with pytest.raises(StateError, match=r"web/\(Counter\) keeps state: name it"):
        start(nameless)
    outer = MultiService()
    Counter().setServiceParent(outer)
    with pytest.raises(StateError, match=r"web/\(MultiService\)/counter keeps state: name it, and what it is in"):
        start(outer)


def test_a_service_must_have_what_it_keeps(start):
    class Empty(Counter):
        keeps = ("nothing",)

    with pytest.raises(StateError, match="keeps 'nothing', which it doesn't have: give it a first value"):
        start(Empty())


def test_what_a_killed_program_left_half_written_is_no_hindrance(start, file):
    file.with_name("state.json.new").write_bytes(b"{half")
    save_some(start, visits=3)
    start(again := Counter())
    assert again.visits == 3 and [path.name for path in file.parent.iterdir()] == [file.name]


def test_the_new_file_takes_the_name_only_when_it_is_complete(start, file, monkeypatch):
    save_some(start, visits=3)
    before = file.read_bytes()

    def disk_full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", disk_full)
    with pytest.raises(OSError, match="No space"):
        save_some(start, visits=4)
    assert file.read_bytes() == before


@pytest.fixture
def application(reactor, tmp_path):
    application = Application("web", reactor=reactor)
    application.stateFile = tmp_path / "state.json"
    return application


def test_state_is_restored_before_services_start_and_saved_after_they_have_stopped(reactor, application, file):
    seen = []

    class Late(Counter):
        def startService(self):
            super().startService()
            seen.append(self.visits)

        def stopService(self):
            self.visits += 1
            return super().stopService()

    Late().setServiceParent(application)
    for _ in range(2):
        startApplication(application, True, reactor)
        reactor.callWhenRunning(reactor.stop)
        run(reactor)
    assert seen == [0, 1]
    assert json.loads(file.read_text())["services"]["counter"]["visits"] == 2


def test_without_save_nothing_is_read_or_written(reactor, application, file):
    file.write_text("anything")
    Counter().setServiceParent(application)
    startApplication(application, False, reactor)
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    assert file.read_text() == "anything"


def test_an_application_that_keeps_nothing_writes_no_file(reactor, application, file):
    Service().setServiceParent(application)
    startApplication(application, True, reactor)
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    assert not file.exists()


def test_state_that_cannot_be_restored_is_a_start_that_failed(reactor, application, file):
    file.mkdir()
    Counter().setServiceParent(application)
    with pytest.raises(StartError, match=r"^web can't start: state can't be read") as caught:
        startApplication(application, True, reactor)
    stopAgain(caught.value, reactor)


def test_state_that_cannot_be_saved_is_logged_and_the_reactor_stops(reactor, application, file, logged_errors):
    counter = Counter()
    counter.setServiceParent(application)
    startApplication(application, True, reactor)
    counter.visits = object()
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    [problem] = logged_errors.flush(StateError)
    assert "web/counter can't keep 'visits'" in str(problem) and not file.exists()
