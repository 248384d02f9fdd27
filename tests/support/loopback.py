"""Two protocols that talk over the loopback interface, and a loop that runs until something has happened.

The tests read from top to bottom, because `run_until` turns the loop of a real reactor until a condition holds. There
is no sleeping: the loop waits in its poller until there is something to do, and a deadline ends a test that hangs.
"""

from reactor.protocol import ClientFactory, Protocol, ServerFactory

DEADLINE_S = 10.0


def run_until(reactor, condition, deadline_s=DEADLINE_S):
    """Turn the loop until `condition()` holds. Fails, with what was still open, when the deadline comes first.

    A turn first makes calls and sends, then waits: for nothing, when it was a call that made the condition true. So
    three turns without waiting come before each one that waits, and that waits twice as long as the one before it.
    """
    expired = []
    watchdog = reactor.callLater(deadline_s, expired.append, True)
    turns = 0
    while not condition():
        turns += 1
        reactor.iterate(min(until_next_timer(reactor), 0.001 * 2 ** (turns // 4)) if turns % 4 == 0 else 0)
        assert not expired, f"nothing came of it in {deadline_s} s; still open: {still_open(reactor)}"
    watchdog.cancel()


def until_next_timer(reactor):
    """Seconds that the loop may wait for sockets before one of its timers is due."""
    next_due = min(call.getTime() for call in reactor.getDelayedCalls())
    return max(0.0, next_due - reactor.seconds())


def still_open(reactor):
    return [*reactor.getReaders(), *reactor.getWriters(), *map(str, reactor.getDelayedCalls())]


def run(reactor, deadline_s=DEADLINE_S, **options):
    """reactor.run(), for tests in which something stops it. Fails when nothing does."""
    expired = []

    def give_up():
        expired.append(still_open(reactor))
        reactor.crash()

    watchdog = reactor.callLater(deadline_s, give_up)
    reactor.run(**options)
    if watchdog.active():
        watchdog.cancel()
    assert not expired, f"nothing stopped the reactor in {deadline_s} s; still open: {expired}"


def turn(reactor, times=1):
    """Let the loop do what is due now, without waiting."""
    for _ in range(times):
        reactor.iterate(0)


def stop_listening(reactor, port):
    """Close a port if it is open."""
    closed = []
    done = port.stopListening()
    if done is not None:
        done.addBoth(closed.append)
        run_until(reactor, lambda: closed)


class Talker(Protocol):
    """Notes what it is told in its factory's `events`, and then does what the test asked for.

    `hooks` are the test's: made(talker), data(talker, data), lost(talker, reason).
    """

    def __init__(self, name, events, hooks):
        self.name, self.events, self.hooks = name, events, hooks
        self.received = bytearray()
        self.is_made = False
        self.reason = None

    def note(self, what):
        self.events.append(f"{self.name} {what}")

    def call_hook(self, name, *args):
        if name in self.hooks:
            self.hooks[name](self, *args)

    def connectionMade(self):
        self.note("made")
        self.is_made = True
        self.call_hook("made")

    def dataReceived(self, data):
        self.received += data
        if "data" not in self.hooks:
            return
        self.note("data")
        self.call_hook("data", data)

    def connectionLost(self, reason):
        assert self.reason is None, "connectionLost came twice"
        self.reason = reason
        self.note(f"lost {reason.type.__name__}")
        self.call_hook("lost", reason)


class Side:
    """What the factories of both ends share: they build Talkers, and keep them in order in `talkers`."""

    noisy = False

    def __init__(self, name, events=None, talker=Talker, **hooks):
        self.name, self.hooks, self.talker_class = name, hooks, talker
        self.events = [] if events is None else events
        self.talkers = []

    def buildProtocol(self, addr):
        self.talkers.append(self.talker_class(self.name, self.events, self.hooks))
        self.talkers[-1].factory = self
        return self.talkers[-1]

    @property
    def talker(self):
        """The newest protocol, or None before there is one."""
        return self.talkers[-1] if self.talkers else None


class Server(Side, ServerFactory):
    """Builds the Talkers of the accepting end."""


class Client(Side, ClientFactory):
    """Builds the Talker of the connecting end, and notes how connecting went.

    Further hooks: started(connector), failed(connector, reason), gone(connector, reason) for clientConnectionLost.
    """

    reason = None

    def startedConnecting(self, connector):
        self.tell("started", connector, note="started")

    def clientConnectionFailed(self, connector, reason):
        self.reason = reason
        self.tell("failed", connector, reason, note=f"failed {reason.type.__name__}")

    def clientConnectionLost(self, connector, reason):
        self.reason = reason
        self.tell("gone", connector, reason, note=f"gone {reason.type.__name__}")

    def tell(self, hook, *args, note):
        self.events.append(f"{self.name} {note}")
        if hook in self.hooks:
            self.hooks[hook](*args)


class Pair:
    """A listening port and one client of it, whose callbacks are noted together in `events`, in order.

    server, client: the hooks of the Talkers at either end.
    """

    def __init__(self, reactor, server=None, client=None, talker=Talker, interface="127.0.0.1", connect=True):
        self.reactor = reactor
        self.events = []
        self.server = Server("server", self.events, talker, **(server or {}))
        self.client = Client("client", self.events, talker, **(client or {}))
        self.port = reactor.listenTCP(0, self.server, interface=interface)
        self.connector = None
        if connect:
            self.connect()

    def connect(self, **options):
        address = self.port.getHost()
        self.connector = self.reactor.connectTCP(address.host, address.port, self.client, **options)
        return self.connector

    def run_until(self, condition):
        run_until(self.reactor, condition)

    def establish(self):
        """Run until both ends are connected. Returns the server's protocol, then the client's."""
        self.run_until(lambda: self.is_made(self.server) and self.is_made(self.client))
        return self.server.talker, self.client.talker

    def run_until_lost(self):
        """Run until both ends know that the connection is gone."""
        self.run_until(lambda: self.is_lost(self.server) and self.is_lost(self.client))

    @staticmethod
    def is_made(side):
        return side.talker is not None and side.talker.is_made

    @staticmethod
    def is_lost(side):
        return side.talker is not None and side.talker.reason is not None

    def close(self):
        """Cut every connection and close the port."""
        stop_listening(self.reactor, self.port)
        if self.connector is not None and self.connector.state == "connecting":
            self.connector.stopConnecting()
        talkers = [talker for talker in self.server.talkers + self.client.talkers if talker.is_made]
        for talker in talkers:
            talker.hooks = {}
            talker.transport.abortConnection()
        self.run_until(lambda: all(talker.reason is not None for talker in talkers))
