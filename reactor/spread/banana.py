"""Banana: nested lists of numbers and byte strings, as bytes. It knows nothing of objects; `jelly` makes lists of them.

    element = prefix type body
    prefix  = a number in base 128, its lowest digit first; every byte is below 0x80
    type    = 0x80 list of so many elements    0x81 int    0x83 negative int    0x85, 0x86 the same, beyond 31 bits
              0x82 so many bytes, which follow 0x84 float: no prefix, 8 bytes follow, the highest first
              0x87 a word of the vocabulary, by its number; in the dialect "pb" only

The server begins with the list of dialects that it knows, and the client answers with one of them.
Twisted bounds single elements; here `messageLimit` bounds what all of a message takes, too.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar

from reactor import log
from reactor.protocol import Protocol
from reactor.protocols.excerpts import excerpt
from reactor.spread.errors import ProtocolError

LIST, INT, STRING, NEG, FLOAT, LONGINT, LONGNEG, VOCAB = (bytes([number]) for number in range(0x80, 0x88))
SIZE_LIMIT = 640 * 1024  # Twisted's
NOTHING: Any = object()  # no expression is complete yet
_OPENED: Any = object()  # a list has begun
_LIST, _SLOT = 64, 48  # what a list takes in memory, about; and each of its elements, but for the bytes of strings
_DOUBLE = struct.Struct("!d")
_WORDS = (
    b"None class dereference reference dictionary function instance list module persistent tuple unpersistable "
    b"copy cache cached remote local lcache version login password challenge logged_in not_logged_in "
    b"cachemessage message answer error decref decache uncache"
).split()


class BananaError(ProtocolError):
    """The bytes are no banana, or more than the bounds allow; or a value can't be sent."""


class Bounds:
    """What is taken from a peer: digits of a number, elements of a string or list, lists inside each other, memory."""

    prefixLimit = 64  # Twisted's
    sizeLimit = SIZE_LIMIT
    depthLimit = 100  # unpacking takes some calls for each level, and Python has a thousand
    messageLimit = 48 * 2**20  # bytes; so that a list of `SIZE_LIMIT` numbers fits


class Decoder:
    """Bytes in, expressions out. vocabulary: number → word; empty unless the dialect has one."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self.vocabulary: Mapping[int, bytes] = {}
        self._data, self._position = b"", 0
        self._more = bytearray()  # what has come since
        self._missing = 0  # before so many bytes have come, no element is complete
        self._open: list[tuple[list[Any], int]] = []  # lists that have begun, and how long they will be
        self._size = 0  # of the message, in memory

    def feed(self, data: bytes) -> None:
        """Take bytes, cut anywhere."""
        self._more += data
        self._missing -= len(data)

    def read(self) -> Any:
        """The next expression: a list, int, float or bytes; or NOTHING. Raises BananaError: then all is lost."""
        if self._missing > 0:
            return NOTHING
        if self._more:
            self._data, self._position = self._data[self._position :] + self._more, 0
            self._more.clear()
        while (item := self._element()) is not NOTHING:
            while item is not _OPENED:  # it goes into the innermost list, which may be complete by that
                if not self._open:
                    self._size = 0
                    return item
                items, length = self._open[-1]
                items.append(item)
                item = self._open.pop()[0] if len(items) == length else _OPENED
        return NOTHING

    def _element(self) -> Any:
        data, start = self._data, self._position
        try:
            number = kind = data[start]
            end = start + 1
            if kind < 0x80:
                kind, end = data[end], end + 1
                if kind < 0x80:
                    number, kind, end = self._long_head(start)
            else:
                number = 0
        except IndexError:
            self._missing = 1
            return NOTHING
        if kind == 0x82:
            return self._body(end, number)
        if kind == 0x84:
            body = self._body(end, _DOUBLE.size)
            return body if body is NOTHING else _DOUBLE.unpack(body)[0]
        self._position = end
        if kind == 0x81 or kind == 0x85:
            return number
        return self._rarer(kind, number)

    def _long_head(self, start: int) -> tuple[int, int, int]:
        """A number of several digits, the type, and where they end. Raises IndexError if the type isn't here yet."""
        number, end = 0, start
        while self._data[end] < 0x80:
            number |= self._data[end] << 7 * (end - start)
            end += 1
            if end - start > self._bounds.prefixLimit:
                raise BananaError(f"more than {self._bounds.prefixLimit} bytes of prefix")
        return number, self._data[end], end + 1

    def _body(self, start: int, length: int) -> Any:
        self._check(length, length)
        end = start + length
        if end > len(self._data):
            self._missing = end - len(self._data)
            self._size -= length  # it is read once more
            return NOTHING
        self._position = end
        return self._data[start:end]

    def _check(self, length: int, memory: int) -> None:
        if length > self._bounds.sizeLimit:
            raise BananaError(f"a string or list has at most {self._bounds.sizeLimit} elements, not {length}")
        self._size += memory
        if self._size > self._bounds.messageLimit:
            raise BananaError(f"a message may take {self._bounds.messageLimit} bytes of memory")

    def _rarer(self, kind: int, number: int) -> Any:
        if kind == 0x80:
            if len(self._open) >= self._bounds.depthLimit:
                raise BananaError(f"lists may be {self._bounds.depthLimit} deep")
            self._check(number, _LIST + _SLOT * number)
            if number == 0:
                return []
            self._open.append(([], number))
            return _OPENED
        if kind == 0x87 and number in self.vocabulary:
            return self.vocabulary[number]
        if kind == 0x83 or kind == 0x86:
            return -number
        raise BananaError(f"type 0x{kind:02x} with {number} means nothing here")


@lru_cache(1024)
def _head(number: int, kind: bytes) -> bytes:
    if number > SIZE_LIMIT and kind in (LIST, STRING):
        raise BananaError(f"too long to send: {number} elements")
    digits = bytearray()
    while number > 0x7F:
        digits.append(number & 0x7F)
        number >>= 7
    return bytes([*digits, number]) + kind


def _put(value: Any, put: Callable[[bytes], object], words: Mapping[bytes, bytes], depth: int) -> None:
    """Put the bytes of a value. depth: how many lists may nest."""
    if isinstance(value, bytes):
        put(words.get(value) or _head(len(value), STRING) + value)
    elif isinstance(value, (list, tuple)):
        if depth == 0:
            raise BananaError(f"too deep to send: lists may be {Bounds.depthLimit} deep")
        put(_head(len(value), LIST))
        for one in value:
            _put(one, put, words, depth - 1)
    elif isinstance(value, int):
        if value.bit_length() > 7 * Bounds.prefixLimit:
            raise BananaError(f"int is too large to send: it has {value.bit_length()} bits")
        is_long = not -(2**31) <= value < 2**31
        put(_head(abs(value), (LONGINT if is_long else INT) if value >= 0 else (LONGNEG if is_long else NEG)))
    elif isinstance(value, float):
        put(FLOAT + _DOUBLE.pack(value))
    else:
        raise BananaError(f"Banana cannot send {type(value).__qualname__} objects: {excerpt(value)}")


def encode(lst: Any, words: Mapping[bytes, bytes] | None = None) -> bytes:
    """The bytes of nested lists (or tuples) of int, float and bytes. words: bytes → what is sent for them.

    Raises BananaError for what can't be sent.
    """
    pieces: list[bytes] = []
    _put(lst, pieces.append, words or {}, Bounds.depthLimit)
    return b"".join(pieces)


def decode(st: bytes) -> Any:
    """The expression that these bytes begin with. Raises BananaError, also when it isn't complete."""
    decoder = Decoder(Bounds())
    decoder.feed(st)
    if (expression := decoder.read()) is NOTHING:
        raise BananaError(f"{len(st)} bytes are only the beginning of an expression")
    return expression


class Banana(Protocol, Bounds):
    """One connection. Override `connectionReady` and `expressionReceived`. Whoever breaks the rules is cut off.

    isClient: whether this end chooses the dialect. knownDialects: the best first; to both ends. currentDialect: b"pb",
    b"none", or None until it is chosen.
    """

    knownDialects: Sequence[bytes] = (b"pb", b"none")
    outgoingVocabulary: ClassVar[dict[bytes, int]] = {word: number for number, word in enumerate(_WORDS, 1)}
    incomingVocabulary: ClassVar[dict[int, bytes]] = dict(enumerate(_WORDS, 1))

    def __init__(self, isClient: bool | int = 1) -> None:
        self.isClient = isClient
        self.currentDialect: bytes | None = None
        self._decoder = Decoder(self)
        self._words: dict[bytes, bytes] = {}
        self._is_reading = self._is_paused = False

    def connectionMade(self) -> None:
        """A server names its dialects. Whoever doesn't read what we send isn't read, as answers would pile up."""
        self.transport.registerProducer(self, True)
        if not self.isClient:
            self.sendEncoded(list(self.knownDialects))

    def connectionReady(self) -> None:
        """The dialect is chosen: begin."""

    def expressionReceived(self, expression: Any) -> None:
        """The peer has sent this: a list, int, float or bytes. Raises ProtocolError for nonsense."""

    def sendEncoded(self, obj: Any) -> None:
        """Send nested lists of int, float and bytes. Raises BananaError for what can't be sent; then nothing is."""
        self.transport.write(encode(obj, self._words))

    def dataReceived(self, data: bytes) -> None:
        """Read what is complete."""
        self._decoder.feed(data)
        if self._is_reading:
            return
        self._is_reading = True
        try:
            while not self._is_paused and (expression := self._decoder.read()) is not NOTHING:
                self.expressionReceived(expression) if self.currentDialect else self._choose(expression)
        except ProtocolError as problem:
            log.msg(f"{self.transport.getPeer()} is cut off: {problem}")
            self.stopProducing()
            self.transport.abortConnection()
        finally:
            self._is_reading = False

    def _choose(self, offer: Any) -> None:
        """The first expression: the dialects that the server knows, or the one that the client has chosen."""
        offers = offer if self.isClient and isinstance(offer, list) else [offer]
        known = next((one for one in offers if one in self.knownDialects), None)
        if known is None:
            raise ProtocolError(f"no dialect in common: {excerpt(offer)}")
        if self.isClient:
            self.sendEncoded(known)
        self.currentDialect = known
        if known == b"pb":
            self._decoder.vocabulary = self.incomingVocabulary
            self._words = {word: _head(number, VOCAB) for word, number in self.outgoingVocabulary.items()}
        self.connectionReady()

    def pauseProducing(self) -> None:
        """The peer doesn't read."""
        self._is_paused = True
        self.transport.pauseProducing()

    def resumeProducing(self) -> None:
        """It reads again."""
        self._is_paused = False
        self.transport.resumeProducing()
        self.dataReceived(b"")

    def stopProducing(self) -> None:
        """The connection is over."""
        self._is_paused = True
