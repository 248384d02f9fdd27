"""What SEARCH asks (RFC 3501, section 6.4.4): keys become one function that a message passes or doesn't.

Bounds: keys are MOST_NESTED deep, and MOST_KEYS altogether.
"""

from __future__ import annotations

import email.utils
import operator
import re
from collections.abc import Callable
from datetime import date
from typing import Any

from reactor.mail.imap4.sequence_sets import MessageSet, parseIdList, set_of
from reactor.mail.imap4.server.fetch import MONTHS, Letter
from reactor.mail.imap4.server.structure import text_of
from reactor.mail.imap4.tokens import MOST_NESTED, ParseError, Reader

MOST_KEYS = 500
_WORD = re.compile(rb"[^\x00-\x20\x7f-\xff(){%\"\\\]]+")
_DATE = re.compile(rb'"?(\d{1,2})-([A-Za-z]{3})-(\d{4})"?')
_SET = re.compile(rb"[\d*]")

Test = Callable[[Letter], bool]


def _has(flag: str) -> Test:
    return lambda letter: flag in letter.flags


def _not(test: Test) -> Test:
    return lambda letter: not test(letter)


def _all(tests: list[Test]) -> Test:
    return lambda letter: all(test(letter) for test in tests)


def _either(one: Test, other: Test) -> Test:
    return lambda letter: one(letter) or other(letter)


def _header(name: bytes, wanted: str) -> Test:
    def test(letter: Letter) -> bool:
        return any(known == name and wanted in text_of(value).casefold() for known, value, _ in letter.head.fields)

    return test


def _body(wanted: str) -> Test:
    return lambda letter: any(wanted in text for text in letter.texts)


def _text(wanted: str) -> Test:
    in_body = _body(wanted)
    return lambda letter: any(wanted in text_of(all).casefold() for *_, all in letter.head.fields) or in_body(letter)


def _came(letter: Letter) -> date:
    day: date = letter.date().date()
    return day


def _sent(letter: Letter) -> date:
    try:
        return email.utils.parsedate_to_datetime((letter.head.field(b"date") or b"").decode("ascii")).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return date.min


def _size(letter: Letter) -> int:
    return int(letter.message.getSize())


def _modseq(letter: Letter) -> int:
    return int(letter.message.getModseq())


def _compare(what: Callable[[Letter], Any], how: Callable[[Any, Any], bool], limit: Any) -> Test:
    return lambda letter: how(what(letter), limit)


class SearchKeys:
    """Reads keys: all that is left. asksModseq: whether MODSEQ is among them."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._keys = self._deep = 0
        self._sets: list[tuple[MessageSet, bool]] = []
        self.asksModseq = False
        tests = [self.key()]
        while reader.skip(b" "):
            tests.append(self.key())
        self._test = _all(tests)

    def test(self, uids: list[int]) -> Test:
        """What finds a message among those with these UIDs."""
        for some, isOfUids in self._sets:
            some.last = (uids[-1] if uids else 0) if isOfUids else len(uids)
        return self._test

    def key(self) -> Test:
        """Read one."""
        self._keys += 1
        if self._keys > MOST_KEYS:
            raise ParseError(f"a search has at most {MOST_KEYS} keys")
        if self.reader.next_is(b"("):
            return _all(self.reader.listed(self.key))
        word = self.reader.match(_WORD, "a key of SEARCH")[0].upper()
        if _SET.match(word):
            return self.in_set(word, False)
        if word in PLAIN:
            return PLAIN[word]
        if word not in WITH_ARGUMENT:
            raise ParseError(f"{word.decode('ascii')[:40]} is no key of SEARCH")
        self.reader.space()
        return WITH_ARGUMENT[word](self)

    def deeper(self) -> Test:
        """Read a key in a key."""
        self._deep += 1
        if self._deep > MOST_NESTED:
            raise ParseError(f"a search is at most {MOST_NESTED} deep")
        test = self.key()
        self._deep -= 1
        return test

    def in_set(self, written: bytes, isOfUids: bool) -> Test:
        """Whether a message is among these."""
        self._sets.append((some := parseIdList(written), isOfUids))
        return lambda letter: (letter.uid if isOfUids else letter.number) in some

    def string(self) -> str:
        """Read a text to look for."""
        return self.reader.astring().decode("utf-8", "replace").casefold()

    def date(self) -> date:
        """Read a day."""
        day, month, year = self.reader.match(_DATE, "a date such as 1-Feb-2003").groups()
        try:
            return date(int(year), MONTHS.index(month.decode("ascii").capitalize()) + 1, int(day))
        except ValueError:
            raise ParseError(f"there is no day {day.decode()}-{month.decode()}-{year.decode()}") from None

    def modseq(self) -> int:
        """Read a modseq, perhaps with the name and the type of an annotation, which we don't have."""
        self.asksModseq = True
        if self.reader.next_is(b'"'):
            for skipped in (self.reader.astring, self.reader.space, self.reader.atom, self.reader.space):
                skipped()
        return self.reader.number()


def _day(what: Callable[[Letter], date], how: Callable[[date, date], bool]) -> Callable[[SearchKeys], Test]:
    return lambda keys: _compare(what, how, keys.date())


def _field(name: bytes) -> Callable[[SearchKeys], Test]:
    return lambda keys: _header(name, keys.string())


FLAGS = {name.upper().encode(): "\\" + name for name in ("Answered", "Deleted", "Draft", "Flagged", "Seen")}
PLAIN: dict[bytes, Test] = {
    **{name: _has(flag) for name, flag in FLAGS.items()},
    **{b"UN" + name: _not(_has(flag)) for name, flag in FLAGS.items()},
    b"ALL": _all([]),
    b"NEW": _all([_has(r"\Recent"), _not(_has(r"\Seen"))]),
    b"OLD": _not(_has(r"\Recent")),
    b"RECENT": _has(r"\Recent"),
}
DATES = {b"BEFORE": operator.lt, b"ON": operator.eq, b"SINCE": operator.ge}
WITH_ARGUMENT: dict[bytes, Callable[[SearchKeys], Test]] = {
    **{name: _day(_came, how) for name, how in DATES.items()},
    **{b"SENT" + name: _day(_sent, how) for name, how in DATES.items()},
    **{name: _field(name.lower()) for name in (b"BCC", b"CC", b"FROM", b"SUBJECT", b"TO")},
    b"BODY": lambda keys: _body(keys.string()),
    b"HEADER": lambda keys: _header(keys.reader.astring().lower(), keys.reader.space() or keys.string()),
    b"KEYWORD": lambda keys: _has(keys.reader.flag().decode("ascii")),
    b"LARGER": lambda keys: _compare(_size, operator.gt, keys.reader.number()),
    b"MODSEQ": lambda keys: _compare(_modseq, operator.ge, keys.modseq()),
    b"NOT": lambda keys: _not(keys.deeper()),
    b"OR": lambda keys: _either(keys.deeper(), keys.reader.space() or keys.deeper()),
    b"SMALLER": lambda keys: _compare(_size, operator.lt, keys.reader.number()),
    b"TEXT": lambda keys: _text(keys.string()),
    b"UID": lambda keys: keys.in_set(keys.reader.match(_WORD, "a set of UIDs")[0], True),
    b"UNKEYWORD": lambda keys: _not(_has(keys.reader.flag().decode("ascii"))),
}


def result(found: list[int], options: list[bytes] | None, byUid: bool, tag: bytes, modseq: int | None) -> bytes:
    """The untagged answer: SEARCH, or for options (RFC 4731), ESEARCH. modseq: of what was found (RFC 7162)."""
    if options is None:
        words = b"".join(b" %d" % number for number in found)
        return b"SEARCH" + words + (b" (MODSEQ %d)" % modseq if modseq is not None and found else b"")
    said: dict[bytes, Any] = {b"COUNT": b"%d" % len(found)}
    if found:
        said |= {b"MIN": b"%d" % found[0], b"MAX": b"%d" % found[-1], b"ALL": str(set_of(found)).encode("ascii")}
    words = b"".join(b" " + name + b" " + said[name] for name in options if name in said)
    words += b" MODSEQ %d" % modseq if modseq is not None and found else b""
    return b'ESEARCH (TAG "' + tag + b'")' + (b" UID" if byUid else b"") + words
