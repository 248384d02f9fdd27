"""Our client of telnet at servers that others wrote."""

import os
import sys

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted is the peer here", allow_module_level=True)

from reactor.conch.telnet import ECHO, NAWS, SGA, TTYPE, TelnetTransport
from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
from tests.conch.telnet_doubles import Noting
from tests.support.loopback import run_until
from tests.support.outcomes import outcomes


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
