"""Signed messages: two sides that share a secret prove to each other that a message is theirs, and fresh (RFC 8945).

The signature is the last record of a message. It covers the message before it, and the signature before that: an answer
covers its question's, and each message of a run the previous one's, so that none can be left out. Some in between may
be unsigned; they are covered by the next one that is.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import time
from collections.abc import Callable, Iterable, Mapping

from reactor import log
from reactor.names import dns
from reactor.names.dns.codes import EBADKEY, EBADSIG, EBADTIME, type_name
from reactor.names.dns.wire import Writer
from reactor.names.error import DomainError

_ALGORITHMS = {
    b"hmac-sha256": "sha256",
    b"hmac-sha384": "sha384",
    b"hmac-sha512": "sha512",
    b"hmac-sha224": "sha224",
    b"hmac-sha1": "sha1",
}
_MOST_UNSIGNED = 99  # in a row (RFC 8945 §5.3.1)
_FUDGE_S = 300  # how far apart the clocks may be


class TSIGError(DomainError):
    """A message is not signed as it should be. code: EBADSIG, EBADKEY or EBADTIME, as the peer is told."""

    def __init__(self, message: str, code: int = EBADSIG) -> None:
        super().__init__(message)
        self.code = code


class Key:
    """A secret that two sides have. secret: bytes, or text in base 64. Raises ValueError when it can't be one."""

    def __init__(self, name: str | bytes, secret: str | bytes, algorithm: str | bytes = b"hmac-sha256") -> None:
        self.name = dns.domainString(name).lower().rstrip(b".")
        self.algorithm = dns.domainString(algorithm).lower().rstrip(b".")
        if self.algorithm not in _ALGORITHMS:
            known = ", ".join(one.decode() for one in _ALGORITHMS)
            raise ValueError(f"key {name!r}: {algorithm!r} is no algorithm of ours; they are {known}")
        try:
            self._secret = base64.b64decode(secret, validate=True) if isinstance(secret, str) else secret
        except binascii.Error as problem:
            raise ValueError(f"key {name!r}: the secret is not in base 64: {problem}") from None

    @classmethod
    def fromText(cls, text: str) -> Key:
        """Read what dig's -y takes: [algorithm:]name:secret. Raises ValueError."""
        parts = text.split(":")
        if len(parts) not in (2, 3):
            raise ValueError(f"a key is written [algorithm:]name:secret, and {len(parts)} parts are here")
        return cls(*parts) if len(parts) == 2 else cls(parts[1], parts[2], parts[0])

    def session(self, now: Callable[[], float] = time.time) -> Session:
        """The signatures of one question and its answers. now: seconds since 1970."""
        return Session(self, now)

    def mac(self, *pieces: bytes) -> bytes:
        """The signature of these bytes."""
        return hmac.digest(self._secret, b"".join(pieces), _ALGORITHMS[self.algorithm])


class Session:
    """The signatures that follow each other: a question's, and then those of its answers."""

    def __init__(self, key: Key, now: Callable[[], float]) -> None:
        self.key = key
        self._now = now
        self._last = b""  # the signature before
        self._answers = 0  # signed or checked
        self.refused = 0  # the code that the peer is to be told
        self._unsigned: list[bytes] = []

    def sign(self, data: bytes) -> bytes:
        """A message with its signature; or, when the question's was refused, with what tells why."""
        now, error = int(self._now()), self.refused
        other = now.to_bytes(6, "big") if error == EBADTIME else b""
        id = int.from_bytes(data[:2], "big")
        signature = dns.Record_TSIG(self.key.algorithm, now, _FUDGE_S, b"", id, error, other)
        if error not in (EBADSIG, EBADKEY):  # of these two there is nothing that could sign
            self._last = signature.MAC = self.key.mac(*self._covered(data, signature))
        self._answers += 1
        return with_record(data, dns.RRHeader(self.key.name, dns.TSIG, dns.ANY, 0, signature))

    def checked(self, data: bytes, is_question: bool = False) -> bytes:
        """The message without its signature. Raises TSIGError, and DNSDecodeError."""
        bare, signature, owner = without_signature(data)
        if signature is None:
            if is_question or self._answers < 2 or len(self._unsigned) >= _MOST_UNSIGNED:
                raise TSIGError("a message that should be signed is not")
            self._unsigned.append(data)
            return data
        self._compare(bare, signature, owner)
        if abs(self._now() - signature.timeSigned) > signature.fudge:
            raise TSIGError(f"the clocks differ: signed at {signature.timeSigned}, now {self._now():.0f}", EBADTIME)
        return bare

    def _compare(self, bare: bytes, signature: dns.Record_TSIG, owner: bytes) -> None:
        if owner != self.key.name or signature.algorithm.name.lower() != self.key.algorithm:
            raise TSIGError(f"signed by {owner!r}, and not by {self.key.name!r}", EBADKEY)
        if signature.error:
            raise TSIGError(f"the peer says {_ERRORS.get(signature.error, signature.error)}", signature.error)
        bare = signature.originalID.to_bytes(2, "big") + bare[2:]
        right = self.key.mac(*self._covered(bare, signature))
        if not hmac.compare_digest(right, signature.MAC):
            raise TSIGError(f"the signature by {owner!r} is wrong")
        self._last = right
        self._answers += 1

    def check_end(self) -> None:
        """All that came is signed. Raises TSIGError for a last message that isn't."""
        if self._unsigned:
            raise TSIGError("the last message of the answer is not signed")

    def _covered(self, data: bytes, signature: dns.Record_TSIG) -> Iterable[bytes]:
        if self._last:
            yield len(self._last).to_bytes(2, "big") + self._last
        yield from self._unsigned
        self._unsigned = []
        yield data
        clock = signature.timeSigned.to_bytes(6, "big") + signature.fudge.to_bytes(2, "big")
        if self._answers >= 2:  # the question was the first, its answer the second
            yield clock
            return
        yield _wire(self.key.name) + dns.ANY.to_bytes(2, "big") + bytes(4)
        yield _wire(self.key.algorithm) + clock + signature.error.to_bytes(2, "big")
        yield len(signature.otherData).to_bytes(2, "big") + signature.otherData


def accept(message: dns.Message, keys: Mapping[bytes, Key]) -> int:
    """Check the signature of a question that a protocol has read, and have its answer signed: sets its `session`.

    keys: by their names. Returns dns.OK, or the code of the answer.
    """
    assert message.wire is not None
    try:
        _, _, owner = without_signature(message.wire)
    except dns.DNSDecodeError:
        return dns.EFORMAT
    session = message.session = (keys[owner] if owner in keys else Key(owner, b"")).session()
    try:
        if owner not in keys:
            raise TSIGError(f"no key is called {owner!r}", EBADKEY)
        session.checked(message.wire, is_question=True)
    except TSIGError as problem:
        log.msg(f"A signature is refused: {problem}")
        session.refused = problem.code
        return dns.ENOTAUTH
    return dns.OK


_ERRORS = {EBADSIG: "BADSIG", EBADKEY: "BADKEY", EBADTIME: "BADTIME"}


def _wire(name: bytes) -> bytes:
    return dns.Record_NS(name.lower()).to_wire()


def with_record(data: bytes, record: dns.RRHeader) -> bytes:
    """A message with one more record at its end."""
    writer = Writer()
    record.write(writer)
    count = int.from_bytes(data[10:12], "big") + 1
    return data[:10] + count.to_bytes(2, "big") + data[12:] + bytes(writer.out)


def without_signature(data: bytes) -> tuple[bytes, dns.Record_TSIG | None, bytes]:
    """A message without its signature; the signature, or None; whose it is, in small letters. Raises DNSDecodeError."""
    message = dns.Message()
    message.fromStr(data)
    places = [number for number, one in enumerate(message.additional) if one.type == dns.TSIG]
    if not places:
        return data, None, b""
    last = message.additional[-1]
    if places != [len(message.additional) - 1] or not isinstance(last.payload, dns.Record_TSIG):
        raise dns.DNSDecodeError(f"{type_name(dns.TSIG)} is not the last record")
    count = int.from_bytes(data[10:12], "big") - 1
    bare = data[:10] + count.to_bytes(2, "big") + data[12 : message.last_record_at]
    return bare, last.payload, last.name.name.lower()
