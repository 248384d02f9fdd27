"""Where a connection starts and ends.

Small values: they compare by content, can be keys of a dictionary, and print as the call that makes them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal

__all__ = ["HostnameAddress", "IPv4Address", "IPv6Address", "UNIXAddress"]


@dataclass(frozen=True)
class IPv4Address:
    """One end of a connection over IPv4.

    type: which transport. host: dotted quad. port: 0–65535.
    """

    type: Literal["TCP", "UDP"]
    host: str
    port: int

    def __post_init__(self) -> None:
        _check_type(self.type)


@dataclass(frozen=True)
class IPv6Address:
    """One end of a connection over IPv6.

    type, host, port: as for IPv4Address; the host is written with colons, after `%` the scope if there is one.
    flowInfo, scopeID: the other two fields of the socket address (RFC 3493, section 3.3).
    """

    type: Literal["TCP", "UDP"]
    host: str
    port: int
    flowInfo: int = 0
    scopeID: str | int = 0

    def __post_init__(self) -> None:
        _check_type(self.type)


@dataclass(frozen=True)
class HostnameAddress:
    """One end of a connection, by name: not looked up yet.

    hostname: ASCII bytes. port: 0–65535.
    """

    hostname: bytes
    port: int


@dataclass(frozen=True, eq=False)
class UNIXAddress:
    """One end of a connection over a UNIX socket.

    name: the path; bytes that start with a zero byte for an abstract name; None for a socket without a name.
    Two paths to the same file are one address, as long as the file is there.
    """

    name: bytes | None

    def __post_init__(self) -> None:
        if isinstance(self.name, str):
            object.__setattr__(self, "name", os.fsencode(self.name))

    def _file(self) -> tuple[int, int] | None:
        """The file at this path, as its device and inode numbers; None if there is none."""
        try:
            status = os.stat(self.name or "")
        except (OSError, ValueError):  # ValueError for an abstract name
            return None
        return status.st_dev, status.st_ino

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, UNIXAddress):
            return NotImplemented
        if self.name == other.name:
            return True
        file = self._file()
        return file is not None and file == other._file()

    def __hash__(self) -> int:
        return hash(self._file() or self.name)

    def __repr__(self) -> str:
        return f"UNIXAddress({None if self.name is None else os.fsdecode(self.name)!r})"


def _check_type(type: str) -> None:
    if type not in ("TCP", "UDP"):
        raise ValueError(f"an address is of type 'TCP' or 'UDP', not {type!r}")
