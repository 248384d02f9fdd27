"""Telnet with programs that others wrote: their terminals at our server."""

import sys
from pathlib import Path

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted is the peer here", allow_module_level=True)

from reactor.conch.telnet import (
    CHARSET,
    DO,
    DONT,
    ECHO,
    LINEMODE,
    MODE,
    NAWS,
    SB,
    SGA,
    TRANSMIT_EOR,
    TTYPE,
    WILL,
    AuthenticatingTelnetProtocol,
    ITelnetProtocol,
    StatefulTelnetProtocol,
    TelnetBootstrapProtocol,
    TelnetTransport,
)
from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.protocol import Protocol, ServerFactory
from reactor.ssl import PrivateCertificate
from tests.conch.typed import AtATerminal
from tests.peers.programs import run_program
from tests.support.loopback import run_until, stop_listening

SLC = b"\3"  # RFC 1184
CERTIFICATE = Path(__file__).parents[1] / "faults" / "certificate.pem"


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


class Overheard(TelnetTransport):
    """Notes what the peer says about options."""

    def commandReceived(self, command, argument):
        self.factory.said.append((command, argument))
        super().commandReceived(command, argument)

    def negotiate(self, data):
        self.factory.said.append((SB, data))
        super().negotiate(data)


class House:
    """Our server: who is ann gets Keys, or Lines."""

    def __init__(self, reactor, make, is_secure=False):
        self.reactor, self.make, self.said = reactor, make, []
        portal = Portal(self, [InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")])
        factory = ServerFactory()
        factory.noisy = False
        factory.protocol = lambda: Overheard(AuthenticatingTelnetProtocol, portal)
        factory.said = self.said
        if is_secure:
            context = PrivateCertificate.fromFiles(CERTIFICATE).options()
            self.listening = reactor.listenSSL(0, factory, context, interface="127.0.0.1")
        else:
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
def at_terminal(one_reactor, opened):
    """Logs in to a server of ours with a program of others."""

    def start(*command, make=lambda: TelnetBootstrapProtocol(Keys), enter=b"\r", is_secure=False, **options):
        house = House(one_reactor, make, is_secure)
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
def test_telnet_answers_what_is_asked_about_each_option(one_reactor, at_terminal):
    """Issue 18's: NAWS, TTYPE and LINEMODE, which it has, and CHARSET, which it refuses."""
    _, house = at_terminal("telnet", "127.0.0.1", "PORT", make=lambda: TelnetBootstrapProtocol(Keys))
    answers = [
        (SB, NAWS + b"\0\x64\0\x1e"),
        (SB, TTYPE + b"\0XTERM"),
        (WILL, LINEMODE),
        (DONT, CHARSET),
        (DO, ECHO),
        (DO, SGA),
    ]
    run_until(one_reactor, lambda: not [one for one in answers if one not in house.said])
    keys = [data for word, data in house.said if word == SB and data.startswith(LINEMODE + SLC)]
    assert keys and (SB, LINEMODE + MODE + b"\0") not in house.said, "it says which keys it would have edited with"


@pytest.mark.peer("telnet", client="telnet")
def test_a_terminal_that_is_killed_while_options_are_agreed_on_leaves_nobody_waiting(one_reactor, at_terminal):
    class Asking(TelnetBootstrapProtocol):
        asks = (*TelnetBootstrapProtocol.asks, TRANSMIT_EOR)

        def connectionMade(self):
            terminal.process.kill()
            super().connectionMade()
            self.unanswered = [self.transport.do(option) for option in (b"\x05", b"\x07")]
            for one in self.unanswered:
                one.addErrback(lambda failure: ends.append(failure.type.__name__))

    ends = []
    house = House(one_reactor, lambda: Asking(Keys))
    terminal = AtATerminal(one_reactor, "telnet", "127.0.0.1", house.port)
    try:
        for prompt, answer in ((b"Username: ", b"ann\r"), (b"Password: ", b"secret\r")):
            terminal.shows(prompt)
            terminal.types(answer)
        run_until(one_reactor, lambda: house.left == [b"ann"])
        assert len(ends) == 2 and all(end in ("ConnectionDone", "ConnectionLost") for end in ends), ends
    finally:
        terminal.close()
        stop_listening(one_reactor, house.listening)


def test_openssl_brings_a_password_over_TLS(one_reactor, at_terminal):
    terminal, house = at_terminal(
        *("openssl", "s_client", "-quiet", "-crlf", "-connect", "127.0.0.1:PORT"),
        make=Lines, enter=b"\n", is_secure=True,
    )  # fmt: skip
    terminal.types(b"soup\n")
    terminal.shows(b"4: soup")
    terminal.types(b"quit\n")
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


@pytest.mark.peer("telnet", client="tt++")
def test_tintin_comes_over_TLS_and_agrees_on_its_character_set(one_reactor, at_terminal, tmp_path):
    environment = {"HOME": str(tmp_path), "LANG": "C.UTF-8"}
    terminal, house = at_terminal("tt++", "-e", "#ssl doom 127.0.0.1 PORT", env=environment, is_secure=True)
    house.knows(b"TINTIN++")
    run_until(one_reactor, lambda: house.avatars[-1].charset == b"UTF-8")
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
