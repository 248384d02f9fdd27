"""Our SSH client at dropbear and at Twisted's server, and Twisted's client endpoint at ours."""

import sys

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted is the peer here", allow_module_level=True)

from reactor.conch.endpoints import AuthenticationFailed, SSHCommandClientEndpoint
from reactor.endpoints import connectProtocol
from tests.conch.ssh_doubles import Noting
from tests.conch.ssh_house import ANNS_KEY, HOST_KEYS, House
from tests.conch.ssh_servers import USER, known_hosts, make_keys, until_idle
from tests.peers.programs import run_program
from tests.support.loopback import run_until
from tests.support.outcomes import outcomes

TWISTED_SERVER = """
import sys
from twisted.conch import avatar, checkers, interfaces
from twisted.conch.ssh import factory, keys, session
from twisted.cred import checkers as cred_checkers, portal
from twisted.internet import protocol, reactor
from twisted.python import components
from zope.interface import implementer

class Shout(protocol.Protocol):
    def dataReceived(self, data):
        self.transport.write(data.upper())

@implementer(interfaces.ISession)
class Session:
    def __init__(self, avatar):
        pass
    def execCommand(self, proto, command):
        shout = Shout()
        shout.makeConnection(proto)
        proto.makeConnection(session.wrapProtocol(shout))
    def closed(self):
        pass
    def eofReceived(self):
        pass

class User(avatar.ConchUser):
    def __init__(self):
        super().__init__()
        self.channelLookup[b"session"] = session.SSHSession

class Realm:
    def requestAvatar(self, name, mind, *wanted):
        return interfaces.IConchUser, User(), lambda: None

components.registerAdapter(Session, User, interfaces.ISession)
users = cred_checkers.InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")
by_key = checkers.SSHPublicKeyChecker(checkers.InMemorySSHKeyDB({b"ann": [keys.Key.fromFile("user.pub")]}))
made = factory.SSHFactory()
made.portal = portal.Portal(Realm(), [users, by_key])
made.privateKeys = {b"ssh-ed25519": keys.Key.fromFile("host")}
made.publicKeys = {b"ssh-ed25519": keys.Key.fromFile("host.pub")}
reactor.listenTCP(@PORT@, made, interface="127.0.0.1")
print("listening", flush=True)
reactor.run()
"""


def connected(reactor, endpoint):
    results = outcomes(connectProtocol(endpoint, Noting()))
    run_until(reactor, lambda: results, 30)
    if hasattr(results[0], "raiseException"):
        results[0].raiseException()
    return results[0]


@pytest.mark.peer("SSH", server="twisted")
@pytest.mark.parametrize("way", ["key", "password"])
def test_twisteds_server_takes_a_key_or_a_password(one_reactor, daemon, tmp_path, way):
    made = tmp_path / "keys"
    made.mkdir()
    make_keys(made)
    files = {name: (made / name).read_text("utf-8") for name in ("host", "host.pub", "user.pub")}
    server = daemon(sys.executable, "server.py", files={"server.py": TWISTED_SERVER, **files}, ready="listening")
    shown = {"keys": [made / "user"]} if way == "key" else {"password": "secret"}
    endpoint = SSHCommandClientEndpoint.newConnection(
        one_reactor, "shout", b"ann", b"127.0.0.1", server.port, knownHosts=known_hosts(made, server.port), **shown
    )
    protocol = connected(one_reactor, endpoint)
    protocol.transport.write(b"hello")
    run_until(one_reactor, lambda: protocol.data == b"HELLO")
    protocol.transport.loseConnection()
    run_until(one_reactor, lambda: protocol.lost)
    until_idle(one_reactor)


TWISTED_CLIENT = """
import sys
from twisted.conch.client.knownhosts import KnownHostsFile
from twisted.conch.endpoints import SSHCommandClientEndpoint
from twisted.conch.ssh.keys import Key
from twisted.internet import defer, endpoints, protocol, task
from twisted.python.filepath import FilePath

class Guest(protocol.Protocol):
    def connectionMade(self):
        self.left, self.data = defer.Deferred(), b""
        self.transport.write(b"hello quit")
    def dataReceived(self, data):
        self.data += data
        if len(self.data) == 10:
            self.transport.loseConnection()
    def connectionLost(self, reason):
        self.left.callback(None)

async def visit(reactor, port, folder):
    known = KnownHostsFile(FilePath(folder + "/known"))
    for name in ("host0", "host1"):
        known.addHostKey(b"127.0.0.1", Key.fromFile(f"{folder}/{name}.pub"))
    endpoint = SSHCommandClientEndpoint.newConnection(
        reactor, b"shout", b"ann", b"127.0.0.1", int(port), keys=[Key.fromFile(folder + "/ann")], knownHosts=known)
    guest = await endpoints.connectProtocol(endpoint, Guest())
    await guest.left
    print(guest.data.decode())

task.react(visit, sys.argv[1:])
"""


@pytest.mark.peer("SSH", client="twisted")
def test_twisteds_endpoint_talks_to_a_command_of_ours(one_reactor, tmp_path):
    house = House(one_reactor)
    for number, key in enumerate(HOST_KEYS):
        key.write_public_key(tmp_path / f"host{number}.pub")
    ANNS_KEY.write_private_key(tmp_path / "ann")
    script = tmp_path / "visit.py"
    script.write_text(TWISTED_CLIENT, "utf-8")
    done = run_program(one_reactor, sys.executable, script, house.port, tmp_path)
    assert done.stdout.strip() == b"HELLO QUIT", done.stderr.decode()
    house.close()


@pytest.mark.peer("SSH", server="dropbear")
def test_dropbear_shows_the_key_that_is_known_and_lets_in_nobody_whom_it_does_not_know(one_reactor, daemon, tmp_path):
    """It reads the keys of users from their homes only, which tests leave alone: so nobody is let in."""
    made = tmp_path / "keys"
    made.mkdir()
    make_keys(made)
    run_program(one_reactor, "dropbearconvert", "openssh", "dropbear", made / "host", made / "host.dropbear")
    words = ["-F", "-E", "-r", made / "host.dropbear", "-p", "127.0.0.1:@PORT@", "-P", "@FOLDER@/pid"]
    server = daemon("dropbear", *words)
    endpoint = SSHCommandClientEndpoint.newConnection(
        one_reactor,
        "true",
        USER,
        "127.0.0.1",
        server.port,
        [made / "stranger"],
        knownHosts=known_hosts(made, server.port),
    )
    with pytest.raises(AuthenticationFailed):
        connected(one_reactor, endpoint)
    until_idle(one_reactor)
