"""One resolver after the other: whoever has no answer passes the question on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reactor.defer import Deferred, TimeoutError, fail
from reactor.failure import Failure
from reactor.names import dns
from reactor.names.common import Answer, Lookup, ResolverBase, Timeout
from reactor.names.error import DomainError


class FailureHandler:
    """Asks the next resolver when one has failed for want of an answer; any other failure stays one.

    resolver: its `query`, or another lookup. query: what to ask it.
    """

    def __init__(self, resolver: Lookup, query: Any, timeout: Timeout) -> None:
        self.resolver = resolver
        self.query = query
        self.timeout = timeout

    def __call__(self, failure: Failure) -> Deferred[Answer]:
        failure.trap(DomainError, TimeoutError, NotImplementedError)
        if getattr(failure.value, "isFinal", False):
            failure.raiseException()
        return self.resolver(self.query, self.timeout)


class ResolverChain(ResolverBase):
    """Asks its resolvers in their order. Those before the one that answers may remember it: see cache.CacheResolver.

    An AuthoritativeDomainError ends it, and so does a cache that remembers that there is no such name.
    """

    def __init__(self, resolvers: Sequence[Any]) -> None:
        super().__init__()
        self.resolvers = resolvers

    def _lookup(self, name: bytes, cls: int, type: int, timeout: Timeout) -> Deferred[Answer]:
        query = dns.Query(name, type, cls)
        learning = [one for one in self.resolvers if hasattr(one, "remember") and not one.knows(query)]
        asked = self._ask_all([one.query for one in self.resolvers], query, timeout)
        for cache in learning:
            asked.addBoth(cache.remember, query)
        return asked

    def lookupAllRecords(self, name: str | bytes, timeout: Timeout = None) -> Deferred[Answer]:
        """All records of a name."""
        return self._ask_all([one.lookupAllRecords for one in self.resolvers], name, timeout)

    def candidates(self, name: bytes) -> list[bytes]:
        """As the last resolver has it, which asks servers."""
        return self.resolvers[-1].candidates(name) if self.resolvers else [name]

    def _ask_all(self, lookups: list[Lookup], what: Any, timeout: Timeout) -> Deferred[Answer]:
        if not lookups:
            return fail(DomainError("no resolvers to ask"))
        asked = lookups[0](what, timeout)
        for lookup in lookups[1:]:
            asked = asked.addErrback(FailureHandler(lookup, what, timeout))
        return asked
