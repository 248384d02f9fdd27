"""How a trace describes things: in words that are the same in every run.

The `repr` of most objects has an address in memory in it, a set has another order in another process, and
a path names a user's home. None of that may get into a trace: two runs with one seed must be the same, byte for byte.
"""

from __future__ import annotations

import functools
import os
import re
import sysconfig
from types import CodeType, FrameType
from typing import Any

from reactor.core.loop.core import Loop
from reactor.failure import Failure
from reactor.sim.function_program import FunctionProgram
from reactor.sim.program import Program

_LONGEST = 120  # characters of one value
_MOST = 5  # items of a collection
_MOST_TO_SORT = 100  # items of a set, which must be sorted in order to be the same each time
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_PLAIN = (str, bytes, bytearray, int, float, complex, bool, type(None))

_LIBRARY = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_STANDARD = sysconfig.get_path("stdlib") + os.sep
_DRIVERS = {  # functions that let programs work: their callers have not asked for what happens now
    function.__code__
    for function in (
        *(Loop.run, Loop.iterate, Loop.turn, Loop.make_due_calls, Loop.serve),
        *(Program.step, Program.kill, Program.interrupt),
        *(FunctionProgram.step, FunctionProgram.kill, FunctionProgram.interrupt),
    )
}


def shown(value: object) -> str:
    """A value in a few characters. Anything but plain data is named by its type: its `repr` can't be relied upon."""
    return _cut(_shown(value, 2))


def _shown(value: object, depth: int) -> str:
    if isinstance(value, Failure):
        return error(value.value)
    if type(value) in _PLAIN:
        return repr(value[: _LONGEST + 1] if isinstance(value, (str, bytes, bytearray)) else value)
    if type(value) in (list, tuple, dict, set, frozenset) and depth:
        return _collection(value, depth)
    if isinstance(value, BaseException):
        return error(value)
    return f"<{type(value).__name__}>"


def _collection(value: Any, depth: int) -> str:
    if isinstance(value, (set, frozenset)) and len(value) > _MOST_TO_SORT:
        return f"<{type(value).__name__} of {len(value)}>"
    if isinstance(value, dict):
        some = [f"{_shown(k, depth - 1)}: {_shown(v, depth - 1)}" for k, v in list(value.items())[:_MOST]]
    else:
        some = [_shown(one, depth - 1) for one in (list(value)[:_MOST] if isinstance(value, (list, tuple)) else value)]
    if isinstance(value, (set, frozenset)):
        some = sorted(some)[:_MOST]
    opening, closing = "[]" if isinstance(value, list) else "()" if isinstance(value, tuple) else "{}"
    more = ["…"] if len(value) > _MOST else []
    return opening + ", ".join([*some, *more]) + closing


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def error(problem: BaseException) -> str:
    """An exception: its type and its message."""
    said = _ADDRESS.sub("", str(problem))
    return _cut(f"{type(problem).__name__}: {said}" if said else type(problem).__name__)


def name_of(function: Any) -> str:
    """The name of a callable in its source."""
    while isinstance(function, functools.partial):
        function = function.func
    owner = getattr(function, "__self__", None)
    name = getattr(function, "__name__", None)
    if name is not None and owner is not None and not isinstance(owner, type) and type(owner).__name__ != "module":
        return f"{type(owner).__name__}.{name}"
    name = getattr(function, "__qualname__", None) or f"{type(function).__name__}.__call__"
    return name.replace("<locals>.", "").replace("<lambda>", "lambda")


def code_of(function: Any) -> CodeType | None:
    """The code behind a callable, if it is written in Python."""
    while isinstance(function, functools.partial):
        function = function.func
    function = getattr(function, "__func__", function)
    code = getattr(function, "__code__", None)
    return code if isinstance(code, CodeType) else None


class Places:
    """Lines of the program, as "server.py:12"; lines of the library and of Python are left out.

    Files in one of the folders that were `add`ed are named from there on, others by their last name.
    """

    def __init__(self) -> None:
        self._folders: list[str] = []
        self._names: dict[str, str | None] = {}  # by path; None for files that are not the program's
        self._is_owned: dict[str, bool] = {}

    def add(self, folder: str) -> None:
        """Add a folder with a program in it."""
        folder = os.path.join(os.path.abspath(folder), "")
        if folder not in self._folders:
            self._folders.append(folder)
            self._names.clear()
            self._is_owned.clear()

    def here(self, frame: FrameType | None) -> str | None:
        """The innermost line of the program on the stack; None if only the loop is on it."""
        while frame is not None:
            code = frame.f_code
            if code in _DRIVERS:
                return None
            name = self._name(code.co_filename)
            if name is not None:
                return f"{name}:{frame.f_lineno}"
            frame = frame.f_back
        return None

    def of(self, function: Any) -> str | None:
        """The line that begins a function of the program."""
        code = code_of(function)
        name = None if code is None else self._name(code.co_filename)
        return None if name is None or code is None else f"{name}:{code.co_firstlineno}"

    def owns(self, path: str) -> bool:
        """Whether the file is in one of the folders that were added, and none of ours."""
        if path not in self._is_owned:
            full = os.path.abspath(path)
            is_theirs = full.startswith(tuple(self._folders)) and not full.startswith(_LIBRARY)
            self._is_owned[path] = is_theirs and os.path.isfile(full)  # others give names that are no files
        return self._is_owned[path]

    def at(self, path: str, line: int) -> str:
        """A line of a file that it owns."""
        return f"{self._name(path)}:{line}"

    def tidy(self, text: str) -> str:
        """The text without the folders of these files, and without addresses in memory."""
        for folder in [*self._folders, os.path.dirname(_LIBRARY[:-1]) + os.sep, _STANDARD]:
            text = text.replace(folder, "")
        return _ADDRESS.sub("", text)

    def _name(self, path: str) -> str | None:
        if path not in self._names:
            self._names[path] = self._new_name(path)
        return self._names[path]

    def _new_name(self, path: str) -> str | None:
        if path.startswith("<") or not (os.path.isabs(path) or os.path.isfile(path)):  # a name that is no file's
            return None
        full = os.path.abspath(path)
        for folder in self._folders:
            if full.startswith(folder) and not full.startswith(_LIBRARY):
                return full[len(folder) :].replace(os.sep, "/")
        if full.startswith((_LIBRARY, _STANDARD)):
            return None
        return os.path.basename(full)
