"""LDAP URLs (RFC 4516): `ldap://host:389/ou=people,o=Doom?cn,mail?sub?(cn=A*)`. They name a server, and a search."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from reactor.endpoints import quoteStringArgument
from reactor.ldap.dn import DistinguishedName
from reactor.ldap.filters import Filter, Present, as_text, parseFilter
from reactor.ldap.messages import Scope

_PORTS = {"ldap": 389, "ldaps": 636, "ldapi": 0}
_SCOPES = {"": Scope.base, "base": Scope.base, "one": Scope.one, "sub": Scope.subtree}


class LDAPURL(NamedTuple):
    """What an LDAP URL says. host: "" is ours to choose; of `ldapi`, the path of a UNIX socket."""

    scheme: str = "ldap"
    host: str = ""
    port: int = 389
    dn: DistinguishedName = DistinguishedName()
    attributes: tuple[str, ...] = ()
    scope: Scope = Scope.base
    filter: Filter = Present("objectClass")

    @classmethod
    def parse(cls, text: str) -> LDAPURL:
        """Read a URL. Raises ValueError, also for a critical extension, of which we know none."""
        parts = urlsplit(text.replace("#", "%23"))
        if parts.scheme not in _PORTS or parts.username is not None:
            raise ValueError(f"{text[:80]!r} is no URL such as ldap://host/o=Doom?cn?sub?(cn=A*)")
        attributes, scope, filter, extensions = map(unquote, [*parts.query.split("?"), "", "", "", ""][:4])
        if scope not in _SCOPES or any(one.startswith("!") for one in extensions.split(",")):
            raise ValueError(f"{text[:80]!r} has a scope or an extension that isn't known here")
        host = unquote(parts.netloc) if parts.scheme == "ldapi" else parts.hostname or ""
        port = 0 if parts.scheme == "ldapi" else parts.port or _PORTS[parts.scheme]
        wanted = tuple(filter_part for filter_part in attributes.split(",") if filter_part)
        found = parseFilter(filter) if filter else Present("objectClass")
        return cls(parts.scheme, host, port, DistinguishedName(unquote(parts.path[1:])), wanted, _SCOPES[scope], found)

    def __str__(self) -> str:
        host = quote(self.host, "") if self.scheme == "ldapi" else f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port in (0, _PORTS[self.scheme]) else f":{self.port}"
        scope = {Scope.base: "base", Scope.one: "one", Scope.subtree: "sub"}[self.scope]
        query = (",".join(self.attributes), scope, as_text(self.filter))
        what = "?".join(quote(part, "=,()*&|!~:;+") for part in (self.dn.getText(), *query))
        return f"{self.scheme}://{host}{port}/{what}"

    def endpoint(self) -> str:
        """Where the server is, as `clientFromString` reads it."""
        if self.scheme == "ldapi":
            return f"unix:{quoteStringArgument(self.host)}"
        kind = "tls" if self.scheme == "ldaps" else "tcp"
        return f"{kind}:{quoteStringArgument(self.host or 'localhost')}:{self.port}"
