"""Remembers answers for as long as they may be kept, also that there is no such name (RFC 2308), and no longer.

It has a bound: when it is full, what came first goes first. An answer is kept under its own question and under nothing
else, so what a server adds about other names is never believed later.
"""

from __future__ import annotations

from typing import Any

from reactor import log
from reactor.default import the_reactor
from reactor.defer import Deferred, fail, succeed
from reactor.failure import Failure
from reactor.names import dns
from reactor.names.common import Answer, ResolverBase, Timeout
from reactor.names.error import DNSNameError, DomainError

_LONGEST_S = 7 * 86400  # what RFC 8767 suggests
_LONGEST_FOR_NOTHING_S = 3 * 3600  # RFC 2308 §5


class CacheResolver(ResolverBase):
    """Answers from memory.

    cache: question → when it was answered, in seconds of the reactor's clock, and the answer. verbose: 1 logs hits, 2
    also misses. mostEntries: its bound.
    """

    mostEntries = 10_000

    def __init__(
        self, cache: dict[dns.Query, tuple[float, Answer]] | None = None, verbose: int = 0, reactor: Any = None
    ) -> None:
        super().__init__()
        self.verbose = verbose
        self._reactor = the_reactor(reactor)
        self.cache: dict[dns.Query, tuple[float, Answer]] = {}
        self._no_such_name: dict[dns.Query, tuple[float, Failure]] = {}
        for query, (seconds, payload) in (cache or {}).items():
            self.cacheResult(query, payload, seconds)

    def _lookup(self, name: bytes, cls: int, type: int, timeout: Timeout) -> Deferred[Answer]:
        query = dns.Query(name, type, cls)
        nothing = self._known_not_to_be(query)
        if nothing is not None:
            return fail(nothing)
        known = self._known(query)
        if self.verbose > (known is None):
            log.msg(f"Cache {'miss' if known is None else 'hit'} for {name!r}")
        return fail(Failure(DomainError(name))) if known is None else succeed(known)

    def lookupAllRecords(self, name: str | bytes, timeout: Timeout = None) -> Deferred[Answer]:
        """Never known: who knows some of a name's records doesn't know them all."""
        return fail(Failure(DomainError(name)))

    def knows(self, query: dns.Query) -> bool:
        """Whether it can answer this now."""
        return self._known_not_to_be(query) is not None or self._known(query) is not None

    def _known_not_to_be(self, query: dns.Query) -> Failure | None:
        until, failure = self._no_such_name.get(query, (0.0, None))
        return failure if until > self._reactor.seconds() else None

    def _known(self, query: dns.Query) -> Answer | None:
        if query not in self.cache:
            return None
        when, answer = self.cache[query]
        age = int(self._reactor.seconds() - when)
        if age >= _lifetime(answer):
            self.clearEntry(query)
            return None
        older = [[record.with_ttl(max(0, record.ttl - age)) for record in section] for section in answer]
        return older[0], older[1], older[2]

    def cacheResult(self, query: dns.Query, payload: Answer, cacheTime: float | None = None) -> None:
        """Remember an answer. cacheTime: when it was given, in seconds of the reactor's clock; now, without it."""
        if self.verbose > 1:
            log.msg(f"Adding {query!r} to cache")
        _make_room(self.cache, query, self.mostEntries)
        self.cache[query] = (self._reactor.seconds() if cacheTime is None else cacheTime, payload)

    def remember(self, result: Any, query: dns.Query) -> Any:
        """Remember what another resolver has answered, or that it says there is no such name. Returns it."""
        if not isinstance(result, Failure):
            if _lifetime(result) > 0:
                self.cacheResult(query, result)
        elif result.check(DNSNameError) and result.value.args:
            message = result.value.args[0]
            seconds = _soa_seconds(message.authority) if isinstance(message, dns.Message) else 0
            if seconds > 0:
                remembered = type(result.value)(*result.value.args)
                remembered.isFinal = True  # nobody else need be asked: see FailureHandler
                _make_room(self._no_such_name, query, self.mostEntries)
                self._no_such_name[query] = (self._reactor.seconds() + seconds, Failure(remembered))
        return result

    def clearEntry(self, query: dns.Query) -> None:
        """Forget an answer. Raises KeyError when there is none."""
        del self.cache[query]


def _lifetime(answer: Answer) -> int:
    """For how many seconds an answer may be kept. An empty one says so in its SOA; without one it may not be kept."""
    if not answer[0]:
        return _soa_seconds(answer[1])
    return min([_LONGEST_S, *(record.ttl for section in answer for record in section if record.type != dns.OPT)])


def _soa_seconds(authority: Any) -> int:
    for record in authority:
        if isinstance(record.payload, dns.Record_SOA):
            return min(int(record.ttl), record.payload.minimum, _LONGEST_FOR_NOTHING_S)
    return 0


def _make_room(entries: dict[Any, Any], key: Any, most: int) -> None:
    entries.pop(key, None)  # so that it comes last again
    while len(entries) >= most:
        del entries[next(iter(entries))]
