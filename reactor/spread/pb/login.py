"""Who it is. A client shows that it knows the password, and gets an avatar: the server, as this person may see it.

    root.login(name)            → a challenge, and an object to answer it to
    challenger.respond(MD5(MD5(password) + challenge), mind)          → the avatar
    root.loginAnonymous(mind)   → the avatar

Whoever listens can try a billion passwords a second against what goes by here, until one fits; and MD5(password), if
the server keeps that, is as good as the password. So logins go over TLS, UNIX sockets and loopback only, on both sides,
unless `allowInsecureLogin` is set. Twisted doesn't mind.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Any, Protocol

from reactor.cred.credentials import Anonymous, IUsernameHashedPassword
from reactor.cred.error import LoginDenied
from reactor.cred.portal import Portal
from reactor.defer import Deferred
from reactor.protocols.policies import mayTakePasswords
from reactor.spread.errors import Error
from reactor.spread.flavors import Referenceable, call
from reactor.spread.jelly import Jellyable


def respond(challenge: bytes, password: bytes) -> bytes:
    """The answer of somebody who knows the password."""
    return hashlib.md5(hashlib.md5(password).digest() + challenge).digest()


def challenge() -> bytes:
    """16 bytes that nobody has guessed."""
    return secrets.token_bytes(16)


class IPerspective(Protocol):
    """What a realm gives: an avatar that peers can call."""

    def perspectiveMessageReceived(self, broker: Any, message: str, args: Any, kwargs: Any) -> Any:
        """A peer calls. args, kwargs: jellies, for `broker.unserialize`. Returns a jelly, by `broker.serialize`."""


class Avatar:
    """The server as one person may see it. Methods whose names begin with `perspective_` can be called."""

    def perspectiveMessageReceived(self, broker: Any, message: str, args: Any, kw: Any) -> Any:
        """See IPerspective. What comes and goes by this call belongs to this perspective."""
        return call(broker, self, f"perspective_{message}", args, kw, self)


class AsReferenceable(Referenceable):
    """Sends anything by reference that has a method `remoteMessageReceived`, or one that begins as `messageType`."""

    def __init__(self, object: Any, messageType: str = "remote") -> None:
        vars(self)["remoteMessageReceived"] = getattr(object, f"{messageType}MessageReceived")


class LoginRoot(Referenceable):
    """The root of a server that has a portal."""

    def __init__(self, portal: Portal, broker: Any) -> None:
        self._portal, self._broker = portal, broker

    def remote_login(self, username: bytes | str) -> tuple[bytes, Referenceable]:
        """Begin. username: becomes bytes, in UTF-8."""
        name = username.encode() if isinstance(username, str) else username
        if not isinstance(name, bytes) or len(name) > 1000:
            raise Error("a name has at most 1000 bytes")
        if not (self._broker.factory.allowInsecureLogin or mayTakePasswords(self._broker.transport)):
            raise Error("no logins in the clear: use TLS")
        asked = challenge()
        return asked, _Challenger(self, name, asked)

    def remote_loginAnonymous(self, mind: Any) -> Deferred[Any]:
        """Come in without a name, where the portal has a checker for that."""
        return self.enter(Anonymous(), mind)

    def enter(self, credentials: Any, mind: Any) -> Deferred[Any]:
        """The avatar for these credentials. It is logged out when the peer drops it, or is gone."""
        return self._portal.login(credentials, mind, IPerspective).addCallback(self._entered)

    def _entered(self, result: tuple[Any, Any, Callable[[], object]]) -> Any:
        _, avatar, logout = result
        broker = self._broker
        try:
            if broker.disconnected:
                raise LoginDenied("gone already")
            broker.lent.check_room()
        except (LoginDenied, Error):
            logout()
            raise
        if not isinstance(avatar, Jellyable):
            avatar = AsReferenceable(avatar, "perspective")

        def leave() -> None:
            broker.dontNotifyOnDisconnect(leave)
            logout()

        broker.notifyOnDisconnect(leave)
        broker.localCleanup[avatar.processUniqueID()] = leave
        broker.welcome()
        return avatar


class _Challenger(Referenceable, IUsernameHashedPassword):
    """Takes one answer to one challenge. It is the credentials, too."""

    def __init__(self, root: LoginRoot, username: bytes, challenge: bytes) -> None:
        self._root, self.username, self._challenge = root, username, challenge
        self._response: bytes | None = None

    def remote_respond(self, response: bytes, mind: Any) -> Deferred[Any]:
        """The answer."""
        if self._response is not None or not isinstance(response, bytes):
            raise Error("a challenge has one answer, which is bytes")
        self._response = response
        return self._root.enter(self, mind)

    def checkPassword(self, password: bytes) -> bool:
        return self._response is not None and hmac.compare_digest(respond(self._challenge, password), self._response)
