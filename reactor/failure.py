"""An exception that travels as a value.

`raise` sends an exception up the stack at once. In an event loop the code that cares is often not on the stack any
more: it left a callback and returned. So the exception is put in a box, and the box is handed to that callback, which
can ask what is inside (`check`), insist (`trap`), or raise it again with its old traceback.
"""

from __future__ import annotations

import itertools
import sys
import traceback
from collections.abc import Generator
from types import FrameType, TracebackType
from typing import IO, Any, NoReturn

__all__ = ["Failure", "NoCurrentExceptionError"]

carriers: set[str] = {__file__}
"""Files whose functions only pass exceptions along, as Deferreds do. `caught` leaves their frames out."""


class NoCurrentExceptionError(Exception):
    """`Failure()` was made where no exception is being handled. Give it one: `Failure(ValueError("..."))`."""


class Failure:
    """One exception and its traceback, as a value.

    exc_value: the exception; left out, the one being handled now (call it inside `except`).
    exc_type, exc_tb: its class and its traceback, as `sys.exc_info()` has them; left out, its own.
    captureVars: whether `frames` and detailed tracebacks show the variables of each frame.
    value, type, tb: the exception, its class, and its traceback (None if it was never raised). count: its number.
    Raises NoCurrentExceptionError when it is left out and no exception is being handled. It can be pickled, if the
    exception can; the traceback stays behind.
    """

    _numbers = itertools.count(1)

    def __init__(
        self,
        exc_value: BaseException | Failure | None = None,
        exc_type: type[BaseException] | None = None,
        exc_tb: TracebackType | None = None,
        captureVars: bool = False,
    ) -> None:
        value = exc_value if exc_value is not None else sys.exc_info()[1]
        if isinstance(value, Failure):  # boxes don't nest
            vars(self).update(vars(value))
            return
        if value is None:
            raise NoCurrentExceptionError("Failure() outside of an except block: give it the exception")
        if not isinstance(value, BaseException):
            raise TypeError(f"a Failure holds an exception, not {value!r}")
        self.value: Any = value  # not BaseException: a type checker can't follow what `check` and `trap` find out
        self.type: type[BaseException] = exc_type or type(value)
        self.tb: TracebackType | None = exc_tb or value.__traceback__
        self.captureVars = captureVars
        self.count = next(self._numbers)
        self._story: traceback.TracebackException | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "tb": None, "_story": None}

    @property
    def parents(self) -> list[str]:
        """The names of the exception's class and of all that it inherits from, with their modules."""
        return [f"{cls.__module__}.{cls.__qualname__}" for cls in self.type.__mro__]

    @property
    def frames(self) -> list[tuple[Any, ...]]:
        """For each frame of the traceback its function, file, line, local and global variables, as pairs.

        There are no variables without `captureVars`, and none after `cleanFailure`.
        """
        if self.tb is None:
            return [(frame.name, frame.filename, frame.lineno, (), ()) for frame in self._told().stack]
        variables = _variables if self.captureVars else _no_variables
        return [
            (frame.f_code.co_name, frame.f_code.co_filename, line, *variables(frame))
            for frame, line in traceback.walk_tb(self.tb)
        ]

    @property
    def stack(self) -> list[Any]:
        """Nothing: the frames above the one that caught the exception are not kept. Twisted has the name."""
        return []

    def check(self, *errorTypes: type[BaseException] | str) -> type[BaseException] | str | None:
        """The first of `errorTypes` that matches the exception, or None. A dotted name stands for its class."""
        names = self.parents
        for wanted in errorTypes:
            if wanted in names if isinstance(wanted, str) else issubclass(self.type, wanted):
                return wanted
        return None

    def trap(self, *errorTypes: type[BaseException] | str) -> type[BaseException] | str:
        """As `check`, but an exception that is none of them is raised again."""
        found = self.check(*errorTypes)
        if found is None:
            self.raiseException()
        return found

    def raiseException(self) -> NoReturn:
        """Raise the exception, with the traceback it came with."""
        raise self.value.with_traceback(self.tb)

    def throwExceptionIntoGenerator(self, g: Generator[Any, Any, Any]) -> Any:
        """Raise the exception where a generator or coroutine waits. Returns what it yields next, raises what it raises.

        The traceback then reads like that of a call: the lines of the coroutine first, then those it waited for.
        """
        return g.throw(self.value.with_traceback(self.tb))

    def getTracebackObject(self) -> TracebackType | None:
        """The traceback, None if the exception was never raised."""
        return self.tb

    def getErrorMessage(self) -> str:
        """The text of the exception."""
        return str(self.value)

    def getTraceback(self, elideFrameworkCode: bool | int = False, detail: str = "default") -> str:
        """The traceback and the exception.

        detail: "default", as Python prints them; "brief", as `getBriefTraceback`; "verbose", with the variables of each
            frame if there are any (see `captureVars`). Else raises ValueError.
        elideFrameworkCode: accepted because Twisted has it, and does nothing there either.
        """
        if detail == "default":
            return "".join(self._told().format())
        if detail == "brief":
            return self.getBriefTraceback()
        if detail != "verbose":
            raise ValueError(f"the detail of a traceback is 'default', 'brief' or 'verbose', not {detail!r}")
        return f"*--- Failure #{self.count} ---\n{self._with_variables()}*--- End of Failure #{self.count} ---\n"

    def _with_variables(self) -> str:
        if self.tb is None or not self.captureVars:
            return self.getTraceback() + "(no variables: they need captureVars=True, and a traceback)\n"
        return "".join(traceback.TracebackException(self.type, self.value, self.tb, capture_locals=True).format())

    def _told(self) -> traceback.TracebackException:
        return self._story or traceback.TracebackException(self.type, self.value, self.tb)

    def getBriefTraceback(self) -> str:
        """One line for the exception, one for each frame: `file:line:function`."""
        frames = self._told().stack
        note = "" if frames else " (failure with no frames)"
        places = "".join(f"{frame.filename}:{frame.lineno}:{frame.name}\n" for frame in frames)
        return f"Traceback{note}: {self.type}: {self.getErrorMessage()}\n{places}"

    def printTraceback(
        self, file: IO[str] | None = None, elideFrameworkCode: bool | int = False, detail: str = "default"
    ) -> None:
        """Write `getTraceback(detail=detail)` to a file, standard error by default."""
        print(self.getTraceback(elideFrameworkCode, detail), end="", file=file or sys.stderr)

    def printBriefTraceback(self, file: IO[str] | None = None, elideFrameworkCode: bool | int = False) -> None:
        """Write `getBriefTraceback()` to a file, standard error by default."""
        self.printTraceback(file, elideFrameworkCode, "brief")

    def printDetailedTraceback(self, file: IO[str] | None = None, elideFrameworkCode: bool | int = False) -> None:
        """Write the traceback with the variables of each frame to a file, standard error by default."""
        self.printTraceback(file, elideFrameworkCode, "verbose")

    def cleanFailure(self) -> None:
        """Drop the traceback, and with it every local variable that it keeps alive; its text stays."""
        self._story = self._told()
        self.tb = None
        self.value.__traceback__ = None

    def __repr__(self) -> str:
        where = f"{type(self).__module__}.{type(self).__qualname__}"
        return f"<{where} {self.type.__module__}.{self.type.__qualname__}: {self.getErrorMessage()}>"

    def __str__(self) -> str:
        return f"[Failure instance: {self.getBriefTraceback()}]"


def _variables(frame: FrameType) -> tuple[list[tuple[str, Any]], list[tuple[str, Any]]]:
    """The local and the global variables of a frame; those of a module are local ones."""
    inner, outer = frame.f_locals, frame.f_globals
    module = {name: value for name, value in outer.items() if name != "__builtins__"}
    return (list(module.items()), []) if inner is outer else (list(inner.items()), list(module.items()))


def _no_variables(frame: FrameType) -> tuple[tuple[()], tuple[()]]:
    return (), ()


def caught(error: BaseException, seen: TracebackType | None = None) -> Failure:
    """The Failure of an exception that the caller has caught in order to pass it on.

    The frames of `carriers` are taken out of the traceback, so that its reader sees those of the program.
    seen: where a traceback begins that was cleaned before, so that a thousand coroutines don't each read all of it.
    """
    error.__traceback__ = first = _own(error.__traceback__)
    while first is not None and first is not seen:
        following = _own(first.tb_next)
        if following is not first.tb_next:
            first.tb_next = following
        first = following
    return Failure(error)


def _own(traceback: TracebackType | None) -> TracebackType | None:
    """The traceback from the first frame on that is not in one of the `carriers`."""
    while traceback is not None and traceback.tb_frame.f_code.co_filename in carriers:
        traceback = traceback.tb_next
    return traceback
