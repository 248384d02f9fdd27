"""The client's side: the simple authenticators, and the choice of one."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from reactor.cred.error import LoginFailed
from reactor.sasl import scram
from reactor.sasl.interfaces import IClientAuthentication
from reactor.sasl.scram import Binding, SCRAMAuthenticator


class _Authenticator:
    """What the simple ones share. mechanism: its name. user: the name of who logs in, bytes."""

    mechanism = b""

    def __init__(self, user: bytes = b"") -> None:
        self.user = user

    def getName(self) -> bytes:
        """The mechanism's name."""
        return self.mechanism

    def challengeResponse(self, secret: bytes, challenge: bytes) -> bytes:
        """The name alone, unless it is overridden."""
        return self.user


class PLAINAuthenticator(_Authenticator):
    """PLAIN (RFC 4616)."""

    mechanism = b"PLAIN"

    def challengeResponse(self, secret: bytes, challenge: bytes) -> bytes:
        """Name and password. Raises LoginFailed when one has a NUL, which is what separates them."""
        if b"\0" in self.user + secret:
            raise LoginFailed("PLAIN can't carry a name or password with NUL in it")
        return b"\0" + self.user + b"\0" + secret


class LOGINAuthenticator(_Authenticator):
    """LOGIN."""

    mechanism = b"LOGIN"
    _has_named = False

    def challengeResponse(self, secret: bytes, challenge: bytes) -> bytes:
        """The name, the first time; then the password. Servers word their questions in too many ways to read them."""
        has_named, self._has_named = self._has_named, True
        return secret if has_named else self.user


class CramMD5ClientAuthenticator(_Authenticator):
    """CRAM-MD5 (RFC 2195)."""

    mechanism = b"CRAM-MD5"

    def challengeResponse(self, secret: bytes, challenge: bytes) -> bytes:
        """The name, and the HMAC of the challenge."""
        return self.user + b" " + hmac.new(secret, challenge, "md5").hexdigest().encode("ascii")


class EXTERNALAuthenticator(_Authenticator):
    """EXTERNAL. user: whom to act as; b"" is who TLS says."""

    mechanism = b"EXTERNAL"


class ANONYMOUSAuthenticator(_Authenticator):
    """ANONYMOUS. user: what the server may find one by, such as a mail address."""

    mechanism = b"ANONYMOUS"


def choose(
    offers: Iterable[bytes | str], user: bytes, isPrivate: bool, binding: Binding | None = None
) -> IClientAuthentication:
    """The strongest of what a server offers, for a name and a password.

    isPrivate: whether the password itself may be sent, over this connection. binding: of its TLS, if there is any.
    Raises LoginFailed when nothing is left, saying what was offered.
    """
    names = {
        offer.decode("ascii", "replace").upper() if isinstance(offer, bytes) else offer.upper() for offer in offers
    }
    if scram.is_installed():
        for name in ("SCRAM-SHA-256", "SCRAM-SHA-1"):
            if binding is not None and f"{name}-PLUS" in names:
                return SCRAMAuthenticator(user, f"{name}-PLUS", binding)
            if name in names:
                return SCRAMAuthenticator(user, name)
    if "CRAM-MD5" in names:
        return CramMD5ClientAuthenticator(user)
    if isPrivate and "PLAIN" in names:
        return PLAINAuthenticator(user)
    if isPrivate and "LOGIN" in names:
        return LOGINAuthenticator(user)
    why = "" if isPrivate else ", and a password isn't sent in the clear"
    raise LoginFailed(f"the server offers {', '.join(sorted(names)) or 'no way to log in'}{why}")
