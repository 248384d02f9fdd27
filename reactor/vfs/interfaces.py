"""What a protocol may ask of files, and the rules for names. The interfaces are those of `twisted.protocols.ftp`."""

from __future__ import annotations

import errno
import functools
import os
from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, Protocol, TypeVar

from reactor.defer import Deferred, maybeDeferred
from reactor.interfaces import IConsumer

P = ParamSpec("P")
T = TypeVar("T")
Path = Sequence[str]
LONGEST_NAME = 255  # bytes; what Linux, macOS and NTFS take
DEEPEST_PATH = 100  # names; a loop over more is somebody's joke
KEYS = ("size", "directory", "permissions", "hardlinks", "modified", "owner", "group")


class IReadFile(Protocol):
    """A file that is open for reading, once."""

    def send(self, consumer: IConsumer) -> Deferred[Any]:
        """Write the file to the consumer, no faster than it takes it. Fires at the end; the file is closed then."""


class IWriteFile(Protocol):
    """A file that is open for writing, once."""

    def receive(self) -> Deferred[Any]:
        """A consumer; what is written to it goes to the file."""

    def close(self) -> Deferred[Any]:
        """All is written: fires when it is where it belongs."""


class IFTPShell(Protocol):
    """Files, as one user may see them. A path is a list of names; the empty list is the folder itself."""

    def makeDirectory(self, path: Path) -> Deferred[Any]:
        """Make a folder."""

    def removeDirectory(self, path: Path) -> Deferred[Any]:
        """Remove a folder, which must be empty."""

    def removeFile(self, path: Path) -> Deferred[Any]:
        """Remove a file."""

    def rename(self, fromPath: Path, toPath: Path) -> Deferred[Any]:
        """Move a file or folder, in the place of a file that may be there."""

    def access(self, path: Path) -> Deferred[Any]:
        """Fires if a client may enter this folder."""

    def stat(self, path: Path, keys: Sequence[str] = ()) -> Deferred[Any]:
        """A list with the value of each key, for this file or folder.

        keys: of size (bytes), directory (whether it is one), permissions (st_mode), hardlinks, modified (seconds since
        1970), owner, group (text).
        """

    def list(self, path: Path, keys: Sequence[str] = ()) -> Deferred[Any]:
        """Pairs (name, values) of what is in a folder, sorted; of a file, its own."""

    def openForReading(self, path: Path) -> Deferred[Any]:
        """An IReadFile."""

    def openForWriting(self, path: Path) -> Deferred[Any]:
        """An IWriteFile: a new file, or the old one, emptied."""


def deferring(method: Callable[P, T]) -> Callable[P, Deferred[T]]:
    """For a shell whose work is done at once: what the method returns or raises becomes a Deferred's."""

    @functools.wraps(method)
    def deferred(*args: P.args, **kwargs: P.kwargs) -> Deferred[T]:
        return maybeDeferred(method, *args, **kwargs)

    return deferred


def check_path(path: Path) -> None:
    """Raises OSError for a path with a name that is none: empty, `.`, `..`, too long, or with a slash or NUL in it."""
    if len(path) > DEEPEST_PATH:
        raise OSError(errno.ENAMETOOLONG, f"a path has at most {DEEPEST_PATH} names, not {len(path)}")
    for name in path:
        if name in ("", ".", "..") or "/" in name or "\0" in name or (os.sep != "/" and os.sep in name):
            raise PermissionError(errno.EACCES, "this is no name of a file", name)
        if len(os.fsencode(name)) > LONGEST_NAME:
            raise OSError(errno.ENAMETOOLONG, f"a name has at most {LONGEST_NAME} bytes", name[:40])


def check_keys(keys: Sequence[str]) -> None:
    """Raises ValueError for a key that there isn't."""
    for key in keys:
        if key not in KEYS:
            raise ValueError(f"the keys are {', '.join(KEYS)}; there is no {key!r}")
