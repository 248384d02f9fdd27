"""A server and a client of PB in memory, between which the test moves the bytes."""

from reactor.address import IPv4Address
from reactor.cred.checkers import AllowAnonymousAccess, InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.defer import Deferred
from reactor.spread import pb
from reactor.task import Clock
from reactor.testing import FakeTransport
from reactor.testing import connect as connect_ends

HERE, ELSEWHERE = IPv4Address("TCP", "127.0.0.1", 1), IPv4Address("TCP", "192.0.2.1", 1)


class Pair:
    """One connection. root: the server's, or a portal. server, client: the brokers. their_root: the client's reference.

    dialects: what the client knows. options: of the server's factory.
    """

    def __init__(self, root, dialects=(b"pb", b"none"), peer=HERE, unsafeTracebacks=False, **options):
        self.clock = Clock()
        self.factory = pb.PBServerFactory(root, unsafeTracebacks, reactor=self.clock)
        self.client_factory = pb.PBClientFactory(reactor=self.clock)
        vars(self.factory).update(options)
        self.server, self.client = self.factory.buildProtocol(peer), self.client_factory.buildProtocol(peer)
        self.client.knownDialects = dialects
        ends = FakeTransport(self.server, True, peer, peer), FakeTransport(self.client, False, peer, peer)
        self.pump = connect_ends(self.server, ends[0], self.client, ends[1])
        self.their_root = self.result(self.client_factory.getRootObject()) if self.client.currentDialect else None

    def flush(self):
        self.pump.flush()

    def result(self, deferred):
        """What a Deferred has after all bytes have moved, or raises; None while it has nothing."""
        results = []
        deferred.addCallbacks(lambda result: results.append(result) or result, results.append)
        self.flush()
        if results and hasattr(results[0], "raiseException"):
            self.failure = results[0]
            results[0].raiseException()
        return results[0] if results else None

    def call(self, name, *args, **kw):
        """Call a method of the server's root."""
        return self.result(self.their_root.callRemote(name, *args, **kw))

    def cut(self):
        self.server.transport.abortConnection()
        self.flush()


class Kitchen(pb.Root):
    """A root whose methods are what a test gives as keywords."""

    def __init__(self, **methods):
        vars(self).update({f"remote_{name}": method for name, method in methods.items()})


class Customer(pb.Referenceable):
    def __init__(self):
        self.heard = []

    def remote_ready(self, dish):
        self.heard.append(dish)
        return "thank you"

    def secret(self):
        return "42"


class Waiter(pb.Root):
    def __init__(self):
        self.kept = []

    def remote_keep(self, thing):
        self.kept.append(thing)

    def remote_drop(self):
        self.kept.clear()


def waiting(*names):
    """Methods that answer when the test wants. Returns them, and their Deferreds."""
    answers = {name: Deferred() for name in names}
    return {name: lambda name=name: answers[name] for name in names}, answers


class Named(pb.Avatar):
    def __init__(self, name, mind):
        self.name, self.mind, self.is_there = name, mind, True

    def perspective_name(self):
        return self.name

    def logout(self):
        self.is_there = False


class House:
    """A realm with its portal. avatars: all that there have been."""

    def __init__(self):
        self.avatars = []
        checkers = InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret"), AllowAnonymousAccess()
        self.portal = Portal(self, checkers)

    def requestAvatar(self, avatarId, mind, *interfaces):
        assert pb.IPerspective in interfaces
        self.avatars.append(Named(avatarId or b"nobody", mind))
        return pb.IPerspective, self.avatars[-1], self.avatars[-1].logout
