"""What a session of SFTP may ask of a shell's files, and what it has open.

An upload appears whole or not at all, as the shell does it: when the client closes the file. Until then its session
alone sees it, for some clients look at a file right after they have made it. An upload that was cut stays as a part
(`vfs.uploads`); who opens the file for writing, and neither makes nor empties it, goes on with that. What is opened
without being emptied is changed as a copy, which takes its place. There are no links: none is followed, none is made.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

from asyncssh import SFTPAttrs, SFTPEOFError, SFTPFailure, SFTPName, SFTPPermissionDenied
from asyncssh import constants as code
from asyncssh.packet import String, UInt64

from reactor.defer import Deferred, ensureDeferred, maybeDeferred
from reactor.protocols.ftp.listings import LIST_KEYS, list_line
from reactor.vfs import IFTPShell, part_of
from reactor.vfs.interfaces import Path

_LAST_TIME_S = 2**32 - 1  # in 2106, for version 3


def _names(path: bytes) -> list[str]:
    """The names of a path, which begins at the root, whatever it begins with. Nothing is above it."""
    found: list[str] = []
    for name in os.fsdecode(path).split("/"):
        if name == "..":
            del found[-1:]
        elif name not in ("", "."):
            found.append(name)
    return found


def _attributes(values: Any) -> SFTPAttrs:
    mode, _, _, _, size, modified = values  # LIST_KEYS
    seconds = min(max(int(modified), 0), _LAST_TIME_S)
    return SFTPAttrs(size=size, permissions=mode, atime=seconds, mtime=seconds)


def _check_owner(attrs: SFTPAttrs) -> None:
    if attrs.uid is not None:
        raise SFTPPermissionDenied("owners can't be changed here")


def _rows(found: Any, now: float) -> Iterator[SFTPName]:
    for name, values in found:
        yield SFTPName(os.fsencode(name), os.fsencode(list_line(name, values, now)), _attributes(values))


class SFTPFiles:
    """shell: an IFTPShell; what a client asks for and it hasn't, such as `changeTimes`, is told to be missing.

    mostRead: how many bytes one answer carries. mostOpen: how many files and folders are open at the same time.
    rowsAtOnce: rows of a folder in one answer. longestPath: in bytes.
    """

    mostRead = 2**18 - 1024
    mostOpen = 100
    rowsAtOnce = 100
    longestPath = 4096

    def __init__(self, shell: IFTPShell) -> None:
        self.shell = shell
        self._open: dict[bytes, Any] = {}  # handle → an open file of the shell's, or what is left of a folder's rows
        self._uploads: dict[tuple[str, ...], Any] = {}
        self._ends: set[Any] = set()  # files of which all that is written goes to their end
        self._number = 0
        self._is_over = False

    def _path(self, path: bytes) -> list[str]:
        if len(path) > self.longestPath:
            raise SFTPFailure(f"a path has at most {self.longestPath} bytes")
        return _names(path)

    def _asked(self, method: str, *args: Any) -> Deferred[Any]:
        """Ask the shell. Its errors are OSErrors; NotImplementedError, if it hasn't the method."""
        if not hasattr(self.shell, method):
            raise NotImplementedError
        return maybeDeferred(getattr(self.shell, method), *args)

    async def _is_there(self, path: Path) -> bool:
        try:
            await self._asked("stat", path, ())
        except FileNotFoundError:
            return False
        return True

    # --- what is open

    def _kept(self, opened: Any) -> tuple[int, bytes]:
        self._number += 1
        handle = UInt64(self._number)
        self._open[handle] = opened
        if self._is_over:
            self.giveUp()
        return code.FXP_HANDLE, String(handle)

    def _opened(self, handle: bytes, method: str) -> Any:
        found = self._open.get(handle)
        if not hasattr(found, method):
            raise SFTPFailure("nothing is open there for that")
        return found

    def _check_room(self) -> None:
        if len(self._open) >= self.mostOpen:
            raise SFTPFailure(f"{self.mostOpen} files and folders are open: close some")

    def giveUp(self) -> None:
        """The client is gone: close what is open. An upload isn't whole."""
        self._is_over = True
        while self._open:
            _, opened = self._open.popitem()
            getattr(opened, "abort", opened.close)()

    def openFile(self, filename: bytes, flags: int, attrs: SFTPAttrs) -> Deferred[Any]:
        """Open a file. flags: of FXF_…."""
        self._check_room()
        path = self._path(filename)
        reading = not flags & code.FXF_WRITE
        opened = self._asked("openForReading", path) if reading else ensureDeferred(self._upload(path, flags, attrs))
        return opened.addCallback(self._kept)

    async def _upload(self, path: list[str], flags: int, attrs: SFTPAttrs) -> Any:
        is_there, creates = await self._is_there(path), flags & code.FXF_CREAT
        empties = flags & code.FXF_TRUNC
        if is_there and creates and flags & code.FXF_EXCL:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        if not is_there and not creates and (empties or not await self._is_there(part_of(path))):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        if empties or (creates and not is_there):
            opened = await self._asked("openForWriting", path)
        else:
            opened = await self._asked("openForAppending", path, None)
        if flags & code.FXF_APPEND:
            self._ends.add(opened)
        if not is_there and attrs.permissions is not None and hasattr(opened, "limitPermissions"):
            opened.limitPermissions(attrs.permissions)
        self._uploads[tuple(path)] = opened
        return opened

    def close(self, handle: bytes) -> Any:
        """Close it: fires when an upload is where it belongs."""
        opened = self._opened(handle, "close")
        del self._open[handle]
        self._ends.discard(opened)
        self._uploads = {path: upload for path, upload in self._uploads.items() if upload is not opened}
        return opened.close()

    def readChunk(self, handle: bytes, offset: int, length: int) -> Any:
        """Bytes from there on."""
        data = self._opened(handle, "readAt").readAt(offset, min(length, self.mostRead))
        if not data:
            raise SFTPEOFError
        return code.FXP_DATA, String(data)

    def writeChunk(self, handle: bytes, offset: int, data: bytes) -> None:
        """Write them there."""
        file = self._opened(handle, "writeAt")
        file.writeAt(file.stat(["size"])[0] if file in self._ends else offset, data)

    def getAttrsOfFile(self, handle: bytes) -> SFTPAttrs:
        """What there is to know about it."""
        return _attributes(self._opened(handle, "stat").stat(LIST_KEYS))

    def setAttrsOfFile(self, handle: bytes, attrs: SFTPAttrs) -> None:
        """Change those."""
        self._change_open(self._opened(handle, "writeAt"), attrs)

    def _change_open(self, file: Any, attrs: SFTPAttrs) -> None:
        _check_owner(attrs)
        if attrs.size is not None:
            file.truncate(attrs.size)
        if attrs.permissions is not None:
            file.changePermissions(attrs.permissions)
        if attrs.atime is not None:
            file.changeTimes(attrs.atime, attrs.mtime)

    def sync(self, handle: bytes) -> Any:
        """Wait until the disk has what was written."""
        return self._opened(handle, "writeAt").sync()

    def openDirectory(self, path: bytes) -> Deferred[Any]:
        """Open a folder."""
        self._check_room()
        there, now = self._path(path), time.time()
        entered = self._asked("access", there).addCallback(lambda _: self._asked("list", there, LIST_KEYS))
        return entered.addCallback(_rows, now).addCallback(self._kept)

    def readDirectory(self, handle: bytes) -> list[SFTPName]:
        """Its next rows."""
        some = [*islice(self._opened(handle, "__next__"), self.rowsAtOnce)]
        if not some:
            raise SFTPEOFError
        return some

    # --- paths

    def getAttrs(self, path: bytes) -> Any:
        """What there is to know about a file or folder."""
        there = self._path(path)
        upload = self._uploads.get(tuple(there))
        if upload is not None:
            return _attributes(upload.stat(LIST_KEYS))
        return self._asked("stat", there, LIST_KEYS).addCallback(_attributes)

    def setAttrs(self, path: bytes, attrs: SFTPAttrs) -> Any:
        """Change those."""
        there = self._path(path)
        upload = self._uploads.get(tuple(there))
        return self._change_open(upload, attrs) if upload is not None else ensureDeferred(self._change(there, attrs))

    async def _change(self, path: list[str], attrs: SFTPAttrs) -> None:
        _check_owner(attrs)
        if attrs.size is not None:
            file = await self._asked("openForAppending", path, None)
            try:
                file.truncate(attrs.size)
            except OSError:
                file.abort()
                raise
            await file.close()
        if attrs.permissions is not None:
            await self._asked("changePermissions", path, attrs.permissions)
        if attrs.atime is not None:
            await self._asked("changeTimes", path, attrs.atime, attrs.mtime)

    def removeFile(self, filename: bytes) -> Any:
        """Remove a file."""
        return self._asked("removeFile", self._path(filename))

    def makeDirectory(self, path: bytes, attrs: SFTPAttrs) -> Any:
        """Make a folder, with the permissions that the umask gives."""
        return self._asked("makeDirectory", self._path(path)).addCallback(lambda _: None)

    def removeDirectory(self, path: bytes) -> Any:
        """Remove an empty folder."""
        return self._asked("removeDirectory", self._path(path))

    def realPath(self, path: bytes) -> list[SFTPName]:
        """The path from the root on."""
        return [SFTPName(b"/" + os.fsencode("/".join(self._path(path))))]

    def renameFile(self, oldpath: bytes, newpath: bytes) -> Any:
        """Rename something. It replaces nothing."""
        return ensureDeferred(self._rename(self._path(oldpath), self._path(newpath)))

    async def _rename(self, old: list[str], new: list[str]) -> None:
        if await self._is_there(new):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        await self._asked("rename", old, new)

    def replaceFile(self, oldpath: bytes, newpath: bytes) -> Any:
        """The same, in the place of a file that may be there."""
        return self._asked("rename", self._path(oldpath), self._path(newpath))

    def makeHardLink(self, oldpath: bytes, newpath: bytes) -> Any:
        """Give a file a second name."""
        return self._asked("link", self._path(oldpath), self._path(newpath))

    def statvfs(self, path: bytes) -> Any:
        """How much room there is."""
        return self._asked("statvfs")

    def limits(self) -> tuple[int, bytes]:
        """Bytes of a message, of one read, and of one write; files open at the same time."""
        sizes = (self.mostRead + 1024, self.mostRead, self.mostRead, self.mostOpen)
        return code.FXP_EXTENDED_REPLY, b"".join(map(UInt64, sizes))
