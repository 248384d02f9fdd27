"""A telnet connection: options, commands and subnegotiations reach its program; nobody fills a memory or hangs."""

import socket

import pytest

from reactor.conch.insults.insults import ServerProtocol
from reactor.conch.manhole import Manhole
from reactor.conch.telnet import (
    AYT,
    BS,
    DM,
    DO,
    DONT,
    ECHO,
    EOR,
    GA,
    IAC,
    IP,
    NAWS,
    NOP,
    SB,
    SE,
    SGA,
    TRANSMIT_BINARY,
    TRANSMIT_EOR,
    WILL,
    WONT,
    OptionRefused,
    StatefulTelnetProtocol,
    Telnet,
    TelnetBootstrapProtocol,
    TelnetTransport,
)
from reactor.error import ConnectionLost
from reactor.failure import Failure
from reactor.protocol import ClientFactory, ServerFactory
from reactor.testing import StringTransport
from tests.conch.telnet_doubles import Noting, connected
from tests.support.loopback import run_until, stop_listening
from tests.support.outcomes import failure_of, result_of


def test_a_program_gets_text_and_commands_in_their_order():
    program = Noting()
    telnet = connected(program)
    telnet.dataReceived(b"so" + IAC + NOP + b"up\r\n" + IAC + SB + NAWS + b"\0" + IAC * 3 + SE + b"!" + IAC + IP)
    assert program.heard == [
        b"so",
        ("command", NOP, None),
        b"up\n",
        ("about", NAWS, b"\0\xff"),
        b"!",
        ("command", IP, None),
    ]


def test_options_are_turned_on_and_off_by_either_side():
    program = Noting({ECHO, NAWS})
    telnet = connected(program)
    telnet.dataReceived(IAC + WILL + NAWS + IAC + WILL + SGA + IAC + DO + ECHO)
    assert telnet.transport.value() == IAC + DO + NAWS + IAC + DONT + SGA + IAC + WILL + ECHO
    telnet.dataReceived(IAC + WONT + NAWS + IAC + DONT + ECHO + IAC + WONT + SGA)
    assert telnet.transport.value()[9:] == IAC + DONT + NAWS + IAC + WONT + ECHO
    asked = [("enableRemote", NAWS), ("enableRemote", SGA), ("enableLocal", ECHO)]
    assert program.heard == [*asked, ("disableRemote", NAWS), ("disableLocal", ECHO)]


def test_what_is_asked_for_is_on_when_the_peer_agrees_and_not_before():
    program = Noting()
    telnet = connected(program)
    wishes = [telnet.do(NAWS), telnet.will(ECHO), telnet.do(SGA)]
    telnet.dataReceived(IAC + WILL + NAWS)
    assert telnet.getOptionState(NAWS).him.state == "yes"
    telnet.dataReceived(IAC + DO + ECHO + IAC + WONT + SGA)
    assert [result_of(wish) for wish in wishes[:2]] == [True, True]
    failure_of(wishes[2], OptionRefused)
    off = [telnet.dont(NAWS), telnet.wont(ECHO)]
    telnet.dataReceived(IAC + WONT + NAWS + IAC + DONT + ECHO)
    assert [result_of(wish) for wish in off] == [True, True]
    assert program.heard == [
        ("enableRemote", NAWS),
        ("enableLocal", ECHO),
        ("disableRemote", NAWS),
        ("disableLocal", ECHO),
    ]


def test_who_waits_for_an_answer_is_told_that_the_connection_is_lost():
    program = Noting()
    telnet = connected(program)
    wish = telnet.do(NAWS)
    telnet.connectionLost(Failure(ConnectionLost()))
    failure_of(wish, ConnectionLost)
    assert program.heard == [("lost", "ConnectionLost")]


@pytest.mark.own_promise("in Twisted it waits for ever")
def test_what_is_asked_for_after_the_connection_is_lost_fails_at_once():
    telnet = connected(Noting())
    telnet.connectionLost(Failure(ConnectionLost()))
    for ask in (telnet.do, telnet.dont, telnet.will, telnet.wont):
        failure_of(ask(NAWS), ConnectionLost)


def test_a_program_that_takes_another_s_place_is_told_of_the_end_and_so_is_the_first():
    first, second = Noting(), Noting()
    telnet = connected(first)
    telnet.protocol = second
    telnet.connectionLost(Failure(ConnectionLost()))
    assert first.heard == second.heard == [("lost", "ConnectionLost")]


def test_a_bare_telnet_agrees_to_nothing_and_takes_handlers_of_commands_and_of_options():
    telnet, heard = Telnet(), []
    telnet.makeConnection(StringTransport())
    telnet.commandMap[IP] = lambda argument: heard.append(argument)
    telnet.negotiationMap[NAWS] = heard.append
    telnet.dataReceived(IAC + DO + ECHO + IAC + IP + IAC + SB + NAWS + b"ab" + IAC + SE + b"text")
    telnet.dataReceived(IAC + SB + IAC + SE + IAC + AYT)
    assert heard == [None, [b"a", b"b"]]
    assert telnet.transport.value() == IAC + WONT + ECHO + b"\r\n[yes]\r\n"


def test_what_a_program_says_about_an_option_may_hold_any_byte():
    telnet = connected(Noting())
    telnet.requestNegotiation(NAWS, b"\0\xff\0\x18")
    assert telnet.transport.value() == IAC + SB + NAWS + b"\0\xff\xff\0\x18" + IAC + SE


def test_a_program_s_text_is_sent_as_telnet_has_it():
    telnet = connected(Noting())
    telnet.write(b"a\xff\nb\r")
    telnet.writeSequence([b"\xff", b"\n"])
    assert telnet.transport.value() == b"a\xff\xff\r\nb\r\0\xff\xff\r\n"


def test_each_direction_is_binary_by_itself():
    program = Noting({TRANSMIT_BINARY})
    telnet = connected(program)
    telnet.dataReceived(b"\r\n" + IAC + WILL + TRANSMIT_BINARY + b"\r\n\r\0" + IAC + WONT + TRANSMIT_BINARY + b"\r\n")
    assert [it for it in program.heard if isinstance(it, bytes)] == [b"\n", b"\r\n\r\0", b"\n"]
    telnet.transport.clear()
    telnet.dataReceived(IAC + DO + TRANSMIT_BINARY)
    telnet.write(b"\r\n\r\n\n")
    assert telnet.transport.value() == IAC + WILL + TRANSMIT_BINARY + b"\r\n\r\n\n"


def test_the_end_of_a_record_is_marked_as_the_peer_wants():
    program = Noting({SGA, TRANSMIT_EOR})
    telnet = connected(program)
    for command, marked in ((NOP, IAC + GA), (DO + SGA, b""), (DO + TRANSMIT_EOR, IAC + EOR)):
        telnet.dataReceived(IAC + command)
        telnet.transport.clear()
        telnet.endRecord()
        assert telnet.transport.value() == marked


def test_an_endless_subnegotiation_costs_the_connection_at_8_KiB():
    telnet = connected(Noting())
    telnet.dataReceived(IAC + SB + NAWS)
    for _ in range(8191):
        telnet.dataReceived(b"x")
    assert not telnet.transport.disconnecting
    telnet.dataReceived(b"x")
    assert telnet.transport.disconnecting


def test_who_asks_and_takes_no_answers_is_not_read_any_more():
    telnet = connected(Noting(), StringTransport(lenient=True))
    tcp = telnet.transport
    tcp.producer.pauseProducing()
    assert tcp.producerState == "paused"
    telnet.pauseProducing()
    tcp.producer.resumeProducing()
    assert tcp.producerState == "paused", "the program still pauses it"
    telnet.resumeProducing()
    assert tcp.producerState == "producing"
    tcp.producer.pauseProducing()
    telnet.pauseProducing()
    telnet.resumeProducing()
    assert tcp.producerState == "paused", "the peer still takes nothing"


def test_a_program_s_producer_is_the_transport_s_as_long_as_it_produces():
    telnet, producer = connected(Noting()), object()
    telnet.transport.producer.pauseProducing()
    telnet.registerProducer(producer, False)
    assert telnet.transport.producer is producer and telnet.transport.producerState == "producing"
    telnet.unregisterProducer()
    telnet.transport.producer.pauseProducing()
    assert telnet.transport.producerState == "paused"


def test_lines_end_in_either_way_and_come_without_what_a_terminal_would_obey():
    lines = []

    class Echo(StatefulTelnetProtocol):
        state = "Name"

        def telnet_Name(self, line):
            lines.append(("Name", line))
            return "Soup"

        def telnet_Soup(self, line):
            lines.append(("Soup", line))

    telnet = connected(Echo())
    telnet.dataReceived(b"ann\r\nhot\r\0c\x1b]0;mine\x07old" + BS + "\x9b2J é\r\n".encode() + b"\x9b2J\r\n")
    assert lines == [("Name", b"ann"), ("Soup", b"hot"), ("Soup", "c]0;mineold2J é".encode()), ("Soup", b"2J")]


class Served:
    """A telnet server of ours on this machine, and a plain socket at it."""

    def __init__(self, reactor, program):
        self.reactor, self.program = reactor, program
        factory = ServerFactory()
        factory.noisy = False
        factory.protocol = lambda: TelnetTransport(lambda: program)
        self.port = reactor.listenTCP(0, factory, interface="127.0.0.1")
        self.socket = socket.create_connection(("127.0.0.1", self.port.getHost().port))
        run_until(reactor, lambda: program.transport is not None)

    def close(self):
        self.socket.close()
        run_until(self.reactor, lambda: "lost" in str(self.program.heard[-1:]))
        stop_listening(self.reactor, self.port)


@pytest.fixture
def serve(one_reactor):
    made = []

    def start(program):
        made.append(Served(one_reactor, program))
        return made[-1]

    yield start
    for one in made:
        one.close()


@pytest.mark.own_promise("the kernel takes the urgent byte out; half a command ends the connection")
def test_an_urgent_data_mark_leaves_no_half_command_behind(one_reactor, serve):
    program = Noting()
    served = serve(program)
    served.socket.send(b"a" + IAC + IP)
    served.socket.send(IAC + DM, socket.MSG_OOB)
    served.socket.send(b"b")
    run_until(one_reactor, lambda: b"b" in program.heard)
    assert program.heard == [b"a", ("command", IP, None), ("command", DM, None), b"b"]


def test_a_peer_who_sends_and_never_reads_is_not_answered_without_bound(one_reactor, serve):
    program = Noting()
    served = serve(program)
    served.socket.setblocking(False)
    tcp = program.transport.transport
    tcp.getHandle().setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    turns = 0
    with pytest.raises(BlockingIOError):
        while turns < 1000:
            served.socket.send((IAC + DO + ECHO) * 2000)
            one_reactor.iterate(0)
            turns += 1
            if tcp not in one_reactor.getReaders():
                served.socket.send(b"x" * 10_000_000)
    assert tcp not in one_reactor.getReaders()


def test_keys_that_each_redraw_a_long_line_do_not_fill_the_memory(one_reactor, serve):
    """64 KB of ^L made 268 MB: what came in one piece was worked off, whether the peer took the answers or not."""
    program = TelnetBootstrapProtocol(ServerProtocol, Manhole)
    program.heard = []
    served = serve(program)
    end, tcp = Noting(), program.transport.transport
    program.connectionLost = end.connectionLost
    program.heard = end.heard
    served.socket.sendall(b"x" * 4000)
    run_until(one_reactor, lambda: len(program.protocol.terminalProtocol.lineBuffer) == 4000)
    served.socket.setblocking(False)
    served.socket.send(b"\x0c" * 60_000)
    for _ in range(20):
        one_reactor.iterate(0)
    assert tcp.pending_bytes < 2**23
    assert tcp not in one_reactor.getReaders()
    shown = 0
    while shown < 60_000 * 4000:  # who reads again gets all of it
        one_reactor.iterate(0)
        try:
            shown += len(served.socket.recv(2**20))
        except BlockingIOError:
            pass


def test_what_a_program_leaves_while_it_pauses_comes_when_it_goes_on_and_in_order():
    class Hesitant(Noting):
        def dataReceived(self, data):
            super().dataReceived(data)
            self.transport.pauseProducing()

    program = Hesitant()
    telnet = connected(program, StringTransport(lenient=True))
    text = b"".join(b"%d " % n for n in range(2000))
    telnet.dataReceived(text)
    telnet.dataReceived(b"end")
    assert len(program.heard[0]) < 2000
    for _ in range(20):
        telnet.resumeProducing()
    assert program.heard == [text + b"end"]
    telnet.pauseProducing()
    telnet.dataReceived(b"never")
    telnet.loseConnection()
    telnet.resumeProducing()
    assert program.heard == [text + b"end"]


def test_two_of_ours_talk_over_tcp(one_reactor):
    ends = [Noting({ECHO, NAWS}), Noting({ECHO, NAWS})]
    server, client = ServerFactory(), ClientFactory()
    server.noisy = client.noisy = False
    server.protocol, client.protocol = (lambda end=end: TelnetTransport(lambda: end) for end in ends)
    port = one_reactor.listenTCP(0, server, interface="127.0.0.1")
    one_reactor.connectTCP("127.0.0.1", port.getHost().port, client)
    run_until(one_reactor, lambda: ends[0].transport and ends[1].transport)
    wishes = [ends[0].transport.will(ECHO), ends[1].transport.do(ECHO), ends[1].transport.will(NAWS)]
    ends[1].transport.write(b"\xff\n" * 3)
    run_until(one_reactor, lambda: all(wish.called for wish in wishes) and b"\xff\n" * 3 in ends[0].heard)
    ends[1].transport.loseConnection()
    run_until(one_reactor, lambda: all("lost" in str(end.heard) for end in ends))
    stop_listening(one_reactor, port)
