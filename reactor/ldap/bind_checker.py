"""Logins for any protocol of ours, by binding to a directory as whoever wants in: the password is never ours."""

from __future__ import annotations

from typing import Any

from reactor.cred.credentials import IUsernamePassword
from reactor.cred.error import UnauthorizedLogin
from reactor.endpoints import connectProtocol
from reactor.ldap.client import LDAPClient
from reactor.ldap.dn import escape
from reactor.ldap.results import LDAPError, ResultCode


class LDAPBindChecker:
    """Checks names and passwords by an LDAP server.

    endpoint: a client's, of the server. names: what a name stands for, such as "uid={},ou=people,o=Doom".
    contextFactory: for StartTLS, which comes first then. allowInsecureLogin: as LDAPClient's.
    """

    credentialInterfaces = (IUsernamePassword,)

    def __init__(self, endpoint: Any, names: str, contextFactory: Any = None, allowInsecureLogin: bool = False) -> None:
        self.endpoint, self.names, self.contextFactory = endpoint, names, contextFactory
        self.allowInsecureLogin = allowInsecureLogin

    async def requestAvatarId(self, credentials: Any) -> bytes:
        """The name. Raises UnauthorizedLogin if the server refuses it, and LDAPError if it can't say."""
        name: bytes = credentials.username
        if not credentials.password or b"\0" in name:  # a bind without a password succeeds, at many servers
            raise UnauthorizedLogin
        client = await connectProtocol(self.endpoint, LDAPClient())
        client.allowInsecureLogin = self.allowInsecureLogin
        try:
            if self.contextFactory is not None:
                await client.startTLS(self.contextFactory)
            await client.bind(self.names.replace("{}", escape(name.decode("utf-8", "replace"))), credentials.password)
        except LDAPError as problem:
            if problem.code in (ResultCode.invalidCredentials, ResultCode.noSuchObject, ResultCode.invalidDNSyntax):
                raise UnauthorizedLogin from None
            raise
        finally:
            client.unbind()
        return name
