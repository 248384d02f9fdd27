"""Pages for those who may see them: HTTP Basic and Digest in front of a portal. The names of `twisted.web.guard`.

    root = HTTPAuthSessionWrapper(portal, [DigestCredentialFactory(b"sha-256", b"kitchen")])

The realm's avatars are resources: ask it for IResource. Each request logs in, and out when it is answered; without
credentials it logs in anonymously, if the portal has a checker for that. Whoever may not come in gets 401 and a
challenge of each factory, the first one for preference.

Basic sends the password as good as in the clear: use it over TLS. Digest never sends it, but needs a checker that knows
it, and protects nothing else of the request. Give it `policies.LoginLimits`, or everybody may guess without an end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from reactor import log
from reactor.cred import credentials, error
from reactor.cred.portal import Portal
from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.web import pages, status
from reactor.web.basic_auth import decoded
from reactor.web.resource import IResource
from reactor.web.util import DeferredResource

if TYPE_CHECKING:
    from reactor.protocols.policies import LoginLimits
    from reactor.web.server import Request

__all__ = ["BasicCredentialFactory", "DigestCredentialFactory", "HTTPAuthSessionWrapper", "ICredentialFactory"]


class ICredentialFactory(Protocol):
    """One way to prove who one is in a header. scheme: its name there, in lower case, such as b"basic"."""

    scheme: bytes

    def getChallenge(self, request: Request) -> dict[str, bytes]:
        """The parameters of the challenge, for the client of this request."""

    def decode(self, response: bytes, request: Request) -> Any:
        """The credentials in a header's value, which follow the scheme. Raises LoginFailed where there are none."""


class BasicCredentialFactory:
    """HTTP Basic (RFC 7617). authenticationRealm: what users see when they are asked for a password."""

    scheme = b"basic"

    def __init__(self, authenticationRealm: bytes) -> None:
        self.authenticationRealm = authenticationRealm

    def getChallenge(self, request: Request) -> dict[str, bytes]:
        """The realm."""
        return {"realm": self.authenticationRealm}

    def decode(self, response: bytes, request: Request) -> credentials.UsernamePassword:
        """The name and the password. Raises LoginFailed."""
        name, colon, password = decoded(response).partition(b":")
        if not colon:
            raise error.LoginFailed("Invalid credentials")
        return credentials.UsernamePassword(name, password)


class DigestCredentialFactory:
    """HTTP Digest (RFC 7616).

    algorithm: b"md5", b"sha" or b"sha-256". authenticationRealm: what users see when they are asked for a password.
    """

    scheme = b"digest"

    def __init__(self, algorithm: bytes, authenticationRealm: bytes) -> None:
        self.digest = credentials.DigestCredentialFactory(algorithm, authenticationRealm)

    def getChallenge(self, request: Request) -> dict[str, bytes]:
        """A challenge that this client only can answer, for a quarter of an hour."""
        return self.digest.getChallenge(_host_of(request))

    def decode(self, response: bytes, request: Request) -> credentials.DigestedCredentials:
        """The answer. Raises LoginFailed, also for an answer that was made for another address of the site."""
        found = self.digest.decode(response, request.method, _host_of(request))
        if found.fields["uri"] != request.uri:
            raise error.LoginFailed("Invalid response, it is for another uri.")
        return found


def _host_of(request: Request) -> str | None:
    """The client's IP address; None over a UNIX socket."""
    return getattr(request.getClientAddress(), "host", None)


class UnauthorizedResource:
    """Says 401, with the challenges, for all that is below."""

    isLeaf = True

    def __init__(self, factories: Sequence[ICredentialFactory]) -> None:
        self._factories = factories

    def render(self, request: Request) -> bytes:
        """The challenges, in headers."""
        request.setResponseCode(status.UNAUTHORIZED)
        request.setHeader(b"content-type", b"text/plain; charset=utf-8")
        for factory in self._factories:
            parameters = (
                b"%b=%b" % (name.encode("ascii"), _quoted(value))
                for name, value in factory.getChallenge(request).items()
            )
            challenge = b"%b %b" % (factory.scheme, b", ".join(parameters))
            request.responseHeaders.addRawHeader(b"www-authenticate", challenge)
        return b"" if request.method == b"HEAD" else b"Unauthorized"

    def getChildWithDefault(self, path: bytes, request: Request) -> UnauthorizedResource:
        """Itself."""
        return self

    def putChild(self, path: bytes, child: object) -> None:
        """Raises NotImplementedError: there is nothing below."""
        raise NotImplementedError(f"nothing can be put at {path!r}, below a page that nobody may see")


def _quoted(value: bytes) -> bytes:
    return b'"' + value.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


class HTTPAuthSessionWrapper:
    """A resource that gives each user what the portal's realm has for them.

    portal: its realm is asked for IResource. credentialFactories: the ways to log in, the preferred one first.
    limits: how often somebody may try; None, as in Twisted, as often as they like.
    """

    isLeaf = False

    def __init__(
        self, portal: Portal, credentialFactories: Sequence[ICredentialFactory], limits: LoginLimits | None = None
    ) -> None:
        self._portal = portal
        self._limits = limits
        self._factories = list(credentialFactories)

    def render(self, request: Request) -> Any:
        """What this user has at this address."""
        return self._resource_for(request).render(request)

    def getChildWithDefault(self, path: bytes, request: Request) -> Any:
        """This user's resource, which takes the whole rest of the path: the guard is no part of it."""
        request.postpath.insert(0, request.prepath.pop())
        return self._resource_for(request)

    def putChild(self, path: bytes, child: object) -> None:
        """Raises NotImplementedError: what is below belongs to the realm."""
        raise NotImplementedError(f"put {path!r} below a resource that the realm gives, not below the guard")

    def _resource_for(self, request: Request) -> Any:
        header = request.getHeader(b"authorization")
        if not header:
            return self._login(credentials.Anonymous(), request)
        scheme, _, response = header.partition(b" ")
        factory = next((one for one in self._factories if one.scheme == scheme.lower()), None)
        if factory is None:
            return UnauthorizedResource(self._factories)
        try:
            found = factory.decode(response, request)
        except error.LoginFailed:
            return UnauthorizedResource(self._factories)
        except Exception:
            log.err(None, f"{factory!r} could not read credentials")
            return pages.errorPage(status.INTERNAL_SERVER_ERROR, "Internal Error", "")
        return self._login(found, request)

    def _login(self, found: Any, request: Request) -> DeferredResource:
        portal = self._portal
        if self._limits is not None and not isinstance(found, credentials.Anonymous):
            portal = self._limits.portal(portal, request.getClientAddress())
        login = portal.login(found, None, IResource)
        login.addCallbacks(self._welcome, self._refuse, callbackArgs=(request.notifyFinish(),))
        return DeferredResource(login)

    def _welcome(self, granted: Any, finished: Deferred[None]) -> Any:
        """The avatar, which logs out when the request is over; at once, if the client didn't wait for it."""
        _, avatar, logout = granted
        finished.addBoth(lambda _: logout())
        return avatar

    def _refuse(self, failure: Failure) -> Any:
        if failure.check(error.Unauthorized, error.LoginFailed):
            return UnauthorizedResource(self._factories)
        log.err(failure, "a login failed for another reason than that it isn't allowed")
        return pages.errorPage(status.INTERNAL_SERVER_ERROR, "Internal Error", "")
