"""Requests that depend on the version that the client has already (RFC 9110, section 13).

    If-Match, If-Unmodified-Since       do this only if the version is still mine; else 412
    If-None-Match, If-Modified-Since    send it only if the version is no longer mine; else 304
    If-Range                            send the part that I lack if the version is still mine; else the whole

Tags say more than dates, which have no fractions of a second: where there is a tag, the date doesn't count.
"""

from __future__ import annotations

import re
import time
from math import ceil

from reactor.web import status
from reactor.web.dates import stringToDatetime
from reactor.web.http_headers import Headers

_TAG = re.compile(rb'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')  # entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE


def precondition(method: bytes, headers: Headers, tag: bytes | None, modified: int | None) -> int | None:
    """The status to send instead of an answer, 304 or 412; None when the request is to be answered.

    tag, modified: the current version: its tag, and its time in whole seconds since 1970; None if not known.
    """
    if_match, if_none_match = headers.last(b"if-match"), headers.last(b"if-none-match")
    if if_match is not None:
        if tag is not None and not _has(headers, b"if-match", tag, weak=False):
            return status.PRECONDITION_FAILED
    elif _is_newer(modified, headers.last(b"if-unmodified-since")):
        return status.PRECONDITION_FAILED
    is_reading = method in (b"GET", b"HEAD")
    if if_none_match is not None:
        if tag is not None and _has(headers, b"if-none-match", tag, weak=True):
            return status.NOT_MODIFIED if is_reading else status.PRECONDITION_FAILED
    elif is_reading and _is_newer(modified, headers.last(b"if-modified-since")) is False:
        return status.NOT_MODIFIED
    return None


def last_modified(when: float, date: bytes | None) -> int:
    """When a version was modified, in whole seconds since 1970: rounded up, but never later than the answer itself.

    when: in seconds since 1970. date: the answer's `Date`; without one, the answer is from now. A file may be of this
    very second, or from where a clock is wrong; a client can make nothing of a time to come (section 8.8.2.1).
    """
    answered = None if date is None else _seconds(date)
    return min(ceil(when), int(time.time()) if answered is None else answered)


def range_is_wanted(headers: Headers, tag: bytes, modified: int) -> bool:
    """Whether the client has a part of the current version, and wants another; if not, send it the whole."""
    condition = headers.last(b"if-range")
    if condition is None:
        return True
    if b'"' in condition:
        return condition == tag and not tag.startswith(b"W/")
    seconds = _seconds(condition)
    return seconds is not None and seconds == modified


def _has(headers: Headers, name: bytes, tag: bytes, weak: bool) -> bool:
    value = b",".join(headers.getRawHeaders(name, []))
    if value == b"*":
        return True
    tags = _TAG.findall(value)
    if weak:
        return tag.removeprefix(b"W/") in [other.removeprefix(b"W/") for other in tags]
    return tag in tags and not tag.startswith(b"W/")


def _is_newer(modified: int | None, date: bytes | None) -> bool | None:
    """Whether `modified` is later than this date. None when one of the two isn't known."""
    seconds = None if date is None else _seconds(date)
    return None if modified is None or seconds is None else modified > seconds


def _seconds(date: bytes) -> int | None:
    """A date as seconds since 1970; None for a broken one, which RFC 9110 says to ignore."""
    try:
        return stringToDatetime(date)
    except ValueError:
        return None
