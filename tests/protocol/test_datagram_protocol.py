"""DatagramProtocol by itself: when it is started and stopped, whatever its transport is."""

import pytest

from reactor.protocol import AbstractDatagramProtocol, ConnectedDatagramProtocol, DatagramProtocol


class Noting(DatagramProtocol):
    noisy = False

    def __init__(self):
        self.events = []

    def startProtocol(self):
        self.events.append(f"started with {self.transport}")

    def stopProtocol(self):
        self.events.append(f"stopped with {self.transport}")


def test_makeConnection_sets_the_transport_and_then_starts():
    protocol = Noting()
    protocol.makeConnection("a transport")
    assert protocol.events == ["started with a transport"] and protocol.numPorts == 1


def test_doStop_forgets_the_transport_and_then_stops():
    protocol = Noting()
    protocol.makeConnection("a transport")
    protocol.doStop()
    assert protocol.events[1:] == ["stopped with None"] and protocol.numPorts == 0


def test_it_is_started_and_stopped_once_however_many_use_it():
    protocol = Noting()
    protocol.doStart()
    protocol.doStart()
    protocol.doStop()
    assert protocol.events == ["started with None"]
    protocol.doStop()
    assert len(protocol.events) == 2


def test_it_can_be_used_again():
    protocol = Noting()
    for _ in range(2):
        protocol.makeConnection("a transport")
        protocol.doStop()
    assert len(protocol.events) == 4


def test_a_second_transport_is_refused():
    protocol = Noting()
    protocol.makeConnection("a transport")
    with pytest.raises(AssertionError):
        protocol.makeConnection("another")
    assert protocol.transport == "a transport"


def test_stopping_what_was_not_started_is_an_error():
    with pytest.raises(AssertionError):
        Noting().doStop()


def test_starting_and_stopping_are_logged_unless_it_is_not_noisy():
    from reactor import log

    events = []
    log.addObserver(events.append)
    try:
        for noisy in (True, False):
            protocol = Noting()
            protocol.noisy = noisy
            protocol.doStart()
            protocol.doStop()
    finally:
        log.removeObserver(events.append)
    said = [" ".join(event["message"]) for event in events]
    assert [text.split(" <")[0] for text in said] == ["Starting protocol", "Stopping protocol"]


def test_what_is_not_overridden_does_nothing():
    for kind, arguments in (
        (AbstractDatagramProtocol, (b"", ("127.0.0.1", 7))),
        (DatagramProtocol, (b"", ("127.0.0.1", 7))),
        (ConnectedDatagramProtocol, (b"",)),
    ):
        protocol = kind()
        protocol.noisy = False
        protocol.makeConnection("a transport")
        protocol.datagramReceived(*arguments)
        protocol.doStop()
    DatagramProtocol().connectionRefused()
    ConnectedDatagramProtocol().connectionFailed(None)


def test_the_log_calls_it_by_its_class():
    assert Noting().logPrefix() == "Noting"
