"""Dates as HTTP writes them (RFC 9110, section 5.6.7), and as access logs do.

    Sun, 06 Nov 1994 08:49:37 GMT        in headers, always in GMT
    06/Nov/1994:08:49:37 +0000           in logs

Both show whole seconds, and a busy server asks for them thousands of times a second: so each one is formatted once.
"""

from __future__ import annotations

import calendar
import time
from email.utils import parsedate
from functools import lru_cache

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def datetimeToString(msSinceEpoch: float | None = None) -> bytes:
    """A time for a header. msSinceEpoch: seconds since 1970, whatever its name says; left out, now."""
    return _for_header(int(time.time() if msSinceEpoch is None else msSinceEpoch))


def datetimeToLogString(msSinceEpoch: float | None = None) -> str:
    """A time for an access log, with its brackets. msSinceEpoch: seconds since 1970; left out, now."""
    return _for_log(int(time.time() if msSinceEpoch is None else msSinceEpoch))


def stringToDatetime(dateString: bytes) -> int:
    """The seconds since 1970 of a date in a header, in any of the three formats that RFC 9110 lists.

    Raises ValueError for text that is no date.
    """
    text = dateString.decode("latin-1").strip()
    parsed = parsedate(text) if "," in text else _in_the_format_of_asctime(text)
    if parsed is None:
        raise ValueError(f"{text!r} is no date as HTTP writes them")
    try:
        return calendar.timegm(parsed)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is a date that no calendar has") from None


def _in_the_format_of_asctime(text: str) -> time.struct_time | None:
    try:
        return time.strptime(text, "%a %b %d %H:%M:%S %Y")
    except ValueError:
        return None


# Not strftime: headers have English names of days and months in every locale, and strftime has the locale's.
@lru_cache(maxsize=64)
def _for_header(second: int) -> bytes:
    when = time.gmtime(second)
    day, month = _DAYS[when.tm_wday], _MONTHS[when.tm_mon - 1]
    clock = f"{when.tm_hour:02}:{when.tm_min:02}:{when.tm_sec:02}"
    return f"{day}, {when.tm_mday:02} {month} {when.tm_year:04} {clock} GMT".encode("ascii")


@lru_cache(maxsize=64)
def _for_log(second: int) -> str:
    when = time.gmtime(second)
    clock = f"{when.tm_hour:02}:{when.tm_min:02}:{when.tm_sec:02}"
    return f"[{when.tm_mday:02}/{_MONTHS[when.tm_mon - 1]}/{when.tm_year:04}:{clock} +0000]"
