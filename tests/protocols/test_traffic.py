"""SpewingFactory and TrafficLoggingFactory: what went over a connection, written down."""

import pytest

from reactor import log
from reactor.protocols.policies import SpewingFactory, TrafficLoggingFactory
from reactor.testing import StringTransport
from tests.protocols.test_policies import DONE, Server, addr


def connected(factory):
    wrapper = factory.buildProtocol(addr())
    wrapper.makeConnection(StringTransport())
    return wrapper


def test_spewing_logs_both_directions():
    said = []

    def observer(event):
        said.append(" ".join(map(str, event["message"])))

    log.addObserver(observer)
    try:
        wrapper = connected(SpewingFactory(Server()))
        wrapper.dataReceived(b"in\0")
        wrapper.write(b"out")
    finally:
        log.removeObserver(observer)
    assert said == [r"Received: b'in\x00'", "Sending: b'out'"]
    assert wrapper.transport.value() == b"out" and wrapper.wrappedProtocol.events[-1] == b"in\0"


leaks = pytest.mark.leaks_in_twisted("the file of each connection")


@leaks
def test_each_connection_has_its_file(tmp_path):
    factory = TrafficLoggingFactory(Server(), str(tmp_path / "log"))
    one, two = connected(factory), connected(factory)
    one.dataReceived(b"in")
    one.write(b"out")
    one.writeSequence([b"a", b"b"])
    two.dataReceived(b"else")
    one.loseConnection()
    lines = (tmp_path / "log-1").read_text().splitlines()
    assert lines == ["*", "C 1: b'in'", "S 1: b'out'", "SV 1: [b'a', b'b']", "S 1: *"]
    assert (tmp_path / "log-2").read_text().splitlines() == ["*", "C 2: b'else'"]
    assert one.transport.value() == b"outab"
    one.connectionLost(DONE)
    two.connectionLost(DONE)
    last = (tmp_path / "log-1").read_text().splitlines()[-1]
    assert last.startswith("C 1: ") and "ConnectionDone" in last


@leaks
def test_resetCounter_numbers_from_one_again(tmp_path):
    factory = TrafficLoggingFactory(Server(), str(tmp_path / "log"))
    connected(factory).connectionLost(DONE)
    factory.resetCounter()
    connected(factory).connectionLost(DONE)
    assert [path.name for path in tmp_path.iterdir()] == ["log-1"]


@pytest.mark.own_promise("Twisted adds text to bytes here")
@pytest.mark.parametrize(
    ("limit", "shown"), [(20, b"x" * 8 + b"<... elided>"), (5, b"<... elided>"), (100, b"x" * 100)]
)
def test_long_pieces_are_cut_to_the_limit(tmp_path, limit, shown):
    factory = TrafficLoggingFactory(Server(), str(tmp_path / "log"), limit)
    wrapper = connected(factory)
    wrapper.write(b"x" * 100)
    wrapper.connectionLost(DONE)
    assert (tmp_path / "log-1").read_text().splitlines()[1] == f"S 1: {shown!r}"
    assert wrapper.transport.value() == b"x" * 100


@pytest.mark.own_promise("Twisted leaves it to the garbage collector")
def test_the_file_is_closed_with_its_connection(tmp_path):
    wrapper = connected(TrafficLoggingFactory(Server(), str(tmp_path / "log")))
    wrapper.connectionLost(DONE)
    assert wrapper.logfile.closed
