"""A folder in memory, for tests, slides and the simulated world. It does what one on disk does, in the same words."""

from __future__ import annotations

import errno
import io
import os
import stat
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from reactor.vfs.interfaces import Path, check_keys, check_path, deferring
from reactor.vfs.transfers import FileReader, FileWriter
from reactor.vfs.uploads import part_of

MOST_IN_MEMORY = 2**28  # bytes; a place behind them would take the memory before it


@dataclass
class _File:
    """One file. data: what is in it. modified: when it was written, in seconds since 1970."""

    data: bytes
    modified: float = field(default_factory=time.time)


_Node = dict[str, Any]  # of a folder; a file is a _File


class _Upload(FileWriter):
    """As on disk: a file when it is closed, a part when it is given up."""

    def __init__(self, folder: _Node, name: str, part: str, data: bytes) -> None:
        self._place, self._name, self._part = folder, name, part
        super().__init__(io.BytesIO(), MOST_IN_MEMORY)
        self.write(data)

    def _close(self) -> None:
        self._place.pop(self._part, None)
        self._keep(self._name)

    def abort(self) -> None:
        if not self._file.closed:
            self._keep(self._part)

    def _keep(self, name: str) -> None:
        self._place[name] = _File(self._file.getvalue())  # type: ignore[attr-defined]  # it is a BytesIO
        self._file.close()


def _problem(number: int, path: Path) -> OSError:
    return OSError(number, os.strerror(number), "/".join(path))


class MemoryFolder:
    """Files in memory, as an IFTPShell. files: path, with slashes → contents."""

    def __init__(self, files: dict[str, bytes] | None = None) -> None:
        self._root: _Node = {}
        for path, data in (files or {}).items():
            *folders, name = path.split("/")
            node = self._root
            for folder in folders:
                node = node.setdefault(folder, {})
            node[name] = _File(data)

    @deferring
    def makeDirectory(self, path: Path) -> None:
        """As in IFTPShell."""
        folder, name = self._place(path)
        if name in folder:
            raise _problem(errno.EEXIST, path)
        folder[name] = {}

    @deferring
    def removeDirectory(self, path: Path) -> None:
        """As in IFTPShell."""
        folder, name = self._place(path)
        if self._folder(path):
            raise _problem(errno.ENOTEMPTY, path)
        del folder[name]

    @deferring
    def removeFile(self, path: Path) -> None:
        """As in IFTPShell."""
        folder, name = self._place(path)
        self._file(path)
        del folder[name]

    @deferring
    def rename(self, fromPath: Path, toPath: Path) -> None:
        """As in IFTPShell."""
        folder, name = self._place(fromPath)
        node = self._node(fromPath)
        target, new_name = self._place(toPath)
        if isinstance(node, dict) and [*toPath[: len(fromPath)]] == [*fromPath] and len(toPath) > len(fromPath):
            raise _problem(errno.EINVAL, toPath)
        there = target.get(new_name)
        if there is not None and there is not node:
            if isinstance(there, dict) != isinstance(node, dict):
                raise _problem(errno.EISDIR if isinstance(there, dict) else errno.ENOTDIR, toPath)
            if isinstance(there, dict) and there:
                raise _problem(errno.ENOTEMPTY, toPath)
        del folder[name]
        target[new_name] = node

    @deferring
    def access(self, path: Path) -> None:
        """As in IFTPShell."""
        self._folder(path)

    @deferring
    def stat(self, path: Path, keys: Sequence[str] = ()) -> Sequence[Any]:
        """As in IFTPShell."""
        return self._values(self._node(path), keys)

    @deferring
    def list(self, path: Path, keys: Sequence[str] = ()) -> Sequence[tuple[str, Sequence[Any]]]:
        """As in IFTPShell."""
        node = self._node(path)
        if not isinstance(node, dict):
            return [(path[-1], self._values(node, keys))]
        return sorted((name, self._values(child, keys)) for name, child in node.items())

    @deferring
    def openForReading(self, path: Path) -> FileReader:
        """As in IFTPShell."""
        return FileReader(io.BytesIO(self._file(path).data))

    @deferring
    def openForWriting(self, path: Path) -> FileWriter:
        """As in IFTPShell. It is there, whole, when it is closed."""
        return self._writer(path, 0)

    @deferring
    def openForAppending(self, path: Path, offset: int | None = None) -> FileWriter:
        """As openForWriting, after the first `offset` bytes of what is there, or of an upload that was cut."""
        return self._writer(path, offset)

    def _writer(self, path: Path, offset: int | None) -> FileWriter:
        folder, name = self._place(path)
        if isinstance(folder.get(name), dict):
            raise _problem(errno.EISDIR, path)
        (part,) = part_of([name])
        there = folder.get(name) or folder.get(part) or _File(b"")
        if len(there.data) < (offset or 0):
            raise _problem(errno.EINVAL, path)
        return _Upload(folder, name, part, there.data if offset is None else there.data[:offset])

    def _node(self, path: Path) -> Any:
        check_path(path)
        node: Any = self._root
        for name in path:
            if not isinstance(node, dict):
                raise _problem(errno.ENOTDIR, path)
            if name not in node:
                raise _problem(errno.ENOENT, path)
            node = node[name]
        return node

    def _folder(self, path: Path) -> _Node:
        node = self._node(path)
        if not isinstance(node, dict):
            raise _problem(errno.ENOTDIR, path)
        return node

    def _file(self, path: Path) -> _File:
        node = self._node(path)
        if isinstance(node, dict):
            raise _problem(errno.EISDIR, path) if path else self._outermost()
        return node  # type: ignore[no-any-return]  # what is no dict is a file

    def _place(self, path: Path) -> tuple[_Node, str]:
        check_path(path)
        if not path:
            raise self._outermost()
        return self._folder(path[:-1]), path[-1]

    def _outermost(self) -> OSError:
        return PermissionError(errno.EACCES, "this is the folder that all others are in")

    def _values(self, node: Any, keys: Sequence[str]) -> Sequence[Any]:
        check_keys(keys)
        is_folder = isinstance(node, dict)
        values = {
            "size": 0 if is_folder else len(node.data),
            "directory": is_folder,
            "permissions": (stat.S_IFDIR | 0o755) if is_folder else (stat.S_IFREG | 0o644),
            "hardlinks": 1,
            "modified": 0.0 if is_folder else node.modified,
            "owner": "user",
            "group": "group",
        }
        return [values[key] for key in keys]
