"""Each line of the program that runs, each function that it enters, and the variables that these change.

For a stepper, which shows a program as a debugger does. A step of the kind `line` stands before its line: what it
`set`s, the line before it has done. Only the program's own files are watched, and only plain values are written down:
what `stable_text.shown` says of a value is the same in every run, and bounded.

Python 3.12 and newer have `sys.monitoring`, which leaves the functions of the library alone at full speed; before, it
is `sys.settrace`, which is asked at each call. Both end up in the same four methods.
"""

from __future__ import annotations

import functools
import inspect
import sys
from types import BuiltinFunctionType, CodeType, FrameType, FunctionType, MethodType, ModuleType
from typing import Any

from reactor.core.loop.core import Loop
from reactor.trace.hooks.watched import Watched
from reactor.trace.patches import Patches
from reactor.trace.probe import Probe
from reactor.trace.stable_text import shown
from reactor.trace.tape import Span

_MOST_VARIABLES = 20  # of one function, and of one object
_NOT_DATA = (ModuleType, type, FunctionType, MethodType, BuiltinFunctionType)
_ITS_LIBRARYS = {"transport", "factory", "connected", "noisy", "numPorts", "protocol"}  # what the library sets
_TOOL = 4  # one of the six numbers for tools; 0 to 2 and 5 have uses by convention
_WHOLE_SCRIPT = "<module>"


def install(watched: Watched, patches: Patches, probe: Probe | None = None) -> None:
    """Record lines and calls of the programs, and when their loops go to sleep. probe: is told of each line."""
    lines = _Lines(watched, probe)
    if sys.version_info >= (3, 12):
        _by_monitoring(lines, patches)
    else:
        _by_tracing(lines, patches)
    _install_sleep(watched, patches)


class _Lines:
    """The functions of the programs that run now, the innermost last, and what is known of their variables."""

    def __init__(self, watched: Watched, probe: Probe | None) -> None:
        self._tape = watched.tape
        self._probe = probe
        self._running: list[tuple[FrameType, Span, Any]] = []

    def watches(self, code: CodeType) -> bool:
        """Whether it is a function of the program, or its script. The body of a class says nothing while it runs."""
        is_body = not code.co_flags & inspect.CO_OPTIMIZED
        return self._tape.places.owns(code.co_filename) and (not is_body or code.co_name == _WHOLE_SCRIPT)

    def begins(self, frame: FrameType) -> None:
        """A function has been called, or goes on after a wait. The script itself is there anyway."""
        if self._tape.is_elsewhere() or self._tape.program is None or frame.f_code.co_name == _WHOLE_SCRIPT:
            return
        if self._tape.is_full:
            self._tape.left_out += 1
            return
        code = frame.f_code
        at = self._tape.places.at(code.co_filename, code.co_firstlineno)
        self._note(frame)
        span = self._tape.span("call", at=at, text=code.co_qualname.replace("<locals>.", ""))
        self._running.append((frame, span, self._tape.enter(span, False)))

    def comes_to(self, frame: FrameType, line: int) -> None:
        """This line is next."""
        if self._tape.is_elsewhere() or self._tape.program is None:
            return
        if self._tape.is_full:  # looking at variables is the slow part
            self._tape.left_out += 1
            return
        self._note(frame)
        at = self._tape.places.at(frame.f_code.co_filename, line)
        number = self._tape.step("line", at=at)
        if self._probe is not None:  # nothing that it calls is a step: a tool isn't told of what it does itself
            self._probe.comes_to(at, frame, number)

    def ends(self, frame: FrameType) -> None:
        """A function returns, raises, or waits."""
        if frame.f_code.co_name == _WHOLE_SCRIPT and self._tape.program is not None:
            self._note(frame)  # what its last line has done
        if not self._running or self._running[-1][0] is not frame:
            return
        _, span, outer = self._running.pop()
        self._note_objects(frame)
        self._note_variables(self._running[-1][0] if self._running else self._around(frame))
        self._tape.leave(span, outer)

    def _around(self, frame: FrameType | None) -> FrameType | None:
        """The script's own frame, if it is in the middle of `reactor.run()`."""
        while frame is not None and not (frame.f_code.co_name == _WHOLE_SCRIPT and self.watches(frame.f_code)):
            frame = frame.f_back
        return frame

    # --- variables

    def _note(self, frame: FrameType) -> None:
        self._note_objects(frame)
        self._note_variables(frame)

    def _note_variables(self, frame: FrameType | None) -> None:
        variables = {} if frame is None else _plain(frame.f_locals, {"self"})
        self._tape.change(f"p{self._tape.program}.locals", variables or None)

    def _note_objects(self, frame: FrameType) -> None:
        """The attributes of the object whose method it is, and of its factory."""
        one = frame.f_locals.get("self")
        for thing in (one, getattr(one, "factory", None)):
            if hasattr(thing, "__dict__") and not isinstance(thing, _NOT_DATA) and self._is_programs(thing):
                name = self._name(thing)
                for attribute, value in _plain(vars(thing), _ITS_LIBRARYS).items():
                    self._tape.change(f"{name}.{attribute}", value)

    def _is_programs(self, thing: object) -> bool:
        """Whether its class, or what it is made of, is the program's: the library's own state is shown elsewhere."""
        own = (vars(kind).values() for kind in type(thing).__mro__)
        return any(self.watches(part.__code__) for parts in own for part in parts if isinstance(part, FunctionType))

    def _name(self, thing: Any) -> str:
        connection = self._tape.known(getattr(thing, "transport", None))
        if connection is not None and self._tape.known(thing) is None:  # it is the same when the connection has gone
            self._tape.give_name(thing, f"{connection}.protocol")
        known = self._tape.known(thing)
        letter = "f" if hasattr(thing, "buildProtocol") else "s"
        return known or self._tape.name(thing, letter, name=type(thing).__name__)


def _plain(variables: Any, left_out: set[str]) -> dict[str, str]:
    """The first of these variables that hold data, in words."""
    wanted = [
        (name, value)
        for name, value in variables.items()
        if not name.startswith("_") and name not in left_out and not isinstance(value, _NOT_DATA)
    ]
    return {name: shown(value) for name, value in wanted[:_MOST_VARIABLES]}


# --- who tells of lines


def _by_tracing(lines: _Lines, patches: Patches) -> None:
    def in_function(frame: FrameType, event: str, argument: Any) -> Any:
        if event == "line":
            lines.comes_to(frame, frame.f_lineno)
        elif event == "return":
            lines.ends(frame)
        return in_function

    def called(frame: FrameType, event: str, argument: Any) -> Any:
        if not lines.watches(frame.f_code):
            return None
        lines.begins(frame)
        return in_function

    before = sys.gettrace()
    patches.afterwards(lambda: sys.settrace(before))
    sys.settrace(called)


def _by_monitoring(lines: _Lines, patches: Patches) -> None:
    watching = sys.monitoring  # type: ignore[attr-defined,unused-ignore]  # it came with Python 3.12
    events = watching.events

    def function(does: Any) -> Any:
        def happens(code: CodeType, *details: Any) -> Any:
            return does(sys._getframe(1)) if lines.watches(code) else watching.DISABLE

        return happens

    def unwinds(code: CodeType, *details: Any) -> Any:  # of these events, none may be disabled
        if lines.watches(code):
            lines.ends(sys._getframe(1))

    def line(code: CodeType, number: int) -> Any:
        return lines.comes_to(sys._getframe(1), number) if lines.watches(code) else watching.DISABLE

    callbacks = {
        events.PY_START: function(lines.begins),
        events.PY_RESUME: function(lines.begins),
        events.PY_RETURN: function(lines.ends),
        events.PY_YIELD: function(lines.ends),
        events.PY_UNWIND: unwinds,
        events.LINE: line,
    }
    watching.use_tool_id(_TOOL, "reactor.trace")
    patches.afterwards(lambda: watching.free_tool_id(_TOOL))
    for event, callback in callbacks.items():
        watching.register_callback(_TOOL, event, callback)
        patches.afterwards(functools.partial(watching.register_callback, _TOOL, event, None))
    watching.set_events(_TOOL, sum(callbacks))
    watching.restart_events()  # what an earlier recorder has disabled counts no more
    patches.afterwards(lambda: watching.set_events(_TOOL, 0))


# --- going to sleep


def _install_sleep(watched: Watched, patches: Patches) -> None:
    tape = watched.tape

    @patches.around(Loop, "longest_wait")
    def _(original: Any, loop: Any) -> float | None:
        wait: float | None = original(loop)
        with watched.turn_of(loop) as is_watched:
            if is_watched and wait != 0 and not _is_anybody_ready(loop):
                until = "somebody is" if wait is None else f"{tape.seconds() + wait:.9g} s"
                tape.change(f"p{tape.program}.sleeps", "for ever" if wait is None else round(tape.seconds() + wait, 9))
                tape.step("sleep", text=f"nobody is ready: sleeps until {until}")
                tape.change(f"p{tape.program}.sleeps", None)
        return wait


def _is_anybody_ready(loop: Any) -> bool:
    """A simulated loop is told at once; a real one has to wait to know."""
    asked = getattr(loop.descriptors.poller, "is_anybody_ready", None)
    return asked is not None and asked()
