"""Which files a build depends on: those that it opened.

Python tells an audit hook of every file that is opened (PEP 578), whoever opens it: the import of a module, the copy of
a picture, the read of a program. So no part of the build has to keep a list, and none can forget a file. Left out is
what belongs to the interpreter and to installed packages, what was opened for writing, and temporary folders.
"""

from __future__ import annotations

import os
import sys
import sysconfig
import tempfile
from importlib.util import source_from_cache
from pathlib import Path
from typing import Any

from lecture.programs.temporary import PREFIX

_TEMPORARY = str(Path(tempfile.gettempdir()).resolve() / PREFIX)
_INSTALLED = tuple({sysconfig.get_path(kind) + os.sep for kind in ("stdlib", "platstdlib", "purelib", "platlib")})


class FilesRead:
    """Notes the names of files from its creation on. There is no end to it: an audit hook stays.

    not_below: folders whose files don't count.
    """

    def __init__(self, not_below: list[Path]) -> None:
        self._names: set[str] = set()
        self._not_below = (
            *_INSTALLED,
            *(f"{folder.resolve()}{os.sep}" for folder in not_below),
            _TEMPORARY,
            "/proc/",
            "/dev/",
        )
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str | bytes) and not _writes(*arguments[1:3]):
            self._names.add(os.fsdecode(arguments[0]))

    def paths(self) -> list[str]:
        """The files that were opened and are there, with absolute names, in order."""
        names = {os.path.abspath(_source(name)) for name in list(self._names)}
        return sorted(name for name in names if not name.startswith(self._not_below) and os.path.isfile(name))


def _writes(mode: str | None, flags: int) -> bool:
    """As `open` has a mode, and `os.open` flags."""
    return bool(set(mode) & set("wax+")) if mode else bool(flags & (os.O_WRONLY | os.O_RDWR))


def _source(name: str) -> str:
    """The module that a file of bytecode was made from; any other file itself."""
    if not name.endswith(".pyc"):
        return name
    try:
        return source_from_cache(name)
    except ValueError:
        return name
