"""A Maildir: a folder with a file for each letter, without locks, however many programs deliver and read.

    tmp/   letters that somebody is writing; nobody reads them
    new/   letters that have come
    cur/   letters that a reader has seen; its flags stand behind ":2," at the end of the name

    1764500000.M000123P77Q5.host,S=4096,W=4180        time, process, number, host; size, and size with CRLF

A letter is written into tmp, synced, and renamed into new; then new is synced. Whatever kills us in between, there is
the whole letter or none, and who delivers is told that it is safe when it is. Any program may do the same beside us,
and rename what is in new or cur: so a letter is known by its unique name, the part before the colon, and looked for
again when it isn't where it was. Lines end with LF here, as other readers of Maildirs expect; on the wire they end with
CRLF, so a letter's size there is counted once, and kept in its name (S and W are Dovecot's and Maildir++'s).

Names are those of `twisted.mail.maildir`. Only systems with POSIX's file names have Maildirs.
"""

from __future__ import annotations

import errno
import io
import itertools
import os
import re
import socket
import time
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import IO, Any

from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.mail.maildrop import InUse, Letter, Maildrop, wire_size
from reactor.threadpool import ThreadPoolFull
from reactor.threads import deferToThreadPool

__all__ = ["Maildir", "MaildirMailbox", "Maildirs", "initializeMaildir"]

ABANDONED_S = 36 * 3600  # a file this old in tmp is nobody's any more; the number is of the Maildir specification
_PLACE = re.compile(r"(\d+)\.(?:M(\d+))?")
_WIRE_SIZE = re.compile(r",W=(\d+)")
_SCANS = 10  # how often a folder is read again that changes meanwhile
_numbers = itertools.count(1)


def initializeMaildir(dir: str | os.PathLike[str]) -> None:
    """Make the folders of a Maildir, for this user's eyes alone, as far as they aren't there."""
    os.makedirs(dir, 0o700, exist_ok=True)
    for part in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(dir, part), 0o700, exist_ok=True)


def _unique_name(now: float) -> str:
    host = socket.gethostname().replace("/", "\\057").replace(":", "\\072")
    seconds, micros = divmod(int(now * 1e6), 1_000_000)
    return f"{seconds}.M{micros:06}P{os.getpid()}Q{next(_numbers)}.{host}"


def _too_much_waits(failure: Failure) -> None:
    failure.trap(ThreadPoolFull)
    raise OSError(errno.EAGAIN, "too many letters wait for the disk")


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def maildir_order(unique: str) -> tuple[int, int, str]:
    """Names of all programs begin with the second of delivery, and many go on with its fraction."""
    found = _PLACE.match(unique)
    return (int(found[1]), int(found[2] or 0), unique) if found else (0, 0, unique)


@lru_cache(65_536)
def _counted(path: str, size: int, modified_ns: int) -> int:
    """The wire size of a letter that another program has delivered, without it in the name."""
    return wire_size(Path(path).read_bytes())


class Maildir:
    """Letters in a Maildir; a store, as in `maildrop`. Its folders are made if they aren't there.

    path: the folder. reactor: in whose threads `deliver` waits for the disk; without one it waits where it is called,
    and the loop with it. now: seconds since 1970.
    """

    def __init__(self, path: str | os.PathLike[str], reactor: Any = None, now: Callable[[], float] = time.time) -> None:
        self.path = Path(path)
        self._reactor, self._now = reactor, now
        initializeMaildir(path)

    def deliver(self, message: bytes) -> Deferred[None] | None:
        """As IMailbox."""
        if self._reactor is None:
            self._write(message)
            return None
        writing = deferToThreadPool(self._reactor, self._reactor.getThreadPool(), self._write, message)
        return writing.addErrback(_too_much_waits)

    def _write(self, message: bytes) -> None:
        self.write(message)

    def write(self, message: bytes, info: str | None = None, modified_s: float | None = None) -> str:
        """Deliver, and wait for the disk. info: what stands behind the colon, for a letter that goes into cur at once.

        modified_s: when it came, for a reader of Maildirs; None: now. Returns the unique name.
        """
        text = message.replace(b"\r\n", b"\n")
        name = self.unique_name(len(text), wire_size(text))
        path = self.path / "tmp" / name
        new = self.path / "new" / name if info is None else self.path / "cur" / f"{name}:{info}"
        try:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0) as file:
                rest = memoryview(text)
                while rest:
                    rest = rest[file.write(rest) :]
                if modified_s is not None:
                    os.utime(file.fileno(), (modified_s, modified_s))
                os.fsync(file.fileno())
            os.rename(path, new)
            path = new
            _sync_folder(new.parent)
        except OSError:
            path.unlink(missing_ok=True)  # whoever brought the letter still has it
            raise
        return name

    def unique_name(self, size: int, size_on_wire: int) -> str:
        """A name for a letter that no other has. size: in the file; size_on_wire: with CRLF."""
        return f"{_unique_name(self._now())},S={size},W={size_on_wire}"

    def letters(self) -> list[Letter]:
        """As in IStore. new is read before cur: a letter that is moved meanwhile is met twice, and not missed."""
        found = {unique: path for folder in ("new", "cur") for unique, path in self.scan(folder).items()}
        letters = []
        for unique in sorted(found, key=maildir_order):
            try:
                letters.append(Letter(unique, self.size(found[unique]), found[unique]))
            except FileNotFoundError:
                continue  # it is somewhere else by now; the next session will find it
        return letters

    def scan(self, folder: str) -> dict[str, str]:
        """Unique name → path. While somebody renames, a folder may be read without one of its files."""
        path = self.path / folder
        for _ in range(_SCANS):
            before = os.stat(path).st_mtime_ns
            names = [name for name in os.listdir(path) if not name.startswith(".")]
            if os.stat(path).st_mtime_ns == before:
                break
        return {name.partition(":")[0]: f"{path}/{name}" for name in names}

    def size(self, path: str) -> int:
        """Of a letter, as it is sent."""
        if known := _WIRE_SIZE.search(path):
            return int(known[1])
        status = os.stat(path)
        return _counted(path, status.st_size, status.st_mtime_ns)

    def open(self, letter: Letter) -> IO[bytes]:
        """As in IStore."""
        file = self.where_it_is(letter, partial(open, mode="rb"))
        if os.fstat(file.fileno()).st_size:
            return file  # type: ignore[no-any-return]  # of `open`, in mode rb
        file.close()
        return io.BytesIO(b"\n")  # a letter of nothing is one empty line on the wire

    def remove(self, letter: Letter) -> None:
        """As in IStore."""
        try:
            self.where_it_is(letter, os.unlink)
        except FileNotFoundError:
            pass  # another program was faster

    def where_it_is(self, letter: Letter, use: Callable[[str], Any]) -> Any:
        """Use its path; if it isn't there any more, the one that it was renamed to."""
        try:
            return use(letter.place)
        except FileNotFoundError:
            found = self.scan("new") | self.scan("cur")
            if letter.unique not in found:
                raise
            return use(found[letter.unique])

    def lock(self) -> Callable[[], None]:
        """As in IStore; other processes are kept out too, and the kernel unlocks when this one dies."""
        import fcntl  # here: on other systems the module can at least be imported

        descriptor = os.open(self.path / "pop3.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._clear_away()
        except BlockingIOError:
            os.close(descriptor)
            raise InUse(f"{self.path} is open in another session") from None
        except BaseException:
            os.close(descriptor)
            raise
        return partial(os.close, descriptor)

    def _clear_away(self) -> None:
        """Remove what crashes have left in tmp."""
        for entry in os.scandir(self.path / "tmp"):
            if entry.is_file(follow_symlinks=False) and self._now() - entry.stat().st_mtime > ABANDONED_S:
                os.unlink(entry.path)


class MaildirMailbox(Maildrop):
    """An IMailboxPOP3 of what is in a Maildir now. path: the Maildir. It isn't locked: see `lock` of Maildir."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        super().__init__(Maildir(path))


class Maildirs:
    """A Maildir for everybody, in one folder, by their names. They are made when they are first asked for.

    path, reactor: as for Maildir. A name with a slash, a NUL or a dot in front has none, nor has one that isn't UTF-8.
    """

    def __init__(self, path: str | os.PathLike[str], reactor: Any = None) -> None:
        self.path, self._reactor = Path(path), reactor

    def __getitem__(self, name: bytes) -> Maildir:
        """Somebody's. Raises KeyError for a name that can't be a file's."""
        try:
            text = name.decode("utf-8")
        except (UnicodeDecodeError, AttributeError):  # it isn't text, or nobody's name at all
            raise KeyError(name) from None
        if not 0 < len(name) <= 255 or text[0] == "." or "/" in text or "\0" in text:
            raise KeyError(name)
        return Maildir(self.path / text, self._reactor)
