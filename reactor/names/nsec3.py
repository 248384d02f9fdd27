"""Proofs by hashes of names that a name is not there (RFC 5155): they don't give away which names are."""

from __future__ import annotations

import base64
import hashlib
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

from reactor.names import dns
from reactor.names.dns.naming import escaped, labels_of, wildcard_below

_TO_BASE32HEX = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789abcdefghijklmnopqrstuv")
_MOST_ITERATIONS = 100  # more cost the server too much, and validators too (RFC 9276)


class Hashing:
    """The NSEC3 records of one zone.

    origin: of the zone. nodes: its records by their names. parameters: its NSEC3PARAM record.
    Raises ValueError for more iterations than anybody takes.
    """

    def __init__(self, origin: bytes, nodes: Mapping[bytes, Any], parameters: dns.RRHeader) -> None:
        assert isinstance(parameters.payload, dns.Record_NSEC3PARAM)
        self._origin, self._nodes = origin, nodes
        self._salt = parameters.payload.salt
        self._iterations = parameters.payload.iterations
        if self._iterations > _MOST_ITERATIONS:
            raise ValueError(f"NSEC3 with {self._iterations} iterations is not served: at most {_MOST_ITERATIONS}")
        self._owners = sorted(name for name in nodes if dns.NSEC3 in nodes[name])

    def owner(self, name: bytes) -> bytes:
        """The name of the record that would prove that this name is there."""
        wire = b"".join(bytes([len(label)]) + label.lower() for label in labels_of(name)) + b"\0"
        digest = hashlib.sha1(wire + self._salt, usedforsecurity=False).digest()
        for _ in range(self._iterations):
            digest = hashlib.sha1(digest + self._salt, usedforsecurity=False).digest()
        return base64.b32encode(digest).translate(_TO_BASE32HEX) + b"." + self._origin

    def proof(self, name: bytes) -> list[bytes]:
        """The names of the records that prove it: that a name is there, and so has no other types; or that it isn't.

        The latter takes three: the closest name above that is there; that the one below it isn't; nor a wildcard.
        """
        matching = self.owner(name)
        if name in self._nodes and matching in self._owners:
            return [matching]
        labels = labels_of(name)
        ways = [b".".join(map(escaped, labels[number:])) for number in range(len(labels) + 1)]
        at = next((number for number in range(1, len(ways)) if ways[number] in self._nodes), len(ways) - 1)
        closest, next_closer = ways[at], ways[at - 1]
        found = [self._covering(one) for one in (closest, next_closer, wildcard_below(closest))]
        return list(dict.fromkeys(one for one in found if one is not None))

    def _covering(self, name: bytes) -> bytes | None:
        """The record whose own hash is this name's, or comes before it in the circle."""
        if not self._owners:
            return None
        return self._owners[bisect_right(self._owners, self.owner(name)) - 1]
