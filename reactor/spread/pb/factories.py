"""Connections of brokers, on both sides."""

from __future__ import annotations

from typing import Any

from reactor.cred.credentials import IAnonymous
from reactor.cred.error import LoginDenied
from reactor.cred.portal import Portal
from reactor.default import the_reactor
from reactor.defer import Deferred, succeed
from reactor.failure import Failure
from reactor.interfaces import IConnector
from reactor.protocol import ClientFactory
from reactor.protocols.policies import LimitedFactory, LoginLimits, mayTakePasswords
from reactor.spread.jelly import SecurityOptions, globalSecurity
from reactor.spread.pb.broker import Broker
from reactor.spread.pb.login import LoginRoot, respond
from reactor.spread.pb.references import RemoteReference

portno = 8787
"""The port that nobody else has asked for."""


class PBServerFactory(LimitedFactory[Broker]):
    """A server.

    root: what peers begin with: a Root, or what else has `rootObject(broker)`; or a Portal, for logins.
    unsafeTracebacks: tell peers the texts and tracebacks of all exceptions. security: what may come.
    allowInsecureLogin: take logins over a network without TLS, too; see `login`. How many peers: see LimitedFactory.
    """

    protocol = Broker
    allowInsecureLogin = False

    def __init__(
        self,
        root: Any,
        unsafeTracebacks: bool | int = False,
        security: SecurityOptions = globalSecurity,
        reactor: Any = None,
    ) -> None:
        self.root, self.unsafeTracebacks, self.security = root, unsafeTracebacks, security
        self.reactor = the_reactor(reactor)
        self.limits = LoginLimits(self.reactor)

    def buildSession(self, addr: Any) -> Broker:
        """A broker whose peer can get at the root. Logins are limited together with those of all others."""
        broker = self.protocol(False, self.security)
        broker.factory, broker.callLater = self, self.reactor.callLater
        if isinstance(self.root, Portal):
            broker.expectLogin()
            root: Any = LoginRoot(self.limits.portal(self.root, addr), broker)
        else:
            root = self.root.rootObject(broker)
        broker.setNameForLocal("root", root)
        return broker

    def clientConnectionMade(self, protocol: Broker) -> None:
        """There is a new peer."""


class PBClientFactory(ClientFactory[Broker]):
    """A client. To reconnect, have a ClientService run it; or inherit from ReconnectingClientFactory, too, and call
    clientConnectionLost of both, this one with `reconnecting=1`.

    unsafeTracebacks, security, allowInsecureLogin: as for PBServerFactory.
    """

    protocol = Broker
    allowInsecureLogin = False

    def __init__(
        self,
        unsafeTracebacks: bool | int = False,
        security: SecurityOptions = globalSecurity,
        reactor: Any = None,
    ) -> None:
        self.unsafeTracebacks, self.security, self.reactor = unsafeTracebacks, security, reactor
        self.rootObjectRequests: list[Deferred[RemoteReference]] = []
        self._broker: Broker | None = None

    def buildProtocol(self, addr: Any) -> Broker:
        """A broker."""
        broker = self.protocol(True, self.security)
        broker.factory, broker.callLater = self, the_reactor(self.reactor).callLater
        return broker

    def clientConnectionFailed(self, connector: IConnector, reason: Failure) -> None:
        """There is no connection: nobody gets the root."""
        self._fail(reason)

    def clientConnectionLost(self, connector: IConnector, reason: Failure, reconnecting: bool | int = 0) -> None:
        """It is gone. reconnecting: there will be another, so who waits for the root goes on waiting."""
        if not reconnecting:
            self._fail(reason)

    def _fail(self, reason: Failure) -> None:
        requests, self.rootObjectRequests = self.rootObjectRequests, []
        for request in requests:
            request.errback(reason)

    def clientConnectionMade(self, broker: Broker) -> None:
        """There is a connection, and a dialect. Called by the broker."""
        self._broker = broker
        requests, self.rootObjectRequests = self.rootObjectRequests, []
        for request in requests:
            request.callback(broker.remoteForName("root"))

    def getRootObject(self) -> Deferred[RemoteReference]:
        """A Deferred of a reference to the server's root; as soon as there is a connection, if there is none."""
        if self._broker is not None and not self._broker.disconnected:
            return succeed(self._broker.remoteForName("root"))
        request: Deferred[RemoteReference] = Deferred(self.rootObjectRequests.remove)
        self.rootObjectRequests.append(request)
        return request

    def disconnect(self) -> None:
        """Close the connection, if there is one. Who reconnects has to stop that first."""
        if self._broker is not None:
            self._broker.transport.loseConnection()

    def login(self, credentials: Any, client: Any = None) -> Deferred[RemoteReference]:
        """Log in.

        credentials: UsernamePassword, or Anonymous. client: the mind: an object that the server may call.
        Returns a Deferred of a reference to the avatar. It fails with LoginDenied when the connection is one over which
        passwords don't go, and as callRemote does: `check(UnauthorizedLogin)` is right for a wrong password.
        """
        way = self._anonymously if isinstance(credentials, IAnonymous) else self._by_challenge
        return self.getRootObject().addCallback(way, credentials, client)

    def _anonymously(self, root: RemoteReference, credentials: Any, client: Any) -> Deferred[RemoteReference]:
        return root.callRemote("loginAnonymous", client)

    def _by_challenge(self, root: RemoteReference, credentials: Any, client: Any) -> Deferred[RemoteReference]:
        if not (self.allowInsecureLogin or mayTakePasswords(root.broker.transport)):
            raise LoginDenied("no logins in the clear: use TLS, or set allowInsecureLogin")

        def answer(asked: tuple[bytes, RemoteReference]) -> Deferred[RemoteReference]:
            challenge, challenger = asked
            return challenger.callRemote("respond", respond(challenge, credentials.password), client)

        return root.callRemote("login", credentials.username).addCallback(answer)
