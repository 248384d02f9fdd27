"""Telnet with programs that others wrote: their terminals at our server, our client at their servers."""

import os
import sys

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted is the peer here", allow_module_level=True)

from reactor.conch.telnet import (
    ECHO,
    NAWS,
    SGA,
    TTYPE,
    AuthenticatingTelnetProtocol,
    ITelnetProtocol,
    StatefulTelnetProtocol,
    TelnetBootstrapProtocol,
    TelnetTransport,
)
from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
from reactor.protocol import Protocol, ServerFactory
from tests.conch.telnet_doubles import Noting
from tests.conch.typed import AtATerminal
from tests.peers.programs import run_program
from tests.support.loopback import run_until, stop_listening
from tests.support.outcomes import outcomes


class Keys(Protocol):
    """Shows each key in hexadecimal; q closes."""

    def connectionMade(self):
        self.transport.write(b"welcome\n")

    def terminalSize(self, width, height):
        self.transport.write(b"%d by %d\n" % (width, height))

    def dataReceived(self, data):
        self.transport.write(b"".join(b"<%02x>" % key for key in data))
        if b"q" in data:
            self.transport.loseConnection()


class Lines(StatefulTelnetProtocol):
    """Answers each line with its length."""

    state = "Line"

    def connectionMade(self):
        self.transport.write(b"welcome\n")

    def telnet_Line(self, line):
        self.transport.write(b"%d: %b\n" % (len(line), line))
        if line == b"quit":
            self.transport.loseConnection()


class House:
    """Our server: who is ann gets Keys, or Lines."""

    def __init__(self, reactor, make):
        self.reactor, self.make = reactor, make
        portal = Portal(self, [InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")])
        factory = ServerFactory()
        factory.noisy = False
        factory.protocol = lambda: TelnetTransport(AuthenticatingTelnetProtocol, portal)
        self.listening = reactor.listenTCP(0, factory, interface="127.0.0.1")
        self.port = self.listening.getHost().port
        self.avatars, self.left = [], []

    def requestAvatar(self, avatarId, mind, *interfaces):
        self.avatars.append(self.make())
        return ITelnetProtocol, self.avatars[-1], lambda: self.left.append(avatarId)

    def knows(self, name):
        """Wait until the terminal's first name is known, and is this."""
        run_until(self.reactor, lambda: self.avatars[-1].terminalTypes)
        assert self.avatars[-1].terminalTypes[0] == name


@pytest.fixture
def opened(one_reactor):
    """Keeps what is to be closed after the test; then nothing is connected any more."""
    kept = []
    yield kept
    for one in kept:
        if hasattr(one, "close"):
            one.close()
        else:
            stop_listening(one_reactor, one.listening)
    for transport in list(one_reactor.transports):
        transport.abortConnection()
    run_until(one_reactor, lambda: not one_reactor.transports)


@pytest.fixture
def at_terminal(one_reactor, opened):
    """Logs in to a server of ours with a program of others."""

    def start(*command, make=lambda: TelnetBootstrapProtocol(Keys), enter=b"\r", **options):
        house = House(one_reactor, make)
        terminal = AtATerminal(
            one_reactor, *(str(word).replace("PORT", str(house.port)) for word in command), **options
        )
        opened.extend((house, terminal))
        terminal.shows(b"Username: ")
        terminal.types(b"ann" + enter)
        terminal.shows(b"Password: ")
        terminal.types(b"secret" + enter)
        terminal.shows(b"welcome")
        return terminal, house

    return start


@pytest.mark.peer("telnet", client="telnet")
def test_telnet_sends_each_key_its_window_its_name_and_its_interrupts(one_reactor, at_terminal):
    terminal, house = at_terminal("telnet", "127.0.0.1", "PORT")
    assert b"secret" not in terminal.screen
    terminal.shows(b"100 by 30")
    terminal.types(b"a")
    terminal.shows(b"<61>")
    terminal.types("é\r".encode())
    terminal.shows(b"<c3><a9><0d>")
    terminal.types(b"\x1b[A")
    terminal.shows(b"<1b><5b><41>")
    house.knows(b"XTERM")
    terminal.resize(132, 50)
    terminal.shows(b"132 by 50")
    terminal.types(b"\x03")
    terminal.shows(b"<03>")
    for command, shows in ((b"ayt", b"[yes]"), (b"ip", b"<03>"), (b"synch", b"<61>")):  # this one is urgent
        terminal.types(b"\x1d")
        terminal.shows(b"telnet> ")
        terminal.types(b"send " + command + b"\r")
        terminal.types(b"a")
        terminal.shows(shows)
    terminal.types(b"q")
    terminal.shows(b"Connection closed by foreign host.")
    terminal.ends()
    run_until(one_reactor, lambda: house.left == [b"ann"])


@pytest.mark.peer("telnet", client="telnet")
def test_telnet_sends_lines_where_nothing_else_is_agreed_on(at_terminal):
    terminal, _ = at_terminal("telnet", "127.0.0.1", "PORT", make=Lines)
    terminal.types(b"soux\x7fp\r")
    terminal.shows(b"4: soup")
    terminal.types(b"quit\r")
    terminal.ends()


@pytest.mark.peer("telnet", client="plink")
def test_plink_sends_each_key_and_its_window(one_reactor, at_terminal):
    terminal, house = at_terminal("plink", "-telnet", "-P", "PORT", "127.0.0.1")
    terminal.shows(b"100 by 30")
    terminal.types(b"a\r")
    terminal.shows(b"<61><0d>")
    house.knows(b"XTERM")
    terminal.types(b"\x03")
    terminal.shows(b"<03>")
    terminal.types(b"q")
    terminal.ends()
    run_until(one_reactor, lambda: house.left == [b"ann"])


@pytest.mark.peer("telnet", client="tt++")
def test_tintin_names_itself_and_its_character_set(at_terminal, tmp_path):
    environment = {"HOME": str(tmp_path), "LANG": "C.UTF-8"}
    terminal, house = at_terminal("tt++", "-e", "#session doom 127.0.0.1 PORT", env=environment)
    house.knows(b"TINTIN++")
    terminal.types(b"q\r")
    terminal.shows(b"SESSION 'doom'")
    terminal.types(b"#end\r")
    terminal.ends()


@pytest.mark.peer("telnet", client="curl")
def test_curl_sends_lines(one_reactor, opened):
    house = House(one_reactor, Lines)
    opened.append(house)
    done = run_program(
        one_reactor, "curl", "-sN", f"telnet://127.0.0.1:{house.port}", input=b"ann\nsecret\nsoup\nquit\n"
    )
    assert b"4: soup\r\n4: quit\r\n" in done.stdout, done


# --- our client


class Terminal(Noting):
    """A client that agrees to be a terminal of a person."""

    def __init__(self):
        super().__init__({ECHO, SGA, NAWS, TTYPE})
        self.shown = b""

    def dataReceived(self, data):
        self.shown += data


def connect(reactor, port):
    client = Terminal()
    made = outcomes(connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", port), TelnetTransport(lambda: client)))
    run_until(reactor, lambda: made)
    return client


INETD = "127.0.0.1:@PORT@ stream tcp nowait root /usr/sbin/telnetd telnetd -h -E @FOLDER@/greet\n"
GREET = """#!/bin/sh
printf 'who? '
read who
echo "hello $who at $TERM, user '$USER', $(stty size)"
read enough
"""  # without its last line, telnetd sometimes forgets to send the one before


@pytest.mark.peer("telnet", server="telnetd")
@pytest.mark.skipif(os.getuid() != 0, reason="telnetd is started by root only")
def test_our_client_is_a_terminal_to_telnetd(one_reactor, daemon, opened):
    theirs = daemon("inetd", "-i", "inetd.conf", files={"inetd.conf": INETD, "greet": GREET})
    (theirs.folder / "greet").chmod(0o755)
    client = connect(one_reactor, theirs.port)
    client.transport.negotiationMap[TTYPE] = lambda data: client.transport.requestNegotiation(TTYPE, b"\0VT100")
    run_until(one_reactor, lambda: ("enableLocal", NAWS) in client.heard)
    client.transport.requestNegotiation(NAWS, b"\0\x84\0\xff")
    run_until(one_reactor, lambda: b"who? " in client.shown, 20)
    client.transport.write(b"ann\n")
    run_until(one_reactor, lambda: b"hello ann at vt100, user" in client.shown, 20)
    run_until(one_reactor, lambda: b"255 132" in client.shown)
    client.transport.write(b"\n")
    run_until(one_reactor, lambda: client.heard[-1] == ("lost", "ConnectionDone"))


THEIR_SERVER = """
import sys
from twisted.conch import manhole, telnet
from twisted.conch.insults import insults
from twisted.cred import checkers, portal
from twisted.internet import protocol, reactor
class Realm:
    def requestAvatar(self, who, mind, *interfaces):
        avatar = telnet.TelnetBootstrapProtocol(insults.ServerProtocol, manhole.ColoredManhole, {"soup": 6 * 7})
        return telnet.ITelnetProtocol, avatar, lambda: None
door = portal.Portal(Realm(), [checkers.InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")])
factory = protocol.ServerFactory()
factory.protocol = lambda: telnet.TelnetTransport(telnet.AuthenticatingTelnetProtocol, door)
reactor.listenTCP(int(sys.argv[1]), factory, interface="127.0.0.1")
reactor.run()
"""


@pytest.mark.peer("telnet", server="twisted")
def test_our_client_logs_in_to_twisted_s_manhole(one_reactor, daemon, opened):
    theirs = daemon(sys.executable, "server.py", "@PORT@", files={"server.py": THEIR_SERVER})
    client = connect(one_reactor, theirs.port)
    for prompt, line in ((b"Username: ", b"ann\n"), (b"Password: ", b"secret\n"), (b">>> ", b"soup + 1\n")):
        run_until(one_reactor, lambda prompt=prompt: prompt in client.shown, 20)
        client.transport.write(line)
    run_until(one_reactor, lambda: b"43" in client.shown)
    assert client.transport.getOptionState(ECHO).him.state == "yes"
    client.transport.write(b"\x04")
    run_until(one_reactor, lambda: client.heard[-1] == ("lost", "ConnectionDone"))


THEIR_CLIENT = """
import sys
from twisted.conch import telnet
from twisted.internet import endpoints, reactor, task
class Client(telnet.TelnetProtocol):
    script = [(b"Username: ", b"ann\\n"), (b"Password: ", b"secret\\n"), (b"100 by 30", b"q")]
    shown = b""
    def enableRemote(self, option):
        return option in (telnet.ECHO, telnet.SGA)
    def enableLocal(self, option):
        if option == telnet.NAWS:
            reactor.callLater(0, self.transport.requestNegotiation, telnet.NAWS, b"\\0\\x64\\0\\x1e")
        return option in (telnet.NAWS, telnet.SGA, b"\\x18")
    def disableRemote(self, option): pass
    def unhandledSubnegotiation(self, option, data):
        if option == b"\\x18":
            self.transport.requestNegotiation(option, b"\\0TWISTED")
    def dataReceived(self, data):
        self.shown += data
        if self.script and self.script[0][0] in self.shown:
            self.transport.write(self.script.pop(0)[1])
    def connectionLost(self, reason):
        print(self.shown.decode())
        reactor.stop()
where = endpoints.TCP4ClientEndpoint(reactor, "127.0.0.1", int(sys.argv[1]))
endpoints.connectProtocol(where, telnet.TelnetTransport(Client))
reactor.run()
"""


@pytest.mark.peer("telnet", client="twisted")
def test_twisted_logs_in_to_our_server(one_reactor, opened):
    house = House(one_reactor, lambda: TelnetBootstrapProtocol(Keys))
    opened.append(house)
    done = run_program(one_reactor, sys.executable, "-c", THEIR_CLIENT, house.port)
    assert b"<71>" in done.stdout, done
    house.knows(b"TWISTED")
