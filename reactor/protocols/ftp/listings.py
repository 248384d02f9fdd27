"""Lists of files: the lines that LIST shows, meant for people, and those of MLSD, for programs (RFC 3659). Both ways.

drwxr-xr-x   2 ann      staff        4096 Nov 30 21:30 a folder
type=dir;modify=20261130213000;UNIX.mode=0755; a folder
"""

from __future__ import annotations

import re
import stat
import time
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from reactor.protocols.basic import LineReceiver
from reactor.protocols.ftp.wire import decoded

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # in no locale's words
_HALF_A_YEAR_S = 182 * 86400


def stamp(seconds: float) -> str:
    """A time in UTC, as MDTM and MLSD write it."""
    return time.strftime("%Y%m%d%H%M%S", time.gmtime(seconds))


def read_stamp(text: str) -> float:
    """Seconds since 1970. Raises ValueError."""
    import calendar

    return calendar.timegm(time.strptime(text[:14], "%Y%m%d%H%M%S")) + float("0" + text[14:])


def _date(seconds: float, now: float) -> str:
    found = time.gmtime(seconds)
    day = f"{_MONTHS[found.tm_mon - 1]} {found.tm_mday:2}"
    is_near = now - _HALF_A_YEAR_S < seconds <= now + 86400
    return f"{day} {found.tm_hour:02}:{found.tm_min:02}" if is_near else f"{day}  {found.tm_year:04}"


LIST_KEYS = ("permissions", "hardlinks", "owner", "group", "size", "modified")


def list_line(name: str, values: Sequence[Any], now: float) -> str:
    """A line of LIST. values: of LIST_KEYS."""
    mode, links, owner, group, size, modified = values
    return f"{stat.filemode(mode)} {links:3} {owner:8} {group:8} {size:12} {_date(modified, now)} {name}"


FACT_KEYS = ("directory", "size", "modified", "permissions")
FACTS: dict[str, Callable[[Sequence[Any]], str]] = {
    "type": lambda values: "dir" if values[0] else "file",
    "size": lambda values: "" if values[0] else str(values[1]),
    "modify": lambda values: stamp(values[2]),
    "UNIX.mode": lambda values: f"{stat.S_IMODE(values[3]):04o}",
}


def facts_line(name: str, values: Sequence[Any], wanted: Sequence[str]) -> str:
    """A line of MLSD. values: of FACT_KEYS. wanted: names of FACTS."""
    pairs = ((fact, FACTS[fact](values)) for fact in wanted)
    return "".join(f"{fact}={value};" for fact, value in pairs if value) + f" {name}"


def read_facts(line: str) -> tuple[str, dict[str, str]]:
    """Name and facts of a line of MLSD; the names of facts in lower case. Raises ValueError."""
    facts, space, name = line.partition(" ")
    pairs = [fact.partition("=") for fact in facts.split(";") if fact]
    if not space or not name or not all(equals for _, equals, _ in pairs):
        raise ValueError(f"a line of MLSD is FACT=VALUE; … NAME, and not {line[:80]!r}")
    return name, {fact.lower(): value for fact, _, value in pairs}


class _Lines(LineReceiver):
    """Lines of a data connection: files, as far as they can be read. MOST_FILES: in one list; others are dropped."""

    MOST_FILES = 1_000_000
    delimiter = b"\n"
    files: list[Any]

    def __init__(self) -> None:
        self.files = []

    def lineReceived(self, line: bytes) -> None:
        """One file, unless it is none."""
        if len(self.files) < self.MOST_FILES:
            self.read(decoded(line.removesuffix(b"\r")))

    def read(self, line: str) -> None:
        """Take a line."""
        raise NotImplementedError


class FTPFileListProtocol(_Lines):
    """Reads the lists of most servers. files: for each line that is understood a dict with the names in the pattern.

    fileLinePattern: of a line; or override parseDirectoryLine.
    """

    fileLinePattern: ClassVar = re.compile(
        # No repetition is tried twice: with Twisted's pattern a line of 16 KB, all spaces, took hours.
        r"(?P<filetype>.)(?P<perms>.{9})\s++(?P<nlinks>\d{0,20})\s*+(?P<owner>\S++)\s++(?P<group>\S++)\s++"
        r"(?P<size>\d{1,20}+)\s++(?P<date>...\s++\d++\s++[\d:]++)\s(?P<filename>.+?)(?: -> (?P<linktarget>.*))?\Z"
    )

    def read(self, line: str) -> None:
        found = self.parseDirectoryLine(line)
        if found is None:
            self.unknownLine(line)
        else:
            self.addFile(found)

    def parseDirectoryLine(self, line: str) -> dict[str, Any] | None:
        """What a line says, or None."""
        match = self.fileLinePattern.match(line)
        if match is None:
            return None
        found: dict[str, Any] = match.groupdict()
        for key in ("filename", "linktarget"):
            found[key] = found[key] and found[key].replace(r"\ ", " ")
        return {**found, "nlinks": int(found["nlinks"] or 0), "size": int(found["size"])}

    def addFile(self, info: dict[str, Any]) -> None:
        """Keep a file; may be overridden."""
        self.files.append(info)

    def unknownLine(self, line: str) -> None:
        """Does nothing with a line that wasn't understood; may be overridden."""


class FactsProtocol(_Lines):
    """Reads what MLSD sends. files: pairs of name and facts."""

    def read(self, line: str) -> None:
        try:
            self.files.append(read_facts(line))
        except ValueError:
            pass  # one line of nonsense shouldn't hide all the others
