"""What /etc/hosts says. The file is read anew for each question, so a change counts at once."""

from __future__ import annotations

import os
from collections.abc import Callable

from reactor.abstract import isIPAddress, isIPv6Address
from reactor.defer import Deferred, fail, succeed
from reactor.failure import Failure
from reactor.names import dns
from reactor.names.common import Answer, ResolverBase, Timeout
from reactor.names.error import DomainError

Path = str | bytes | os.PathLike[str]


def searchFileForAll(hostsFile: Path, name: bytes) -> list[str]:
    """The addresses of a name, in the order of the file; none when it can't be read."""
    try:
        with open(hostsFile, "rb") as file:
            lines = file.read().splitlines()
    except OSError:
        return []
    wanted, found = name.lower().rstrip(b"."), []
    for line in lines:
        address, *names = line.partition(b"#")[0].split() or [b""]
        if wanted in (one.lower() for one in names):
            text = address.decode("ascii", "replace")
            if "%" not in text and (isIPAddress(text) or isIPv6Address(text)):  # a record has no room for a scope
                found.append(text)
    return found


def searchFileFor(file: Path, name: bytes) -> str | None:
    """The first address of a name, or None."""
    return next(iter(searchFileForAll(file, name)), None)


class Resolver(ResolverBase):
    """Answers from a hosts file. ttl: in seconds, for all answers."""

    def __init__(self, file: Path = b"/etc/hosts", ttl: int = 60 * 60) -> None:
        super().__init__()
        self.file = file
        self.ttl = ttl

    def lookupAddress(self, name: str | bytes, timeout: Timeout = None) -> Deferred[Answer]:
        """The IPv4 addresses of a name."""
        return self._respond(dns.domainString(name), dns.Record_A, isIPAddress)

    lookupAllRecords = lookupAddress

    def lookupIPV6Address(self, name: str | bytes, timeout: Timeout = None) -> Deferred[Answer]:
        """The IPv6 addresses of a name."""
        return self._respond(dns.domainString(name), dns.Record_AAAA, isIPv6Address)

    def _respond(self, name: bytes, record: type[dns.Record], is_of_kind: Callable[[str], bool]) -> Deferred[Answer]:
        found = [record(one, self.ttl) for one in searchFileForAll(self.file, name) if is_of_kind(one)]
        if not found:
            return fail(Failure(DomainError(name)))
        return succeed((tuple(dns.RRHeader(name, one.TYPE or 0, dns.IN, self.ttl, one) for one in found), (), ()))

    def _lookup(self, name: bytes, cls: int, type: int, timeout: Timeout) -> Deferred[Answer]:
        return fail(Failure(DomainError(name)))
