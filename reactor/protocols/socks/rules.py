"""Who may go where through a proxy.

A proxy stands where its clients can't reach: beside services that trust their own machine. So what is on this machine
or its link is shut, unless it is allowed by name of network. And since anybody can give such an address a name in their
own domain, each address that a name leads to is asked about again (DNS rebinding).
"""

from __future__ import annotations

import fnmatch
import ipaddress
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from reactor.abstract import ip_address_of

COMMANDS = {1: "CONNECT", 2: "BIND", 3: "UDP ASSOCIATE"}


class IProxyUser(Protocol):
    """What a realm gives to those who log in at a proxy."""

    def permits(self, command: int, host: str, address: str | None, port: int, user: bytes, source: Any) -> bool:
        """Whether they may do this.

        command: 1 CONNECT, 2 BIND (the host is the peer that may come), 3 UDP (a datagram to there). host: as the
        client gives it. address: what it leads to, as text; asked once with None before a name is looked up, and then
        with each address. user: who logged in, or what a client of version 4 says. source: the client's address.
        """


class _Pattern:
    """`10.0.0.0/8`, `2001:db8::/32`, `host.example`, `*.example`, `*`, and each of these with a port: `*:25`."""

    def __init__(self, text: str) -> None:
        self.text = text
        where, port = text, ""
        if text.startswith("["):
            where, _, port = text[1:].partition("]")
            port = port.removeprefix(":")
        elif text.count(":") == 1:
            where, _, port = text.partition(":")
        if not where or (port and not (port.isascii() and port.isdigit() and int(port) <= 65535)):
            raise ValueError(f"a rule is a network or a name, and perhaps a port, as in 10.0.0.0/8:25, not {text!r}")
        self.port = int(port) if port else None
        try:
            self.network: Any = ipaddress.ip_network(where)
        except ValueError as problem:
            if "/" in where or where.replace(".", "").isdigit():
                raise ValueError(f"{text!r} is no network: {problem}") from None
            self.network = None
        self.name = where.lower().rstrip(".")

    def fits(self, host: str, address: Any, port: int) -> bool:
        """Whether this is meant. host: as the client gives it. address: what it leads to; None if that isn't known."""
        if self.port is not None and port != self.port:
            return False
        if self.network is None:
            return fnmatch.fnmatchcase(host.lower().rstrip("."), self.name)
        return address is not None and address.version == self.network.version and address in self.network


def is_own(address: Any) -> bool:
    """Whether only this machine or its link has this address, or no single machine."""
    kinds = (address.is_loopback, address.is_link_local, address.is_unspecified, address.is_multicast)
    return any(kinds) or str(address) == "255.255.255.255"


class Rules:
    """Rules that are the same for all users; an IProxyUser.

    deny: never. only: nothing else, if there are any. allow: open although it is on this machine or its link.
    clients: networks that clients may come from; without any, from everywhere. All are texts; see the messages.
    Raises ValueError for one that can't be read.
    """

    def __init__(
        self, allow: Iterable[str] = (), deny: Iterable[str] = (), only: Iterable[str] = (), clients: Iterable[str] = ()
    ) -> None:
        self._allow, self._deny, self._only, self._clients = (
            [_Pattern(text) for text in texts] for texts in (allow, deny, only, clients)
        )

    def permits(self, command: int, host: str, address: str | None, port: int, user: bytes, source: Any) -> bool:
        """As in IProxyUser."""
        known = None if address is None else ip_address_of(address)

        def any_fits(patterns: list[_Pattern]) -> bool:
            return any(pattern.fits(host, known, port) for pattern in patterns)

        if not self._serves(source) or any_fits(self._deny):
            return False
        if self._only and not any_fits(self._only):
            return known is None and any(pattern.network is not None for pattern in self._only)
        return known is None or not is_own(known) or any_fits(self._allow)

    def _serves(self, source: Any) -> bool:
        if not self._clients:
            return True
        host = getattr(source, "host", "") or ""
        return any(pattern.fits(host, ip_address_of(host), 0) for pattern in self._clients)


class ProxyRealm:
    """A realm that gives everybody who logs in the same rules."""

    def __init__(self, rules: IProxyUser) -> None:
        self.rules = rules

    def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: type) -> tuple[type, IProxyUser, Callable[[], None]]:
        """As in IRealm. Raises NotImplementedError for anything but IProxyUser."""
        if IProxyUser not in interfaces:
            raise NotImplementedError(f"this realm has IProxyUser, and none of {interfaces}")
        return IProxyUser, self.rules, lambda: None
