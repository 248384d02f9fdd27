"""The server's side of FTP: commands on files, of RFC 959, 2428 and 3659.

COMMANDS says of each command whether it needs a login, and an argument; its method is `ftp_…`, if no table has its
answer. The shell, which the portal gave, decides about files. An upload appears whole or not at all, if the shell does
it so, as those of `reactor.vfs` do: what is cut stays as a part, whose size SIZE tells; REST and APPE go on after it.
"""

from __future__ import annotations

import errno
import fnmatch
import io
import os
import time
from collections.abc import Awaitable, Sequence
from typing import Any, ClassVar

from reactor.defer import maybeDeferred
from reactor.protocols.ftp import listings
from reactor.protocols.ftp.addresses import FTPWithData
from reactor.protocols.ftp.data import DTP, FromText, ToText
from reactor.protocols.ftp.wire import Refused, is_listable, quoted, read_size, toSegments
from reactor.task import deferLater
from reactor.vfs import part_of
from reactor.vfs.transfers import FileReader

_ANSWERS = {  # word → what it may be followed by → the answer
    "ACCT": {"": (202, "not needed")},
    "MODE": {"S": (200, "a stream")},
    "NOOP": {"": (200, "done")},
    "STRU": {"F": (200, "a file")},
    "SYST": {"": (215, "UNIX Type: L8")},
}
_CHANGES = {  # word → the shell's method, and the answer
    "DELE": ("removeFile", 250, "removed"),
    "MKD": ("makeDirectory", 257, "made"),
    "RMD": ("removeDirectory", 250, "removed"),
}
_SAME_AS = {"XCWD": "CWD", "XCUP": "CDUP", "XMKD": "MKD", "XRMD": "RMD", "XPWD": "PWD"}  # names of 1980
_TYPES = {"I": True, "L8": True, "A": False, "AN": False}
_MOST_STARS = 4  # in a pattern


class FTP(FTPWithData):
    """One session. FTPFactory sets it up; a subclass may add rows to COMMANDS, and `ftp_…`.

    binary: whether the type is I, and not A. workingDirectory: where the client is, as names.
    """

    COMMANDS: ClassVar[dict[str, tuple[bool, bool]]] = {
        word: (needs_login, needs_argument)
        for needs_login, needs_argument, words in (
            (False, False, "ABOR ACCT FEAT HELP NOOP PASS QUIT SYST"),
            (False, True, "AUTH OPTS PBSZ PROT USER"),
            (True, False, "CDUP EPSV LIST MLSD MLST NLST PASV PWD STAT"),
            (True, True, "ALLO APPE CWD DELE EPRT MDTM MKD MODE PORT REST RETR RMD RNFR RNTO SITE SIZE STOR STRU TYPE"),
        )
        for word in words.split()
    }
    FEATURES: ClassVar = ("EPRT", "EPSV", "MDTM", "PASV", "REST STREAM", "SIZE", "TVFS", "UTF8")
    binary = True
    workingDirectory: Sequence[str] = ()
    _facts: Sequence[str] = tuple(listings.FACTS)
    _rename_from: list[str] | None = None
    _offset = 0  # of REST
    _announced: int | None = None  # by ALLO

    def processCommand(self, cmd: str, argument: str) -> Any:
        """As FTPSession's."""
        cmd = _SAME_AS.get(cmd, cmd)
        self.check(cmd, argument)
        if cmd != "RNTO":
            self._rename_from = None
        if cmd in _ANSWERS:
            found = _ANSWERS[cmd].get(argument.upper()) or _ANSWERS[cmd].get("")
            return found or (504, f"there is {cmd} {' '.join(_ANSWERS[cmd])} alone")
        return self._change(cmd, argument) if cmd in _CHANGES else getattr(self, f"ftp_{cmd}")(argument)

    async def _change(self, cmd: str, path: str) -> Any:
        method, code, done = _CHANGES[cmd]
        there = self._path(path)
        await maybeDeferred(getattr(self.shell, method), there)
        return code, f"{quoted(there)} is {done}"

    def _path(self, path: str) -> list[str]:
        return toSegments(self.workingDirectory, path)

    # --- about this server

    def ftp_FEAT(self, _: str) -> None:
        """What it can (RFC 2389)."""
        facts = "".join(f"{fact}{'*' if fact in self._facts else ''};" for fact in listings.FACTS)
        tls = ["AUTH TLS", "PBSZ", "PROT"] if self.contextFactory is not None else []
        self.reply(211, "Features", [*self.FEATURES, *tls, f"MLST {facts}"])

    def ftp_OPTS(self, option: str) -> Any:
        """UTF8 is always on; of MLST's facts a client may want only some."""
        name, _, value = option.upper().partition(" ")
        if name == "UTF8" and value != "OFF":
            return 200, "UTF8 it is"
        if name != "MLST":
            raise Refused(501, "there is OPTS UTF8 ON and OPTS MLST")
        self._facts = [fact for fact in listings.FACTS if fact.upper() in value.split(";")]
        return 200, "MLST OPTS " + "".join(f"{fact};" for fact in self._facts)

    def ftp_HELP(self, _: str) -> None:
        """The names of the commands."""
        self.reply(214, "these are here", [" ".join(self.COMMANDS)])

    def ftp_TYPE(self, kind: str) -> Any:
        """Bytes as they are, or text with ends of lines."""
        found = _TYPES.get(kind.upper().replace(" ", ""))
        if found is None:
            raise Refused(504, "there is TYPE I and TYPE A")
        self.binary = found
        return 200, f"TYPE {'I' if found else 'A'}"

    # --- folders and names

    def ftp_PWD(self, _: str) -> Any:
        """Where the client is."""
        return 257, f"{quoted(self.workingDirectory)} is here"

    async def ftp_CWD(self, path: str) -> Any:
        """Go there."""
        there = self._path(path)
        await maybeDeferred(self.shell.access, there)
        self.workingDirectory = there
        return 250, f"{quoted(there)} is here"

    def ftp_CDUP(self, _: str) -> Any:
        """Go up."""
        return self.ftp_CWD("..")

    async def ftp_RNFR(self, path: str) -> Any:
        """What RNTO, which must be next, is to rename."""
        there = self._path(path)
        await maybeDeferred(self.shell.stat, there, ())
        self._rename_from = there
        return 350, "and its new name?"

    async def ftp_RNTO(self, path: str) -> Any:
        """Rename it."""
        there, self._rename_from = self._rename_from, None
        if there is None:
            raise Refused(503, "RNFR comes first")
        await maybeDeferred(self.shell.rename, there, self._path(path))
        return 250, "renamed"

    async def ftp_SITE(self, text: str) -> Any:
        """SITE CHMOD, with the mode in octal."""
        word, mode, path = (*text.split(" ", 2), "", "")[:3]
        change = getattr(self.shell, "changePermissions", None)
        if word.upper() != "CHMOD" or change is None or not path or not set(mode) <= set("01234567") or len(mode) != 3:
            raise Refused(504, "there is SITE CHMOD 644 PATH" if change is not None else "SITE has nothing here")
        await maybeDeferred(change, self._path(path), int(mode, 8))
        return 200, "done"

    # --- what there is to know about files

    async def ftp_SIZE(self, path: str) -> Any:
        """How many bytes RETR would send; of a file that isn't there, how many of its upload have come."""
        if not self.binary:
            raise Refused(550, "nobody knows in TYPE A without reading it all")
        there, keys = self._path(path), ("size", "directory")
        try:
            size, is_folder = await maybeDeferred(self.shell.stat, there, keys)
        except FileNotFoundError:
            size, is_folder = await maybeDeferred(self.shell.stat, part_of(there), keys)
        if is_folder:
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        return 213, str(size)

    async def ftp_MDTM(self, path: str) -> Any:
        """When a file was written."""
        (modified,) = await maybeDeferred(self.shell.stat, self._path(path), ("modified",))
        return 213, listings.stamp(modified)

    async def ftp_MLST(self, path: str) -> None:
        """The facts about one file."""
        there = self._path(path)
        values = await maybeDeferred(self.shell.stat, there, listings.FACT_KEYS)
        self.reply(250, "this is it", [listings.facts_line("/" + "/".join(there), values, self._facts)])

    async def _rows(self, path: str, keys: Sequence[str]) -> list[Any]:
        """Names and values of a folder, of a file, or of what fits a pattern, which may be the last name only."""
        there = self._path(path)
        pattern = there.pop() if there and set("*?[") & set(there[-1]) else "*"
        if pattern.count("*") > _MOST_STARS:
            raise Refused(501, f"a pattern has at most {_MOST_STARS} stars")
        rows = await maybeDeferred(self.shell.list, there, keys)
        return [row for row in rows if is_listable(row[0]) and fnmatch.fnmatchcase(row[0], pattern)]

    async def _list(self, argument: str) -> list[str]:
        """The lines of LIST. Its argument may begin with options, as of `ls`; -a is the one that counts."""
        path, shows_all, now = argument, False, time.time()
        while path.startswith("-"):
            option, _, path = path.partition(" ")
            shows_all |= "a" in option
        rows = await self._rows(path, listings.LIST_KEYS)
        return [listings.list_line(name, values, now) for name, values in rows if shows_all or name[:1] != "."]

    async def _names(self, path: str) -> list[str]:
        return [name for name, _ in await self._rows(path, ()) if name[:1] != "."]

    async def _all_facts(self, path: str) -> list[str]:
        there = self._path(path)
        await maybeDeferred(self.shell.access, there)
        rows = await maybeDeferred(self.shell.list, there, listings.FACT_KEYS)
        return [listings.facts_line(name, values, self._facts) for name, values in rows if is_listable(name)]

    async def ftp_STAT(self, path: str) -> None:
        """How the session and its transfer are; or a list over this connection."""
        if path:
            self.reply(213, "this is there", await self._list(path))
            return
        transfer = "a transfer goes on" if self.transfer is not None else "no transfer"
        data = "encrypted" if self.isProtected else "in the clear"
        self.reply(211, "this is how it is", [f"TYPE {'I' if self.binary else 'A'}, data {data}", transfer])

    # --- transfers

    def ftp_REST(self, offset: str) -> Any:
        """Where the next transfer begins (RFC 3659)."""
        if not self.binary:
            raise Refused(504, "in TYPE A nobody knows where that is")
        self._offset = read_size(offset)
        return 350, f"the next transfer begins at {self._offset}"

    def ftp_ALLO(self, size: str) -> Any:
        """How large the next upload is: if fewer bytes come, it was cut."""
        self._announced = read_size(size.split(" ")[0])
        return 200, "noted"

    def ftp_LIST(self, path: str) -> Any:
        """Send a list for people."""
        return self._send_lines(self._list(path))

    def ftp_NLST(self, path: str) -> Any:
        """Send names alone."""
        return self._send_lines(self._names(path))

    def ftp_MLSD(self, path: str) -> Any:
        """Send the facts about all that is in a folder."""
        return self._send_lines(self._all_facts(path))

    async def _send_lines(self, lines: Awaitable[list[str]]) -> None:
        text = "".join(f"{line}\r\n" for line in await lines)
        self._take_settings()
        self.begin(self._send(FileReader(io.BytesIO(text.encode("utf-8", "surrogateescape"))), True))

    def _take_settings(self) -> tuple[int, int | None]:
        """What REST and ALLO have said for this transfer."""
        settings = self._offset, self._announced
        self._offset, self._announced = 0, None
        return settings

    async def ftp_RETR(self, path: str) -> None:
        """Send a file."""
        offset, _ = self._take_settings()
        file = await maybeDeferred(self.shell.openForReading, self._path(path))
        if offset:
            _begin_at(file, offset)
        self.begin(self._send(file, self.binary))

    async def _send(self, file: Any, is_binary: bool) -> tuple[int, str]:
        try:
            data: DTP = await self.connectData()
            text = None if is_binary else ToText(data)
            await file.send(text or data)
        except ConnectionError:
            raise Refused(426, "the data connection broke") from None
        finally:
            _close(file)
        if text is not None:
            text.finish()
        self.letEnd(data)
        return 226, "done"

    def ftp_STOR(self, path: str) -> Any:
        """Take a file."""
        return self._store(path, *self._take_settings())

    def ftp_APPE(self, path: str) -> Any:
        """Take what follows in a file."""
        self._take_settings()
        return self._store(path, None, None)

    async def _store(self, path: str, offset: int | None, announced: int | None) -> None:
        there = self._path(path)
        if offset == 0:
            file = await maybeDeferred(self.shell.openForWriting, there)
        elif (append := getattr(self.shell, "openForAppending", None)) is not None:
            file, announced = await maybeDeferred(append, there, offset), None
        else:
            raise Refused(504, "files are written from their beginning here")
        self.begin(self._receive(file, announced if self.binary else None))

    async def _receive(self, file: Any, announced: int | None) -> tuple[int, str]:
        try:
            data: DTP = await self.connectData()
            consumer = await maybeDeferred(file.receive)
            text = None if self.binary else FromText(consumer)
            if not await data.registerConsumer(text or consumer) or data.received < (announced or 0):
                raise Refused(426, "not all of it came, and the file is as it was")
            if text is not None:
                text.finish()
            await deferLater(self.reactor, 0)  # a client that was killed ends this session in the same instant
        except BaseException:
            _close(file, "abort")
            raise
        await maybeDeferred(file.close)
        return 226, "it is there"


def _begin_at(file: Any, offset: int) -> None:
    if not hasattr(file, "seek"):
        raise Refused(504, "files are read from their beginning here")
    try:
        file.seek(offset)
    except OSError:
        _close(file)
        raise


def _close(file: Any, how: str = "close") -> None:
    """Close a file before its end, if its shell can do that; Twisted's can't."""
    if (close := getattr(file, how, None)) is not None:
        close()
