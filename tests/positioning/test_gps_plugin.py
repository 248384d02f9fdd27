"""`reactord gps`: a simulated receiver for everybody, and a relay of a real one."""

import os
import tty
from datetime import datetime, timedelta

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no such plugin", allow_module_level=True)

import reactor as package
from reactor.application.errors import ConfigurationError
from reactor.application.plugins import Plugin
from reactor.application.service import IServiceCollection
from reactor.application.starting import privilegedStart, startApplication
from reactor.defer import maybeDeferred
from reactor.endpoints import HostnameEndpoint, connectProtocol
from reactor.positioning import plugin
from reactor.positioning.nmea import NMEAAdapter, NMEAProtocol, line
from reactor.positioning.plugin import Listener, Sentences, driven
from reactor.positioning.udp import NMEADatagrams
from reactor.protocol import Factory, Protocol
from reactor.testing import StringTransport
from tests.peers.daemons import free_ports
from tests.support.loopback import run_until, stop_listening
from tests.support.outcomes import outcomes
from tests.support.positioning_doubles import Noting

AIS = b"!AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0*24"
OWN = line("PGRME", "15.0", "M", "45.0", "M", "25.0", "M").strip()


@pytest.fixture
def serve(one_reactor, monkeypatch):
    """Starts `reactord gps` with these words; gives a protocol that collects what it says."""
    monkeypatch.setitem(vars(package), "reactor", one_reactor)
    running = []

    def start(*words):
        [port] = free_ports(1)
        application = Plugin("gps", plugin).makeApplication([*words, "--port", f"tcp:{port}:interface=127.0.0.1"])
        privilegedStart(application)
        startApplication(application, False, one_reactor)
        running.append(application)
        client = Collecting()
        got = outcomes(connectProtocol(HostnameEndpoint(one_reactor, "127.0.0.1", port), client))
        run_until(one_reactor, lambda: got)
        return client

    yield start
    for application in running:
        stopped = outcomes(maybeDeferred(IServiceCollection(application).stopService))
        run_until(one_reactor, lambda got=stopped: got)
    for transport in list(one_reactor.transports):
        transport.abortConnection()
    run_until(one_reactor, lambda: not one_reactor.transports)


class Collecting(Protocol):
    said = b""

    def dataReceived(self, data):
        self.said += data


def test_a_simulated_receiver_drives_where_it_is_told_to(one_reactor, serve):
    client = serve("--circle=-33.86,151.21,500")
    run_until(one_reactor, lambda: client.said.count(b"\n") >= 2)
    protocol = NMEAProtocol(NMEAAdapter(noting := Noting()))
    for one in client.said.splitlines():
        protocol.lineReceived(one)
    latitude, longitude = noting.of("position")[0]
    assert latitude == pytest.approx(-33.86, abs=0.005) and longitude == pytest.approx(151.21, abs=0.006)


def test_a_circle_is_round_and_comes_home():
    def place(second):
        protocol = NMEAProtocol(NMEAAdapter(noting := Noting()))
        for one in driven(datetime(2026, 1, 1) + timedelta(seconds=second), 10.0, 180.0, 1852.0).splitlines():
            protocol.lineReceived(one)
        return *noting.of("position")[0], noting.of("heading")[0]

    assert place(0) == place(60) == (round(10 + 1 / 60, 6), -180.0, 90.0)
    assert place(15)[1] < -179.9 and place(15)[2] == 180.0 and place(30)[0] == round(10 - 1 / 60, 6)


def test_a_receiver_over_tcp_is_passed_on_as_far_as_it_arrives_whole(one_reactor, serve):
    receiver = Factory.forProtocol(Collecting)
    made = []
    receiver.buildProtocol = lambda addr: made.append(Collecting()) or made[-1]
    port = one_reactor.listenTCP(0, receiver, interface="127.0.0.1")
    client = serve("--source", f"tcp:127.0.0.1:{port.getHost().port}")
    run_until(one_reactor, lambda: made and made[0].transport)
    good = driven(datetime(2026, 1, 1), 1.0, 2.0, 3.0)
    damaged = good[good.rindex(b"$") : -4] + b"00\r\n"
    made[0].transport.write(b"half,a*00\r\n\xff$" + good + damaged + AIS + b"\r\n" + OWN + b"\n")
    run_until(one_reactor, lambda: OWN in client.said)
    assert client.said == good + AIS + b"\r\n" + OWN + b"\r\n"
    stop_listening(one_reactor, port)


def test_a_receiver_in_datagrams_is_passed_on_to_connections_and_in_datagrams(one_reactor, serve):
    [source] = free_ports(1)
    noting = Noting()
    hearer = one_reactor.listenUDP(0, NMEADatagrams(NMEAProtocol(NMEAAdapter(noting))), interface="127.0.0.1")
    client = serve("--source", f"udp:{source}", "--udp", f"127.0.0.1:{hearer.getHost().port}")
    talker = NMEADatagrams(to=("127.0.0.1", source))
    talking = one_reactor.listenUDP(0, talker, interface="127.0.0.1")
    good = driven(datetime(2026, 1, 1), 1.0, 2.0, 3.0)
    talker.tell(b"noise" + good)
    run_until(one_reactor, lambda: client.said == good and noting.of("altitude"))
    for port in (hearer, talking):
        stop_listening(one_reactor, port)


@pytest.mark.parametrize(
    ("option", "value", "hint"),
    [("--source", source, "udp:PORT") for source in ("udp:", "udp:x", "udp:70000")]
    + [("--udp", place, "ADDRESS:PORT") for place in ("10110", "boat:10110", ":1", "192.0.2.1:0", "192.0.2.1:70000")],
)
def test_where_datagrams_come_from_and_go_to_is_a_port_and_an_address(option, value, hint):
    with pytest.raises(ConfigurationError, match=hint):
        Plugin("gps", plugin).makeApplication([option, value])


@pytest.mark.parametrize("place", ["192.0.2.1:1", "<broadcast>:10110", "[::1]:10110"])
def test_datagrams_go_to_an_address_of_either_family(place):
    Plugin("gps", plugin).makeApplication(["--udp", place])


def test_a_receiver_at_a_serial_line_is_passed_on(one_reactor, serve):
    device, end = os.openpty()
    tty.setraw(device)
    client = serve("--source", os.ttyname(end), "--baud", "9600")
    os.write(device, OWN + b"\r\n")
    run_until(one_reactor, lambda: client.said)
    assert client.said == OWN + b"\r\n"
    os.close(device)
    os.close(end)


def test_who_does_not_read_misses_what_is_said_and_holds_nobody_up():
    sentences = Sentences()
    slow, quick = (Listener(), StringTransport()), (Listener(), StringTransport())
    for listener, transport in (slow, quick):
        listener.factory = sentences
        listener.makeConnection(transport)
    slow[0].pauseProducing()
    sentences.tell(b"1")
    slow[0].resumeProducing()
    sentences.tell(b"2")
    assert (slow[1].value(), quick[1].value()) == (b"2", b"12")
    slow[0].stopProducing()
    slow[0].connectionLost()
    sentences.tell(b"3")
    assert slow[1].value() == b"2"


@pytest.mark.parametrize("circle", ["90,0,1", "1,2", "x,y,z", "1,2,-3", "1,2,nan"])
def test_a_circle_that_is_none_is_refused(circle):
    with pytest.raises(ConfigurationError):
        Plugin("gps", plugin).makeApplication([f"--circle={circle}"])
