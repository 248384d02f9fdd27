"""UNIX sockets, UDP and multicast with programs that we did not write: socat, nc, and Twisted."""

import importlib.util
import os
import sys

import pytest

from reactor.error import CannotListenError
from reactor.interfaces import IFileDescriptorReceiver
from tests.support import oracle
from tests.support.datagrams import Hearer, echo, listen_udp, opened_ports, where  # noqa: F401 (fixtures)
from tests.support.loopback import Client, Server, Talker, run_until, stop_listening
from tests.support.programs import Program

pytestmark = pytest.mark.not_only_sockets


@pytest.fixture
def start(reactor):
    """Starts programs, and kills those that are left after the test."""
    programs = []

    def make(*command):
        programs.append(Program(reactor, *map(str, command)))
        return programs[-1]

    yield make
    for program in programs:
        program.kill()


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "socket")


def send_back(talker, data):
    talker.transport.write(data)


def hear(program, text):
    run_until(program.reactor, lambda: text in program.output)


@pytest.fixture
def serve(reactor):
    """Listens on a UNIX socket, with an echo; the port is closed after the test."""
    ports = []

    def make(path, **hooks):
        server = Server("server", **({"data": send_back} | hooks))
        ports.append(reactor.listenUNIX(path, server))
        return server

    yield make
    for port in ports:
        stop_listening(reactor, port)


# --- socat and nc


@pytest.mark.parametrize("command", [("socat", "-", "UNIX-CONNECT:{}"), ("nc", "-N", "-U", "{}")], ids=["socat", "nc"])
def test_a_program_talks_to_our_UNIX_socket(reactor, serve, start, path, command):
    server = serve(path)
    program = start(*(word.format(path) for word in command))
    program.say(b"hello")
    hear(program, b"hello")
    program.end_input()
    run_until(reactor, lambda: server.talker.reason)
    assert program.process.wait(5) == 0
    assert server.talker.reason.type.__name__ == "ConnectionDone"


def test_socat_talks_to_our_abstract_name(reactor, serve, start):
    name = f"reactor and socat {os.getpid()}"
    server = serve("\0" + name)
    socat = start("socat", "-", f"ABSTRACT-CONNECT:{name}")
    socat.say(b"hello")
    hear(socat, b"hello")
    socat.end_input()
    run_until(reactor, lambda: server.talker.reason)


@pytest.mark.parametrize(
    "command",
    [("socat", "-d", "-d", "UNIX-LISTEN:{}", "PIPE"), ("nc", "-v", "-l", "-U", "{}")],
    ids=["socat", "nc"],
)
def test_we_talk_to_a_program_that_listens(reactor, start, path, command):
    program = start(*(word.format(path) for word in command))
    run_until(reactor, lambda: b"istening on" in program.output)
    client = Client("client", made=lambda talker: talker.transport.write(b"hello"))
    connector = reactor.connectUNIX(path, client)
    if command[0] == "nc":  # prints what it hears, and sends what it is told
        hear(program, b"hello")
        program.say(b"hello")
    run_until(reactor, lambda: client.talker and client.talker.received == b"hello")
    connector.disconnect()
    run_until(reactor, lambda: client.reason)


@pytest.mark.parametrize(
    ("command", "host"),
    [
        ("socat - UDP4:127.0.0.1:{}", "127.0.0.1"),
        ("socat - UDP6:[::1]:{}", "::1"),
        ("nc -u 127.0.0.1 {}", "127.0.0.1"),
        ("nc -u ::1 {}", "::1"),
    ],
)
def test_a_program_and_our_UDP_port_talk(reactor, listen, start, command, host):
    hearer = Hearer(data=echo)
    port = listen(hearer, interface=host).getHost().port
    program = start(*command.format(port).split())
    program.say(b"hello")
    hear(program, b"hello")
    hearer.transport.write(b" and goodbye", hearer.heard[0][1])
    hear(program, b"hello and goodbye")


def test_socat_speaks_to_a_group_of_ours_and_is_answered(reactor, opened, start):
    member = Hearer(data=echo)
    opened.append(reactor.listenMulticast(0, member))
    joined = []
    opened[0].joinGroup("239.255.77.73", "127.0.0.1").addBoth(joined.append)
    run_until(reactor, lambda: joined == [None])
    group = f"UDP4-DATAGRAM:239.255.77.73:{opened[0].getHost().port}"
    socat = start("socat", "-", f"{group},ip-multicast-if=127.0.0.1,bind=127.0.0.1")
    socat.say(b"hello, everybody")
    hear(socat, b"hello, everybody")


def test_socat_and_our_UNIX_datagrams(reactor, opened, start, path):
    hearer = Hearer(data=echo)
    opened.append(reactor.listenUNIXDatagram(path, hearer))
    socat = start("socat", "-", f"UNIX-SENDTO:{path},bind={path}2")
    socat.say(b"hello")
    hear(socat, b"hello")
    assert hearer.heard == [(b"hello", path + "2")]


# --- Twisted

TWISTED = """
import os, sys
from twisted.internet import reactor
from twisted.internet.interfaces import IFileDescriptorReceiver
from twisted.internet.protocol import ClientFactory, DatagramProtocol, Factory, Protocol
from zope.interface import implementer

def say(*words):
    print(*words, flush=True)

@implementer(IFileDescriptorReceiver)
class Echo(Protocol):
    def fileDescriptorReceived(self, descriptor):
        with open(descriptor, "rb") as file:
            say("was sent", file.read().decode())
    def dataReceived(self, data):
        reading, writing = os.pipe()
        os.write(writing, b"from Twisted")
        os.close(writing)
        self.transport.sendFileDescriptor(reading)
        self.transport.write(data)

class EchoDatagrams(DatagramProtocol):
    def datagramReceived(self, datagram, address):
        self.transport.write(datagram, address)

class Caller(Echo):
    def connectionMade(self):
        self.transport.write(b"hello")
    def dataReceived(self, data):
        say("heard", data.decode())
"""


@oracle.implements(IFileDescriptorReceiver)
class Receiver(Talker):
    def fileDescriptorReceived(self, descriptor):
        with open(descriptor, "rb") as file:
            self.note(f"was sent {file.read().decode()}")


@pytest.fixture
def twisted(start):
    """Runs a program on Twisted, until it has said that it is ready."""

    def run(source):
        if importlib.util.find_spec("twisted") is None:
            pytest.skip("Twisted is not installed")
        program = start(sys.executable, "-c", TWISTED + source + "\nsay('ready')\nreactor.run()")
        hear(program, b"ready\n")
        return program

    return run


def test_we_pass_bytes_and_descriptors_to_Twisted_and_back(reactor, twisted, path):
    program = twisted(f"reactor.listenUNIX({path!r}, Factory.forProtocol(Echo))")

    def greet(talker):
        reading, writing = os.pipe()
        os.write(writing, b"from us")
        os.close(writing)
        talker.transport.sendFileDescriptor(reading)
        talker.transport.write(b"hello")
        descriptors.append(reading)

    descriptors = []
    client = Client("client", talker=Receiver, made=greet)
    connector = reactor.connectUNIX(path, client)
    hear(program, b"was sent from us\n")
    run_until(reactor, lambda: client.talker.received == b"hello")
    assert "client was sent from Twisted" in client.events
    connector.disconnect()
    run_until(reactor, lambda: client.reason)
    os.close(descriptors[0])


def test_Twisted_is_our_client(reactor, serve, twisted, path):
    server = serve(path)
    program = twisted(f"reactor.connectUNIX({path!r}, ClientFactory.forProtocol(Caller))")
    hear(program, b"heard hello\n")
    program.kill()
    run_until(reactor, lambda: server.talker.reason)


def test_each_respects_the_locks_of_the_other(reactor, twisted, path):
    program = twisted(f"reactor.listenUNIX({path!r}, Factory.forProtocol(Echo), wantPID=1)")
    with pytest.raises(CannotListenError):
        reactor.listenUNIX(path, Server("server"), wantPID=1)
    program.kill()
    port = reactor.listenUNIX(path, Server("server"), wantPID=1)
    refused = twisted(f"""
try:
    reactor.listenUNIX({path!r}, Factory.forProtocol(Echo), wantPID=1)
except Exception as problem:
    say(type(problem).__name__)
""")
    assert b"CannotListenError" in refused.output
    stop_listening(reactor, port)


def test_we_and_Twisted_talk_over_UDP(reactor, listen, twisted):
    program = twisted("say(reactor.listenUDP(0, EchoDatagrams(), interface='127.0.0.1').getHost().port)")
    hearer = Hearer()
    listen(hearer).write(b"hello", ("127.0.0.1", int(program.output.split()[0])))
    run_until(reactor, lambda: hearer.datagrams == [b"hello"])
