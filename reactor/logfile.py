"""Log files that rotate, by size or by day, so that no log grows for ever.

    log.startLogging(logfile.LogFile.fromFullPath("/var/log/server.log", maxRotatedFiles=5))
    log.startLogging(logfile.DailyLogFile("server.log", "/var/log"))

Each write is one write to the kernel: what was logged is there, however the program ends. A full disk, or a file that
can't be rotated, doesn't stop the program: up to a megabyte waits until there is room; a file that can't be rotated
grows on. When another program has rotated the file (logrotate), `reopen()` opens the new one.
"""

from __future__ import annotations

import os
import re
import time
from _thread import RLock
from collections.abc import Iterable
from typing import Any

__all__ = ["BaseLogFile", "DailyLogFile", "LogFile", "LogReader"]

WAIT_AT_MOST = 1 << 20  # bytes


class BaseLogFile:
    """A file that is appended to. Subclasses decide when it rotates, and how old files are named.

    name, directory: where it is. defaultMode: the permissions of a new file; None leaves them to the umask.
    openFlags: how the file is opened. A subclass that must not follow links adds os.O_NOFOLLOW.
    Raises OSError, naming the path, when it can't be opened.
    """

    openFlags: int = os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0)

    def __init__(self, name: str, directory: str, defaultMode: int | None = None) -> None:
        self.name = name
        self.directory = directory
        self.path = os.path.join(directory, name)
        self.defaultMode = defaultMode
        self.closed = False
        self._waiting = bytearray()
        self._lost_bytes = 0
        self._one_at_a_time = RLock()
        self._openFile()

    @classmethod
    def fromFullPath(cls, filename: str | os.PathLike[str], *args: Any, **kwargs: Any) -> Any:
        """A log file for a whole path; the other arguments are those of the class."""
        path = os.path.abspath(filename)
        return cls(os.path.basename(path), os.path.dirname(path), *args, **kwargs)

    def shouldRotate(self) -> bool:
        """Whether the file is to be rotated before the next write."""
        return False

    def rotate(self) -> None:
        """Rotate the file now: rename it, and begin a new one. If that isn't possible, go on with the old one."""

    def _openFile(self) -> None:
        """Open it. Whether it is new, O_EXCL knows for sure; the mode is set by descriptor, if the system can do that:
        by name it might be set on another file, which has taken the place of ours since."""
        mode = 0o666 if self.defaultMode is None else self.defaultMode
        try:
            self._fd = os.open(self.path, self.openFlags | os.O_CREAT | os.O_EXCL, mode)
        except FileExistsError:
            self._fd = os.open(self.path, self.openFlags | os.O_CREAT, mode)
        else:
            if self.defaultMode is not None:  # whatever the umask
                os.chmod(self._fd if os.chmod in os.supports_fd else self.path, mode)
        self.size = os.fstat(self._fd).st_size

    def fileno(self) -> int:
        """The descriptor of the file."""
        return self._fd

    def write(self, data: str | bytes) -> None:
        """Append, and rotate the file first when it is time. Raises ValueError when it was closed, never OSError."""
        with self._one_at_a_time:
            if self.closed:
                raise ValueError(f"{self.path} was closed; reopen() it before you write")
            if self.shouldRotate():
                self.rotate()
            self._take(data.encode("utf-8", "backslashreplace") if isinstance(data, str) else data)
            self.flush()

    def _take(self, data: bytes) -> None:
        if len(self._waiting) + len(data) <= WAIT_AT_MOST:
            self._waiting += data
        else:
            self._lost_bytes += len(data)

    def flush(self) -> None:
        """Write what waits; what the disk doesn't take waits on."""
        with self._one_at_a_time:
            while self._waiting:
                try:
                    written = os.write(self._fd, self._waiting)
                except OSError:
                    return
                self.size += written
                del self._waiting[:written]
                if self._lost_bytes and not self._waiting:
                    self._waiting += f"({self._lost_bytes} bytes were lost here: the disk was full)\n".encode()
                    self._lost_bytes = 0

    def close(self) -> None:
        """Write what waits, and close the file. Closing it twice is no error."""
        with self._one_at_a_time:
            if not self.closed:
                self.flush()
                os.close(self._fd)
                self.closed = True

    def reopen(self) -> None:
        """Open the file of this name again, after another program renamed the old one.

        Raises OSError when that isn't possible, and keeps the old one.
        """
        with self._one_at_a_time:
            old, was_open = self._fd, not self.closed
            self._openFile()
            if was_open:
                os.close(old)
            self.closed = False
            self.flush()

    def getCurrentLog(self) -> LogReader:
        """A reader of the file as it is now."""
        return LogReader(self.path)

    def _move_to(self, path: str) -> None:
        """Rename the file, and begin a new one. Raises OSError when that isn't possible, and keeps the old one."""
        self.flush()
        os.rename(self.path, path)
        try:
            self.reopen()
        except OSError:
            os.rename(path, self.path)
            raise


class LogFile(BaseLogFile):
    """Rotates when it has grown to `rotateLength` bytes: `name` becomes `name.1`, `name.1` becomes `name.2`, and so on.

    rotateLength: None for never. maxRotatedFiles: how many old files are kept; None for all.
    """

    def __init__(
        self,
        name: str,
        directory: str,
        rotateLength: int | None = 1_000_000,
        defaultMode: int | None = None,
        maxRotatedFiles: int | None = None,
    ) -> None:
        self.rotateLength = rotateLength
        self.maxRotatedFiles = maxRotatedFiles
        self._not_before = 0  # bytes: after a rotation that failed, the size at which the next one is tried
        super().__init__(name, directory, defaultMode)

    def shouldRotate(self) -> bool:
        """Whether the file has reached its size."""
        return bool(self.rotateLength) and self.size >= max(self.rotateLength or 0, self._not_before)

    def rotate(self) -> None:
        """Rename the old files, the oldest first, and then this one to `name.1`."""
        try:
            for number in reversed(self.listLogs()):
                if self.maxRotatedFiles is not None and number >= self.maxRotatedFiles:
                    os.remove(self._old(number))
                else:
                    os.rename(self._old(number), self._old(number + 1))
            self._move_to(self._old(1))
            self._not_before = 0
        except OSError:
            self._not_before = self.size + (self.rotateLength or 0)

    def listLogs(self) -> list[int]:
        """The numbers of the old files that exist, the youngest first."""
        pattern = re.compile(re.escape(self.name) + r"\.([1-9][0-9]*)")
        found = (pattern.fullmatch(name) for name in os.listdir(self.directory))
        return sorted(int(match[1]) for match in found if match)

    def getLog(self, identifier: int) -> LogReader:
        """A reader of the old file of that number. Raises ValueError if there is none."""
        return _reader(self._old(identifier))

    def _old(self, number: int) -> str:
        return f"{self.path}.{number}"


class DailyLogFile(BaseLogFile):
    """Rotates at the first write of a day: `name` becomes `name.2026_11_23`, after the day that it covers."""

    def _openFile(self) -> None:
        super()._openFile()
        self.lastDate = self.toDate(os.fstat(self._fd).st_mtime) if self.size else self.toDate()

    def toDate(self, *args: float) -> tuple[int, int, int]:
        """Year, month and day of a time in seconds since 1970; of now, when none is given."""
        return time.localtime(*args)[:3]

    def suffix(self, tupledate: float | Iterable[int]) -> str:
        """The suffix of a day's file. The day is given as `toDate` returns it, or as seconds since 1970."""
        day = self.toDate(tupledate) if isinstance(tupledate, int | float) else tupledate
        return "_".join(map(str, day))

    def shouldRotate(self) -> bool:
        """Whether another day has begun."""
        return self.toDate() > self.lastDate

    def rotate(self) -> None:
        """Rename this file to that of the day that is over; if that one exists already, go on with this one."""
        old = f"{self.path}.{self.suffix(self.lastDate)}"
        self.lastDate = self.toDate()
        if not os.path.exists(old):
            try:
                self._move_to(old)
            except OSError:
                pass  # a log file can't log this; it is tried again tomorrow

    def getLog(self, identifier: float | Iterable[int]) -> LogReader:
        """A reader of a day's file. The day is given as for `suffix`. Raises ValueError if there is no such file."""
        if self.suffix(identifier) == self.suffix(self.lastDate):
            return self.getCurrentLog()
        return _reader(f"{self.path}.{self.suffix(identifier)}")


class LogReader:
    """Reads a log file, some lines at a time."""

    def __init__(self, name: str) -> None:
        self._file = open(name, encoding="utf-8", errors="replace")  # noqa: SIM115  # closed by close()

    def readLines(self, lines: int = 10) -> list[str]:
        """The next lines, at most this many; [] at the end."""
        found = (self._file.readline() for _ in range(lines))
        return [line for line in found if line]

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _reader(path: str) -> LogReader:
    if not os.path.exists(path):
        raise ValueError(f"{path} is no log file: it isn't there")
    return LogReader(path)
