"""What SEARCH asks (RFC 3501, section 6.4.4): keys become one function that a message passes or doesn't.

Bounds: keys are MOST_NESTED deep, and MOST_KEYS altogether.
"""

from __future__ import annotations

import binascii
import codecs
import email.utils
import quopri
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from reactor.mail.imap4.sequence_sets import MessageSet, parseIdList
from reactor.mail.imap4.server.fetch import MONTHS, Letter
from reactor.mail.imap4.server.structure import Part, text_of
from reactor.mail.imap4.tokens import MOST_NESTED, ParseError, Reader

MOST_KEYS = 500
SLOW = ("idna", "punycode")  # no charsets of texts: Python's decoders take n² for them
_WORD = re.compile(rb"[^\x00-\x20\x7f-\xff(){%\"\\\]]+")
_DATE = re.compile(rb'"?(\d{1,2})-([A-Za-z]{3})-(\d{4})"?')
_SET = re.compile(rb"[\d*]")


@dataclass
class Candidate:
    """A message that may be found: its number, its UID, and itself."""

    number: int
    uid: int
    letter: Letter

    @cached_property
    def texts(self) -> list[str]:
        """All that its parts say, in small letters; decoded once, however many keys look into it."""
        return [text.casefold() for text in texts(self.letter.part)]


Test = Callable[[Candidate], bool]


def texts(part: Part) -> Iterator[str]:
    """The text of each part that has any, and the headers of messages inside, decoded."""
    for one in [*part.parts, *([part.message] if part.message is not None else [])]:
        if one is part.message:
            yield text_of(one.header())
        yield from texts(one)
    if part.parts or part.message is not None or part.type != b"text":
        return
    body = part.content()
    encoding = (part.field(b"content-transfer-encoding") or b"").lower()
    try:
        body = binascii.a2b_base64(body) if encoding == b"base64" else body
    except binascii.Error:
        return
    body = quopri.decodestring(body) if encoding == b"quoted-printable" else body
    try:
        charset = codecs.lookup(part.parameters.get(b"charset", b"utf-8").decode("ascii")).name
        yield body.decode("latin-1" if charset in SLOW else charset, "replace")
    except (LookupError, UnicodeDecodeError, ValueError):
        yield body.decode("latin-1")


def _header(name: bytes, wanted: str) -> Test:
    def test(one: Candidate) -> bool:
        return any(known == name and wanted in text_of(value).casefold() for known, value, _ in one.letter.head.fields)

    return test


def _body(wanted: str) -> Test:
    return lambda one: any(wanted in text for text in one.texts)


def _text(wanted: str) -> Test:
    in_body = _body(wanted)
    return lambda one: any(wanted in text_of(whole).casefold() for *_, whole in one.letter.head.fields) or in_body(one)


def _has(*flags: str) -> Test:
    return lambda one: all(flag in one.letter.flags for flag in flags)


def _not(test: Test) -> Test:
    return lambda one: not test(one)


def _all(tests: list[Test]) -> Test:
    return lambda one: all(test(one) for test in tests)


def _sent(one: Candidate) -> date:
    try:
        return email.utils.parsedate_to_datetime((one.letter.head.field(b"date") or b"").decode("ascii")).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return date.min


def _came(one: Candidate) -> date:
    day: date = one.letter.date().date()
    return day


_DATES: dict[bytes, Callable[[date, date], bool]] = {
    b"BEFORE": lambda day, limit: day < limit,
    b"ON": lambda day, limit: day == limit,
    b"SINCE": lambda day, limit: day >= limit,
}
FLAGS = {b"ANSWERED", b"DELETED", b"DRAFT", b"FLAGGED", b"SEEN"}


class SearchKeys:
    """Reads keys: all that is left. asksModseq: whether MODSEQ is among them."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._keys = self._deep = 0
        self._sets: list[tuple[MessageSet, bool]] = []
        self.asksModseq = False
        tests = [self._key()]
        while reader.skip(b" "):
            tests.append(self._key())
        self._test = _all(tests)

    def test(self, uids: list[int]) -> Test:
        """What finds a message among those with these UIDs."""
        for some, isOfUids in self._sets:
            some.last = (uids[-1] if uids else 0) if isOfUids else len(uids)
        return self._test

    def _key(self) -> Test:
        self._keys += 1
        if self._keys > MOST_KEYS:
            raise ParseError(f"a search has at most {MOST_KEYS} keys")
        if self._reader.next_is(b"("):
            return _all(self._reader.listed(self._key))
        word = self._reader.match(_WORD, "a key of SEARCH")[0].upper()
        if _SET.match(word):
            return self._in_set(parseIdList(word), False)
        simple = {b"ALL": _all([]), b"NEW": _all([_has(r"\Recent"), _not(_has(r"\Seen"))])}
        simple |= {b"OLD": _not(_has(r"\Recent")), b"RECENT": _has(r"\Recent")}
        if word in simple:
            return simple[word]
        if word in FLAGS:
            return _has("\\" + word.decode("ascii").capitalize())
        if word[:2] == b"UN" and word[2:] in FLAGS:
            return _not(_has("\\" + word[2:].decode("ascii").capitalize()))
        method = getattr(self, f"_{word.decode('ascii').lower()}_key", None)
        if method is not None:
            self._reader.space()
            test: Test = method()
            return test
        return self._with_argument(word)

    def _with_argument(self, word: bytes) -> Test:
        way = word.removeprefix(b"SENT")
        if word not in (b"BCC", b"CC", b"FROM", b"SUBJECT", b"TO", b"TEXT", b"BODY") and way not in _DATES:
            raise ParseError(f"{word.decode('ascii')[:40]} is no key of SEARCH")
        self._reader.space()
        if way in _DATES:
            compare, day = _DATES[way], self._date()
            when = _sent if way != word else _came
            return lambda one: compare(when(one), day)
        wanted = self._string()
        return {b"TEXT": _text, b"BODY": _body}.get(word, lambda text: _header(word.lower(), text))(wanted)

    # --- keys with arguments of their own

    def _deeper(self) -> Test:
        self._deep += 1
        if self._deep > MOST_NESTED:
            raise ParseError(f"a search is at most {MOST_NESTED} deep")
        test = self._key()
        self._deep -= 1
        return test

    def _not_key(self) -> Test:
        return _not(self._deeper())

    def _or_key(self) -> Test:
        one = self._deeper()
        self._reader.space()
        other = self._deeper()
        return lambda candidate: one(candidate) or other(candidate)

    def _header_key(self) -> Test:
        name = self._reader.astring().lower()
        self._reader.space()
        return _header(name, self._string())

    def _keyword_key(self) -> Test:
        return _has(self._reader.flag().decode("ascii"))

    def _unkeyword_key(self) -> Test:
        return _not(self._keyword_key())

    def _larger_key(self) -> Test:
        size = self._reader.number()
        return lambda one: one.letter.message.getSize() > size

    def _smaller_key(self) -> Test:
        size = self._reader.number()
        return lambda one: one.letter.message.getSize() < size

    def _uid_key(self) -> Test:
        return self._in_set(parseIdList(self._reader.match(_WORD, "a set of UIDs")[0]), True)

    def _modseq_key(self) -> Test:
        if self._reader.next_is(b'"'):  # the name and the type of an annotation, which we don't have
            for skipped in (self._reader.astring, self._reader.space, self._reader.atom, self._reader.space):
                skipped()
        least, self.asksModseq = self._reader.number(), True
        return lambda one: one.letter.message.getModseq() >= least

    def _in_set(self, some: MessageSet, isOfUids: bool) -> Test:
        self._sets.append((some, isOfUids))
        return lambda one: (one.uid if isOfUids else one.number) in some

    def _string(self) -> str:
        return self._reader.astring().decode("utf-8", "replace").casefold()

    def _date(self) -> date:
        day, month, year = self._reader.match(_DATE, "a date such as 1-Feb-2003").groups()
        try:
            return date(int(year), MONTHS.index(month.decode("ascii").capitalize()) + 1, int(day))
        except ValueError:
            raise ParseError(f"there is no day {day.decode()}-{month.decode()}-{year.decode()}") from None


def result(found: list[int], options: list[bytes] | None, byUid: bool, tag: bytes, modseq: int | None) -> bytes:
    """The untagged answer: SEARCH, or for options (RFC 4731), ESEARCH. modseq: of what was found (RFC 7162)."""
    if options is None:
        words = b"".join(b" %d" % number for number in found)
        return b"SEARCH" + words + (b" (MODSEQ %d)" % modseq if modseq is not None and found else b"")
    said: dict[bytes, Any] = {b"COUNT": b"%d" % len(found)}
    if found:
        everything = str(MessageSet([(number, number) for number in found])).encode("ascii")
        said |= {b"MIN": b"%d" % found[0], b"MAX": b"%d" % found[-1], b"ALL": everything}
    words = b"".join(b" " + name + b" " + said[name] for name in options if name in said)
    words += b" MODSEQ %d" % modseq if modseq is not None and found else b""
    return b'ESEARCH (TAG "' + tag + b'")' + (b" UID" if byUid else b"") + words
