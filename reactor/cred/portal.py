"""The portal: takes credentials to a checker, and who they are to a realm."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from reactor import defer
from reactor.cred import error
from reactor.cred.checkers import ICredentialsChecker

__all__ = ["IRealm", "Portal"]


class IRealm(Protocol):
    """What your program is about: gives those who may come in what they may do."""

    def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: type) -> Any:
        """What somebody gets, now that it is known who they are.

        avatarId: who, as the checker said: bytes, or checkers.ANONYMOUS. mind: what `login` was given: where to reach
        them; mostly None. interfaces: what the protocol can use, the best first.
        Returns (interface, avatar, logout), or a Deferred of it: one of the interfaces, an object that provides it, and
        a function to be called without arguments when they leave. Raises NotImplementedError, by custom, when none of
        the interfaces can be had.
        """


class Portal:
    """The door between protocols and your program.

    realm: an IRealm. checkers: for each kind of credentials (an interface) the checker that was registered last for it.
    """

    def __init__(self, realm: IRealm, checkers: Iterable[ICredentialsChecker] = ()) -> None:
        self.realm = realm
        self.checkers: dict[type, ICredentialsChecker] = {}
        for checker in checkers:
            self.registerChecker(checker)

    def listCredentialsInterfaces(self) -> list[type]:
        """The kinds of credentials that somebody here can check. A protocol offers these and no others."""
        return list(self.checkers)

    def registerChecker(self, checker: ICredentialsChecker, *credentialInterfaces: type) -> None:
        """Have `checker` check these kinds of credentials; without any, those that it says it can."""
        for interface in credentialInterfaces or checker.credentialInterfaces:
            self.checkers[interface] = checker

    def login(self, credentials: Any, mind: Any, *interfaces: type) -> defer.Deferred[Any]:
        """Let somebody in, if they are who they say.

        credentials: of any kind that has a checker. mind: passed to the realm. interfaces: what the caller can use.
        Returns a Deferred of (interface, avatar, logout), as the realm gave it. The caller calls `logout()` when they
        leave, be it that the connection is lost. It fails with UnauthorizedLogin, with UnhandledCredentials when no
        checker is there for them, and with whatever the checker or the realm raised.
        """
        for interface, checker in self.checkers.items():
            if isinstance(credentials, interface):
                asked = defer.maybeDeferred(checker.requestAvatarId, credentials)
                return asked.addCallback(self.realm.requestAvatar, mind, *interfaces)
        kind = f"{type(credentials).__module__}.{type(credentials).__qualname__}"
        return defer.fail(error.UnhandledCredentials(f"No checker for {kind}"))
