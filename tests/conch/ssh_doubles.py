"""Both ends of an SSH connection over real sockets, with sessions that a test chooses."""

import asyncssh

from reactor.conch.ssh.channel import Channel
from reactor.conch.ssh.loop import Carrier, loop_of
from reactor.protocol import Protocol, ServerFactory
from tests.support.loopback import run_until
from tests.support.outcomes import outcomes

KEY = asyncssh.generate_private_key("ssh-ed25519")


class Noting(Protocol):
    """Notes what comes."""

    def __init__(self):
        self.data, self.errors, self.lost, self.ended = b"", b"", [], 0

    def dataReceived(self, data):
        self.data += data

    def errReceived(self, data):
        self.errors += data

    def connectionLost(self, reason):
        self.lost.append(reason.value)


class ServedChannel(Channel, asyncssh.SSHServerSession):
    """A server's channel that says yes to commands, as to shells."""

    command = None

    def exec_requested(self, command):
        self.command = command
        return True

    def shell_requested(self):
        return True

    def pty_requested(self, *of_terminal):
        return True


class Open(asyncssh.SSHServer):
    """Lets everybody in, and gives them channels with protocols."""

    def __init__(self, make):
        self.make, self.channels = make, []

    def connection_made(self, conn):
        self.conn = conn

    def begin_auth(self, username):
        return False

    def session_requested(self):
        channel = ServedChannel(self.make())
        self.channels.append(channel)
        return self.conn.create_server_channel(encoding=None), channel


class Pair:
    """A connected pair. client: asyncssh's connection. channels: the server's."""

    def __init__(self, reactor, make=Noting, **options):
        self.reactor, self.loop = reactor, loop_of(reactor)
        self.owner = Open(make)
        self.carriers = []
        chosen = {"server_host_keys": [KEY], **options}
        self.options = asyncssh.SSHServerConnectionOptions(server_factory=lambda: self.owner, **chosen)
        factory = ServerFactory()
        factory.noisy, factory.protocol = False, self.carrier
        self.port = reactor.listenTCP(0, factory, interface="127.0.0.1")
        nothing = {"known_hosts": None, "client_keys": None, "config": None, "agent_path": None}
        self.client = self.wait(asyncssh.connect("127.0.0.1", self.port.getHost().port, username="ann", **nothing))

    def carrier(self):
        self.carriers.append(Carrier(self.loop, asyncssh.SSHServerConnection(self.loop, self.options)))
        return self.carriers[-1]

    @property
    def channels(self):
        return self.owner.channels

    def wait(self, awaitable):
        """What it returns; raises what it raises."""
        results = outcomes(self.loop.run(awaitable))
        run_until(self.reactor, lambda: results)
        if hasattr(results[0], "raiseException"):
            results[0].raiseException()
        return results[0]

    def until(self, condition):
        run_until(self.reactor, condition)

    def command(self, command="go", protocol=None, **options):
        """A command's channel at the client's end."""
        channel = Channel(protocol or Noting())
        self.wait(self.client.create_session(lambda: channel, command, encoding=None, **options))
        return channel

    def close(self):
        """Nothing is left behind."""
        self.port.stopListening()
        self.client.close()
        self.until(lambda: all(carrier.transport is None or carrier.is_closing() for carrier in self.carriers))
        self.wait(self.client.wait_closed())
        self.until(lambda: not self.reactor.transports)
