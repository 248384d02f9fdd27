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

from reactor import log
from reactor.protocols.basic import LineReceiver
from reactor.protocols.ftp.wire import decoded

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # in no locale's words
_HALF_A_YEAR_S = 182 * 86400
_CONTROL = re.compile("[\0-\x1f\x7f-\x9f]")
_MOST_FACTS = 32  # of one file; RFC 3659 has 9


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
    if not space or not name or len(pairs) > _MOST_FACTS or not all(equals for _, equals, _ in pairs):
        raise ValueError(f"a line of MLSD is FACT=VALUE; … NAME, and not {line[:80]!r}")
    return name, {fact.lower(): value for fact, _, value in pairs}


def is_name(text: str) -> bool:
    """Whether it names a file in a folder, and nothing else: neither a path, nor what a terminal would obey."""
    return text not in ("", ".", "..") and "/" not in text and _CONTROL.search(text) is None


class _Lines(LineReceiver):
    """Lines of a data connection: files, as far as they can be read.

    rawNames: whether to take names as the server spells them, which may be `../../.profile`; else a line with a name
    that isn't one of a file in that folder goes to `unknownLine`. MOST_FILES, MOST_BYTES: of one list; others are
    dropped.
    """

    MOST_FILES = 1_000_000
    MOST_BYTES = 2**26
    delimiter = b"\n"
    rawNames = False
    files: list[Any]
    _bytes = 0

    def __init__(self) -> None:
        self.files = []

    def lineReceived(self, line: bytes) -> None:
        """One file, unless it is none."""
        self._bytes += len(line)
        if len(self.files) < self.MOST_FILES and self._bytes <= self.MOST_BYTES:
            self.read(decoded(line.removesuffix(b"\r")))

    def read(self, line: str) -> None:
        """Take a line."""
        raise NotImplementedError

    def unknownLine(self, line: str) -> None:
        """Does nothing with a line that wasn't understood, or isn't safe; may be overridden."""


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
        if found is None or not (self.rawNames or is_name(found["filename"])):
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


class FactsProtocol(_Lines):
    """Reads what MLSD sends. files: pairs of name and facts."""

    _is_told = False

    def __init__(self, rawNames: bool) -> None:
        super().__init__()
        self.rawNames = rawNames

    def read(self, line: str) -> None:
        try:
            name, facts = read_facts(line)
        except ValueError:
            return  # one line of nonsense shouldn't hide all the others
        if self.rawNames or is_name(name):
            self.files.append((name, facts))
        elif not self._is_told and facts.get("type", "").lower() not in ("cdir", "pdir"):  # this folder, and that above
            self._is_told = True
            log.msg(f"FTP: a list has {name[:80]!r} as a name of a file in a folder: mlsd leaves out what is none")
