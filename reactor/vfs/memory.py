"""A folder in memory, for tests, slides and the simulated world. It does what one on disk does, in the same words."""

from __future__ import annotations

import errno
import io
import os
import stat
import time
from collections.abc import Callable, Sequence
from typing import Any

from reactor.defer import Deferred, maybeDeferred
from reactor.vfs.interfaces import Path, check_keys, check_path
from reactor.vfs.transfers import FileReader, FileWriter


class _File:
    """One file. data: what is in it. modified: when it was written, in seconds since 1970."""

    def __init__(self, data: bytes, modified: float) -> None:
        self.data = data
        self.modified = modified


_Node = dict[str, Any]  # of a folder; a file is a _File


def _problem(number: int, path: Path) -> OSError:
    return OSError(number, os.strerror(number), "/".join(path))


class MemoryFolder:
    """Files in memory, as an IFTPShell.

    files: path, with slashes → contents. now: seconds since 1970, called for the time of each write.
    """

    def __init__(self, files: dict[str, bytes] | None = None, now: Callable[[], float] = time.time) -> None:
        self._root: _Node = {}
        self._now = now
        for path, data in (files or {}).items():
            *folders, name = path.split("/")
            node = self._root
            for folder in folders:
                node = node.setdefault(folder, {})
            node[name] = _File(data, now())

    def makeDirectory(self, path: Path) -> Deferred[Any]:
        """As in IFTPShell."""
        return maybeDeferred(self._make, path)

    def removeDirectory(self, path: Path) -> Deferred[Any]:
        """As in IFTPShell."""
        return maybeDeferred(self._remove, path, True)

    def removeFile(self, path: Path) -> Deferred[Any]:
        """As in IFTPShell."""
        return maybeDeferred(self._remove, path, False)

    def rename(self, fromPath: Path, toPath: Path) -> Deferred[Any]:
        """As in IFTPShell."""
        return maybeDeferred(self._rename, fromPath, toPath)

    def access(self, path: Path) -> Deferred[Any]:
        """As in IFTPShell."""
        return maybeDeferred(lambda: self._folder(path) and None)

    def stat(self, path: Path, keys: Sequence[str] = ()) -> Deferred[Any]:
        """As in IFTPShell."""
        return maybeDeferred(lambda: self._values(self._node(path), keys))

    def list(self, path: Path, keys: Sequence[str] = ()) -> Deferred[Any]:
        """As in IFTPShell."""
        return maybeDeferred(self._list, path, keys)

    def openForReading(self, path: Path) -> Deferred[Any]:
        """As in IFTPShell."""
        return maybeDeferred(lambda: FileReader(io.BytesIO(self._file(path).data)))

    def openForWriting(self, path: Path) -> Deferred[Any]:
        """As in IFTPShell. The contents are there when it is closed."""
        return maybeDeferred(self._open_for_writing, path)

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

    def _make(self, path: Path) -> None:
        folder, name = self._place(path)
        if name in folder:
            raise _problem(errno.EEXIST, path)
        folder[name] = {}

    def _remove(self, path: Path, is_folder: bool) -> None:
        folder, name = self._place(path)
        node = self._node(path)
        if isinstance(node, dict) != is_folder:
            raise _problem(errno.ENOTDIR if is_folder else errno.EISDIR, path)
        if isinstance(node, dict) and node:
            raise _problem(errno.ENOTEMPTY, path)
        del folder[name]

    def _rename(self, old: Path, new: Path) -> None:
        folder, name = self._place(old)
        node = self._node(old)
        target, new_name = self._place(new)
        if isinstance(node, dict) and [*new[: len(old)]] == [*old] and len(new) > len(old):
            raise _problem(errno.EINVAL, new)
        there = target.get(new_name)
        if there is not None and there is not node:
            if isinstance(there, dict) != isinstance(node, dict):
                raise _problem(errno.EISDIR if isinstance(there, dict) else errno.ENOTDIR, new)
            if isinstance(there, dict) and there:
                raise _problem(errno.ENOTEMPTY, new)
        del folder[name]
        target[new_name] = node

    def _list(self, path: Path, keys: Sequence[str]) -> Sequence[tuple[str, Sequence[Any]]]:
        node = self._node(path)
        if not isinstance(node, dict):
            return [(path[-1], self._values(node, keys))]
        return sorted((name, self._values(child, keys)) for name, child in node.items())

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

    def _open_for_writing(self, path: Path) -> FileWriter:
        folder, name = self._place(path)
        if isinstance(folder.get(name), dict):
            raise _problem(errno.EISDIR, path)
        file = folder[name] = _File(b"", self._now())

        class Written(io.BytesIO):
            def close(written) -> None:
                if not written.closed:
                    file.data = written.getvalue()
                super().close()

        return FileWriter(Written())
