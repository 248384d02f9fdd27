"""DNS cookies (RFC 7873, RFC 9018): a client that has one from us can't be somebody who writes another's address.

option = client's 8 bytes, then, if it has been here before, the server's 8 to 32
server's = version 1, three zeros, four bytes of time, and a hash of all of this, the address, and a secret
"""

from __future__ import annotations

import hashlib
import hmac
import os
import time
from collections.abc import Callable

from reactor.names.error import DNSDecodeError

OPTION = 10
_CLIENT_BYTES, _LEAST_BYTES, _MOST_BYTES = 8, 16, 40
_LIVES_S, _AHEAD_S = 3600, 300  # RFC 9018 §4.3


class Cookies:
    """A server's cookies. secret: of this server, and of all that share its address; random if left out."""

    def __init__(self, secret: bytes | None = None, now: Callable[[], float] = time.time) -> None:
        self._secret = os.urandom(16) if secret is None else secret
        self._now = now

    def check(self, option: bytes, address: str) -> tuple[bytes, bool]:
        """The option to answer with, and whether the one that came shows that the client is where it says.

        Raises DNSDecodeError for one of a length that it can't have.
        """
        if len(option) != _CLIENT_BYTES and not _LEAST_BYTES <= len(option) <= _MOST_BYTES:
            raise DNSDecodeError(f"a cookie has 8 bytes, or 16 to 40, and not {len(option)}")
        client, server = option[:_CLIENT_BYTES], option[_CLIENT_BYTES:]
        now = int(self._now())
        fresh = self._made(client, now, address)
        if len(server) != len(fresh):
            return client + fresh, False
        made = int.from_bytes(server[4:8], "big")
        is_ours = hmac.compare_digest(self._made(client, made, address), server)
        return client + fresh, is_ours and -_AHEAD_S <= now - made <= _LIVES_S

    def _made(self, client: bytes, when: int, address: str) -> bytes:
        start = b"\1\0\0\0" + when.to_bytes(4, "big")
        proof = hashlib.blake2s(client + start + address.encode(), key=self._secret, digest_size=8)
        return start + proof.digest()
