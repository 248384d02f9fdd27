"""Finger with programs that others wrote. They know no port but 79, so a proxy of ours leads them to another."""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no client, and no users", allow_module_level=True)

from reactor.endpoints import TCP4ClientEndpoint
from reactor.protocols.finger import FingerFactory, plans, query
from reactor.protocols.socks import Rules, SOCKSFactory, SOCKSProtocol
from reactor.vfs import MemoryFolder
from tests.peers.programs import run_program
from tests.support.loopback import run_until, stop_listening
from tests.support.outcomes import outcomes

PERL = "use Net::Finger; print finger('alice@127.0.0.1'), '|', finger('/W bob@127.0.0.1');"
INETD = "127.0.0.1:@PORT@ stream tcp nowait nobody /usr/sbin/in.fingerd in.fingerd -w\n"


@pytest.fixture
def by_proxy(one_reactor, tmp_path):
    """Runs a program whose connections, to whatever port, end at our finger server."""
    factory = FingerFactory(plans(MemoryFolder({"alice": b"cook\n", "bob": b"eat\n"})), reactor=one_reactor)
    factory.noisy = False
    ports = [one_reactor.listenTCP(0, factory, interface="127.0.0.1")]
    number = ports[0].getHost().port

    class Leading(SOCKSProtocol):
        def connectClass(self, host, port, klass, *args):
            assert port == 79
            return super().connectClass(host, number, klass, *args)

    proxy = SOCKSFactory(Rules(allow=["127.0.0.1"]), reactor=one_reactor)
    proxy.noisy, proxy.protocol = False, Leading
    ports.append(one_reactor.listenTCP(0, proxy, interface="127.0.0.1"))
    chain = tmp_path / "chain.conf"
    chain.write_text(f"strict_chain\n[ProxyList]\nsocks5 127.0.0.1 {ports[1].getHost().port}\n")

    yield lambda *command: run_program(one_reactor, "proxychains4", "-q", "-f", chain, *command).stdout
    for port in ports:
        stop_listening(one_reactor, port)
    for transport in list(one_reactor.transports):
        transport.abortConnection()
    run_until(one_reactor, lambda: not one_reactor.transports)


@pytest.mark.peer("finger", client="finger")
@pytest.mark.peer("SOCKS", client="proxychains4")
def test_finger_asks_our_server(by_proxy):
    assert b"Login: alice\ncook\n" in by_proxy("finger", "alice@127.0.0.1").replace(b"\r", b"")
    assert b"No such user" in by_proxy("finger", "-l", "nobody@127.0.0.1")
    assert b"Finger online list denied" in by_proxy("finger", "@127.0.0.1")
    assert b"Finger forwarding service denied" in by_proxy("finger", "alice@elsewhere@127.0.0.1")


@pytest.mark.peer("finger", client="libnet-finger-perl")
@pytest.mark.peer("SOCKS", client="proxychains4")
def test_perl_asks_our_server(by_proxy):
    answer = by_proxy("perl", "-e", PERL).replace(b"\r", b"")
    assert answer == b"Login: alice\ncook\n|Login: bob\neat\n"


@pytest.mark.peer("finger", server="in.fingerd")
def test_our_client_asks_fingerd(one_reactor, daemon):
    theirs = daemon("inetd", "-i", "inetd.conf", files={"inetd.conf": INETD})
    endpoint = TCP4ClientEndpoint(one_reactor, "127.0.0.1", theirs.port)
    for user, says in ((b"root", b"Login: root"), (b"no-such-user", b"no such user")):
        found = outcomes(query(endpoint, user, more=True))
        run_until(one_reactor, lambda found=found: found)
        assert says.lower() in found[0].lower()
