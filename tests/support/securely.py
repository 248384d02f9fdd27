"""Certificates for tests of TLS, and two protocols that talk over it.

One authority, made once for a run of tests, signs everything. All that is said here in `reactor.ssl`'s words is said in
Twisted's, so that `--oracle` works.
"""

import datetime
import functools
import socket
import ssl as stdlib_ssl

import pytest
import trustme

from reactor import ssl
from reactor.interfaces import IHalfCloseableProtocol, IHandshakeListener
from tests.support import oracle
from tests.support.loopback import Client, Pair, Server, Talker, run_until, stop_listening, turn


@functools.cache
def authority():
    return trustme.CA(key_type=trustme.KeyType.ECDSA)


@functools.cache
def issued(*names, **options):
    return authority().issue_cert(*names, key_type=trustme.KeyType.ECDSA, **options)


def pem_of(certificate):
    return certificate.private_key_and_cert_chain_pem.bytes()


def private(*names, **options):
    """A certificate for these names, with its key."""
    return ssl.PrivateCertificate.loadPEM(pem_of(issued(*names, **options)))


def expired():
    yesterday = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    return private("localhost", not_after=yesterday, not_before=yesterday - datetime.timedelta(days=1))


def trust():
    """Whom clients of these tests believe: the authority, and nobody else."""
    return ssl.Certificate.loadPEM(authority().cert_pem.bytes())


def server_options():
    return private("localhost").options()


def client_options(hostname="localhost", **options):
    options.setdefault("trustRoot", trust())
    return ssl.optionsForClientTLS(hostname, **options)


def stdlib_context(side=stdlib_ssl.PROTOCOL_TLS_SERVER):
    """A plain context of the standard library, for a peer that is none of ours."""
    context = stdlib_ssl.SSLContext(side)
    if side == stdlib_ssl.PROTOCOL_TLS_SERVER:
        issued("localhost").configure_cert(context)
    else:
        authority().configure_trust(context)
    return context


@oracle.implements(IHandshakeListener)
class SecureTalker(Talker):
    """A Talker that also notes when the handshake is complete. Further hook: secured(talker)."""

    def handshakeCompleted(self):
        self.note("secured")
        self.is_secured = True
        self.call_hook("secured")

    is_secured = False


class SecurePair(Pair):
    """As Pair, over TLS. server_tls, client_tls: context factories other than the usual ones."""

    def __init__(
        self, reactor, server=None, client=None, talker=SecureTalker, server_tls=None, client_tls=None, **options
    ):
        self.reactor = reactor
        self.events = []
        self.server = Server("server", self.events, talker, **(server or {}))
        self.client = Client("client", self.events, talker, **(client or {}))
        self.port = reactor.listenSSL(0, self.server, server_tls or server_options(), interface="127.0.0.1")
        self.connector = reactor.connectSSL(
            "127.0.0.1", self.port.getHost().port, self.client, client_tls or client_options(), **options
        )

    def secure(self):
        """Run until both handshakes are complete. Returns the server's protocol, then the client's."""
        self.run_until(lambda: all(side.talker and side.talker.is_secured for side in (self.server, self.client)))
        return self.server.talker, self.client.talker

    def close(self):
        """As for plain pairs; but Twisted can't abort a secure connection that is gone."""
        for side in (self.server, self.client):
            side.talkers = [talker for talker in side.talkers if talker.reason is None]
        super().close()


class PlainPeer:
    """One of our connections, and at its other end a plain socket that does what the test says.

    listen: makes a port for a factory. hooks: of the talker at our end.
    """

    def __init__(self, reactor, listen, talker=SecureTalker, **hooks):
        self.reactor = reactor
        self.server = Server("server", None, talker, **hooks)
        self.port = listen(self.server)
        self.peer = socket.create_connection(("127.0.0.1", self.port.getHost().port))
        self.peer.setblocking(False)
        run_until(reactor, lambda: self.server.talker and self.server.talker.is_made)
        self.talker = self.server.talker
        self.transport = self.talker.transport

    @property
    def events(self):
        return self.server.events

    def run_until(self, condition):
        """Turn the loop, which must not wait: half of what happens is done by the condition."""
        for _ in range(100_000):
            if condition():
                return
            turn(self.reactor)
        raise AssertionError("the condition never held")

    def run_until_lost(self):
        run_until(self.reactor, lambda: self.talker.reason)

    def close(self):
        self.peer.close()
        if self.talker.reason is None:
            self.talker.hooks = {}
            self.transport.abortConnection()
        self.run_until_lost()
        stop_listening(self.reactor, self.port)


class TLSPeer:
    """TLS on the plain socket of a PlainPeer: the standard library's, in steps that the test takes.

    server_side: whether this end, which has connected, is TLS's server.
    """

    def __init__(self, plain, context=None, server_side=False, hostname="localhost"):
        self.plain = plain
        if context is None:
            side = stdlib_ssl.PROTOCOL_TLS_SERVER if server_side else stdlib_ssl.PROTOCOL_TLS_CLIENT
            context = stdlib_context(side)
        self.incoming, self.outgoing = stdlib_ssl.MemoryBIO(), stdlib_ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_side, None if server_side else hostname)
        self.received = bytearray()
        self.ended = self.stream_ended = self.was_reset = False

    def step(self, action, *args, tail=b""):
        """Do something with TLS, and bring what it has to say on its way. Returns whether it is done.

        tail: what to write in the same piece, when it is.
        """
        try:
            action(*args)
            if tail:
                self.tls.write(tail)
        except stdlib_ssl.SSLWantReadError:
            return False
        finally:
            self.plain.peer.setblocking(True)
            self.plain.peer.sendall(self.outgoing.read())
            self.plain.peer.setblocking(False)
        return True

    def pump(self, most=1 << 20):
        """Take what the socket has. Returns whether it was anything."""
        try:
            data = self.plain.peer.recv(most)
        except BlockingIOError:
            return False
        except ConnectionResetError:
            data, self.was_reset = b"", True
        if data:
            self.incoming.write(data)
        else:
            self.stream_ended = True
        return bool(data)

    def shake_hands(self):
        self.plain.run_until(lambda: (self.pump(), self.step(self.tls.do_handshake))[1])

    def write(self, data):
        self.step(self.tls.write, data)

    def read(self):
        """Decrypt what has come. Returns whether the peer has said goodbye, or closed."""
        self.pump()
        try:
            while data := self.tls.read(1 << 16):
                self.received += data
            self.ended = True
        except stdlib_ssl.SSLWantReadError:
            pass
        except stdlib_ssl.SSLZeroReturnError:
            self.ended = True
        return self.ended

    def say_goodbye(self):
        """close_notify."""
        self.step(self.tls.unwrap)


@oracle.implements(IHalfCloseableProtocol)
class HalfCloseable(SecureTalker):
    """Goes on when one direction has ended."""

    def readConnectionLost(self):
        self.note("read lost")
        self.call_hook("read_lost")

    def writeConnectionLost(self):
        self.note("write lost")
        self.call_hook("write_lost")


@pytest.fixture(name="meet")
def meet_securely(reactor):
    """Makes a secure server of ours and the standard library's TLS at its other end; both hands are shaken."""
    peers = []

    def make(version="TLSv1_3", talker=SecureTalker, **hooks):
        listen = lambda factory: reactor.listenSSL(0, factory, server_options(), interface="127.0.0.1")  # noqa: E731
        peers.append(PlainPeer(reactor, listen, talker=talker, **hooks))
        context = stdlib_context(stdlib_ssl.PROTOCOL_TLS_CLIENT)
        context.maximum_version = stdlib_ssl.TLSVersion[version]
        client = TLSPeer(peers[-1], context)
        client.shake_hands()
        peers[-1].run_until(lambda: peers[-1].talker.is_secured)
        return peers[-1], client

    yield make
    for peer in peers:
        peer.close()
