"""Headers: names and values, in which neither case nor line ends do harm.

A name is kept in lower case and sent as people write it, `Content-Length`. It must be a token, and a line end in a
value becomes a space: whatever text a program puts in, no response gets a header, or a second response, that the
program didn't mean (response splitting).

    token = 1*( "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." /
                "^" / "_" / "`" / "|" / "~" / DIGIT / ALPHA )                       (RFC 9110, section 5.6.2)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import AnyStr, Self, overload

__all__ = ["Headers", "InvalidHeaderName"]

_TOKEN = re.compile(rb"[-!#$%&'*+.^_`|~0-9A-Za-z]+")
_SPELLED = {
    spelling.lower(): spelling
    for spelling in (b"Content-MD5", b"DNT", b"ETag", b"P3P", b"TE", b"WWW-Authenticate", b"X-XSS-Protection")
}


class InvalidHeaderName(ValueError):
    """A header's name has a character that no name may have. Letters, digits and hyphens are always fine."""


@lru_cache(maxsize=1024)  # a bound, since clients choose names too
def _lower(name: bytes | str) -> bytes:
    encoded = name.encode("latin-1", "backslashreplace") if isinstance(name, str) else bytes(name)
    if not _TOKEN.fullmatch(encoded):
        raise InvalidHeaderName(f"{name!r} can't be the name of a header: it holds more than letters, digits and -")
    return encoded.lower()


@lru_cache(maxsize=1024)
def _spelled(lower: bytes) -> bytes:
    return _SPELLED.get(lower) or b"-".join(word.capitalize() for word in lower.split(b"-"))


def _one_line(value: bytes | str) -> bytes:
    encoded = value.encode("utf-8") if isinstance(value, str) else value
    if b"\n" in encoded or b"\r" in encoded:
        encoded = b" ".join(encoded.splitlines())
    if b"\0" in encoded:
        raise ValueError(f"the header value {value!r} has a zero byte in it")
    return encoded


class Headers:
    """The headers of one message. Each name has a list of values, since some headers may come more than once.

    rawHeaders: the names to begin with, and their lists. Names and values are bytes or text; text is sent as UTF-8.
    Ask with a name as text, and you get text. Raises InvalidHeaderName, and ValueError for a zero byte in a value.
    """

    __slots__ = ("_values",)

    def __init__(self, rawHeaders: Mapping[AnyStr, Sequence[AnyStr]] | None = None) -> None:
        self._values: dict[bytes, list[bytes]] = {}
        for name, values in (rawHeaders or {}).items():
            self.setRawHeaders(name, values)

    @classmethod
    def of_checked(cls, values: dict[bytes, list[bytes]]) -> Self:
        """Headers of names and values that are right already: lower case, no line ends. The dictionary isn't copied."""
        headers = cls.__new__(cls)
        headers._values = values
        return headers

    def hasHeader(self, name: bytes | str) -> bool:
        """Whether there is a header of this name."""
        return _lower(name) in self._values

    def removeHeader(self, name: bytes | str) -> None:
        """Remove all values for a name; there may be none."""
        self._values.pop(_lower(name), None)

    def setRawHeaders(self, name: AnyStr, values: Sequence[AnyStr]) -> None:
        """Let these be the values for a name, in place of the ones that it had."""
        self._values[_lower(name)] = [_one_line(value) for value in values]

    def addRawHeader(self, name: bytes | str, value: bytes | str) -> None:
        """Add a value for a name."""
        self._values.setdefault(_lower(name), []).append(_one_line(value))

    @overload
    def getRawHeaders(self, name: AnyStr) -> list[AnyStr] | None: ...
    @overload
    def getRawHeaders(self, name: AnyStr, default: list[AnyStr]) -> list[AnyStr]: ...
    def getRawHeaders(self, name: AnyStr, default: list[AnyStr] | None = None) -> list[AnyStr] | None:
        """All values for a name, in order; `default` when there are none."""
        values = self._values.get(_lower(name))
        if values is None:
            return default
        if isinstance(name, str):
            return [value.decode("utf-8", "replace") for value in values]
        return list(values)

    def getAllRawHeaders(self) -> Iterator[tuple[bytes, list[bytes]]]:
        """Each name, spelled as it is sent, and its values."""
        for name, values in self._values.items():
            yield _spelled(name), values

    def last(self, lower_name: bytes) -> bytes | None:
        """The last value for a name, None when there is none. Quick, because the name is in lower case already."""
        values = self._values.get(lower_name)
        return values[-1] if values else None

    def put(self, lower_name: bytes, value: bytes) -> None:
        """Let this be the value for a name. Quick, because it checks neither: the caller knows that both are right."""
        self._values[lower_name] = [value]

    def on_the_wire(self) -> list[bytes]:
        """A line for each value, as it is sent, with its end."""
        return [b"%b: %b\r\n" % (_spelled(name), value) for name, values in self._values.items() for value in values]

    def copy(self) -> Headers:
        """New headers with the same names and values."""
        return Headers.of_checked({name: list(values) for name, values in self._values.items()})

    def __eq__(self, other: object) -> bool:
        return self._values == other._values if isinstance(other, Headers) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # headers change, so nothing may keep them by their hash

    def __repr__(self) -> str:
        return f"Headers({self._values!r})"
