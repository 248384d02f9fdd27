"""The iterative resolver: begins at the root, and goes from server to server until one knows.

Servers on the way say who has the zone below, and may lie. So a referral counts only when it leads down, closer to the
name; an address that comes with it only when it belongs to a server in the zone that was asked; of an answer, only what
is in that zone. And a name may not cost more than a number of questions, whatever the servers say: those for the
addresses of servers, and along aliases, count with it. (NXNS was an attack on resolvers without such a bound.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from reactor.default import the_reactor
from reactor.defer import Deferred, DeferredList, TimeoutError, ensureDeferred
from reactor.names import dns
from reactor.names.common import MOST_ALIASES, Answer, ResolverBase, Timeout
from reactor.names.dns.naming import is_subdomain
from reactor.names.error import DNSServerError, DomainError, ResolverError

HINTS = (
    *("198.41.0.4", "170.247.170.2", "192.33.4.12", "199.7.91.13", "192.203.230.10", "192.5.5.241", "192.112.36.4"),
    *("198.97.190.53", "192.36.148.17", "192.58.128.30", "193.0.14.129", "199.7.83.42", "202.12.27.33"),
)
"""The root's servers, a to m, from IANA's named.root."""

_MOST_SERVERS = 13  # of a zone that are asked, each several times: as many as the root has
_SERVERS_WITHOUT_ADDRESS = 2  # so many of a referral are looked up, one after the other
_DEEPEST = 4  # looking up a server, whose zone's server has to be looked up, and so on

Servers = Sequence[tuple[str, int]]


class Resolver(ResolverBase):
    """Finds out by itself.

    hints: addresses of the root's servers, such as HINTS. maximumQueries: how many questions one name may cost.
    resolverFactory: makes what asks, from servers and reactor; client.Resolver if left out.
    """

    def __init__(
        self,
        hints: Sequence[str],
        maximumQueries: int = 30,
        reactor: Any = None,
        resolverFactory: Callable[..., Any] | None = None,
    ) -> None:
        super().__init__()
        self.hints = hints
        self._most = maximumQueries
        self._reactor = reactor
        self._factory = resolverFactory

    def _roots(self) -> Servers:
        return [(address, dns.PORT) for address in self.hints]

    def _lookup(self, name: bytes, cls: int, type: int, timeout: Timeout) -> Deferred[Answer]:
        return ensureDeferred(_Search(self, timeout or (1, 3, 11, 45)).find(dns.Query(name, type, cls)))

    def ask(self, query: dns.Query, servers: Servers, timeout: Timeout) -> Deferred[dns.Message]:
        """Ask one of these servers, without asking it to find out."""
        if self._factory is None:
            from reactor.names.client import Resolver as Stub

            self._factory = Stub
        resolver = self._factory(servers=list(servers), reactor=the_reactor(self._reactor))
        asked: Deferred[dns.Message] = resolver.queryUDP([query], timeout)
        return asked


class _Search:
    """One name, and all that has to be asked for it."""

    def __init__(self, resolver: Resolver, timeout: Timeout) -> None:
        self._resolver = resolver
        self._timeout = timeout
        self._left = resolver._most
        self._being_found: set[bytes] = set()

    async def find(self, query: dns.Query) -> Answer:
        """The answer, along aliases."""
        chain: list[dns.RRHeader] = []
        seen = {query.name}
        while True:
            zone, message = await self._ask_down(query)
            if message.rCode != dns.OK:
                raise self._resolver.exceptionForCode(message.rCode)(message)
            found, authority, additional = (
                [one for one in section if is_subdomain(one.name.name, zone) and one.type != dns.OPT]
                for section in (message.answers, message.authority, message.additional)
            )
            alias = _walk(query, found, chain, seen)
            if alias is None:
                return chain, authority, additional
            if len(seen) > MOST_ALIASES + 1:  # the name itself is one of them
                raise ResolverError(f"{query.name} has more than {MOST_ALIASES} aliases in a row")
            query = dns.Query(alias.name, query.type, query.cls)

    async def _ask_down(self, query: dns.Query) -> tuple[bytes, dns.Message]:
        """The answer of the zone that has the name; and how far down that zone is known to be."""
        zone, servers = b"", self._resolver._roots()
        while True:
            if self._left <= 0:
                raise ResolverError("Query limit reached without result")
            self._left -= 1
            message = await self._resolver.ask(query, servers, self._timeout)
            below = None if message.answers or message.rCode != dns.OK else _referral(message, query.name.name, zone)
            if below is None:
                has_soa = any(one.type == dns.SOA for one in message.authority)
                if not (message.answers or message.auth or message.rCode or has_soa):
                    raise ResolverError("Stuck at response without answers or delegation")
                return zone, message
            servers = await self._servers_of(message, below, zone)
            zone = below

    async def _servers_of(self, message: dns.Message, zone: bytes, asked: bytes) -> Servers:
        """Where a zone's servers are, as the servers of the zone that was asked have it, or found out."""
        servers = [one.payload for one in message.authority if one.name.name.lower() == zone]
        names = [one.name.name.lower() for one in servers if isinstance(one, dns.Record_NS)]
        glue = {one.name.name.lower(): one for one in message.additional if one.type == dns.A}
        known = [glue[name] for name in names if name in glue and is_subdomain(name, asked)]
        if known:
            return [(_address(one), dns.PORT) for one in known[:_MOST_SERVERS]]
        for name in names[:_SERVERS_WITHOUT_ADDRESS]:
            try:
                answers, _, _ = await self._find_server(name)
            except (DomainError, TimeoutError):
                continue
            found = [(_address(one), dns.PORT) for one in answers if one.type == dns.A]
            if found:
                return found[:_MOST_SERVERS]
        raise DNSServerError(f"no server of {zone.decode('ascii', 'backslashreplace')!r} has an address that is known")

    async def _find_server(self, name: bytes) -> Answer:
        if name in self._being_found or len(self._being_found) >= _DEEPEST:
            raise ResolverError(f"the address of {name!r} can't be found without itself")
        self._being_found.add(name)
        try:
            return await self.find(dns.Query(name, dns.A))
        finally:
            self._being_found.discard(name)


def _walk(query: dns.Query, found: list[dns.RRHeader], chain: list[dns.RRHeader], seen: set[dns.Name]) -> Any:
    """Add to the chain what answers, and what leads on. Returns the alias that has to be asked about, or None."""
    at = query.name
    while True:
        here = [one for one in found if one.name == at]
        wanted = [one for one in here if one.type == query.type or query.type == dns.ALL_RECORDS]
        alias = next((one for one in here if one.type == dns.CNAME), None)
        if wanted or alias is None:
            chain += wanted
            return None if wanted or at == query.name else at
        chain.append(alias)
        assert isinstance(alias.payload, dns.Record_CNAME)
        at = alias.payload.name
        if at in seen:
            raise ResolverError("Cycle in CNAME processing")
        seen.add(at)


def _referral(message: dns.Message, name: bytes, zone: bytes) -> bytes | None:
    """The zone that a server refers to, if it is between the zone that was asked and the name; None for none."""
    for one in message.authority:
        owner = one.name.name.lower()
        if one.type == dns.NS and owner != zone and is_subdomain(owner, zone) and is_subdomain(name, owner):
            return owner
    return None


def _address(record: dns.RRHeader) -> str:
    assert isinstance(record.payload, dns.Record_A)
    return record.payload.dottedQuad()


class DeferredResolver(ResolverBase):
    """A resolver that will be there later: it asks, when it is. resolverDeferred: of a resolver."""

    def __init__(self, resolverDeferred: Deferred[Any]) -> None:
        super().__init__()
        self._resolver: Any = None
        self.waiting: list[Deferred[Any]] = []
        resolverDeferred.addCallback(self.gotRealResolver)

    def gotRealResolver(self, resolver: Any) -> None:
        """It is there."""
        self._resolver = resolver
        waiting, self.waiting = self.waiting, []
        for one in waiting:
            one.callback(resolver)

    def _lookup(self, name: bytes, cls: int, type: int, timeout: Timeout) -> Deferred[Answer]:
        query = dns.Query(name, type, cls)
        if self._resolver is not None:
            return self._resolver.query(query, timeout)  # type: ignore[no-any-return]  # any resolver's
        ready: Deferred[Any] = Deferred()
        self.waiting.append(ready)
        return ready.addCallback(lambda resolver: resolver.query(query, timeout))


def bootstrap(resolver: Any, resolverFactory: Callable[..., Any] | None = None) -> DeferredResolver:
    """An iterative resolver that learns the root's addresses from another one, by their names."""
    names = [f"{chr(ord('a') + number)}.root-servers.net" for number in range(13)]

    def build(results: Any) -> Resolver:
        return Resolver([address for well, address in results if well], resolverFactory=resolverFactory)

    asked = DeferredList([resolver.getHostByName(name) for name in names], consumeErrors=True)
    return DeferredResolver(asked.addCallback(build))
