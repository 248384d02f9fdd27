"""A Python prompt inside a running program. The names of `twisted.conch.manhole`.

Whoever has the prompt can do all that the program can: give it to nobody whom you wouldn't give its account. It runs in
the program's thread, so while a command runs nobody else is served. What can be bounded is: a command is interrupted by
^C (not over TLS, where nobody sees it come) and after `longest_s` s, one that prints after `mostOutput` characters, by
an Interrupted that no `except Exception` catches. One that waits inside C, or catches even that, stops the program:
kill it. What other threads print meanwhile is not this command's, and goes where it always goes.

What a command prints is shown without control characters: it may be what a stranger has sent, and your terminal obeys.
"""

from __future__ import annotations

import asyncio
import code
import contextlib
import io
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from reactor.conch import recvline
from reactor.conch.completion import common_beginning, completions, name_before
from reactor.defer import Deferred, ensureDeferred
from reactor.failure import Failure
from reactor.protocols.finger import shown

_LOOK_EVERY_S = 0.1  # whether ^C has come
_MOST_SHOWN = 200  # ways to complete a name

CTRL_A, CTRL_C, CTRL_D, CTRL_E, CTRL_L, CTRL_BACKSLASH = b"\x01", b"\x03", b"\x04", b"\x05", b"\x0c", b"\x1c"


class Interrupted(BaseException):
    """A command took too long, or said too much, or its person has had enough."""


class _Output(io.StringIO):
    """What a command prints. It is shown when the command is done: an interruption mustn't meet a transport's write."""

    def __init__(self, most: int, others: Any) -> None:
        super().__init__()
        self.most, self._others, self._thread = most, others, threading.get_ident()

    def write(self, text: str) -> int:
        if threading.get_ident() != self._thread:
            return int(self._others.write(text))
        if self.tell() + len(text) > self.most:
            raise Interrupted(f"a command may say {self.most} characters: see Manhole.mostOutput")
        return super().write(text)


class ManholeInterpreter(code.InteractiveInterpreter):
    """Runs commands for a manhole. handler: it. locals: the names that they see, and set.

    A Deferred is shown by a number, and again when it has a result; a coroutine is started, and shown as its Deferred.
    """

    def __init__(self, handler: Any, locals: dict[str, Any] | None = None, filename: str = "<console>") -> None:
        super().__init__(locals)
        self.handler, self.filename = handler, filename
        self.resetBuffer()
        self._numbers: dict[int, int] = {}  # of Deferreds that wait, by their id
        self._count = 0
        self._output: _Output | None = None  # of the command that runs

    def resetBuffer(self) -> None:
        """Forget the lines of a command that isn't complete."""
        self.buffer: list[bytes] = []

    def push(self, line: bytes) -> bool:
        """Take a line, and run the command if it is complete. Returns whether it isn't."""
        self.buffer.append(line)
        more = False
        with self._as_terminal():
            try:
                more = self.runsource(b"\n".join(self.buffer).decode("utf-8", "replace"), self.filename)
            except SystemExit:
                self.handler.handle_QUIT()
            except Exception:  # the compiler's, for too many brackets
                self.showtraceback()
        if not more:
            self.resetBuffer()
        return more

    def runcode(self, code: Any) -> None:
        """Run it, within the bounds."""
        with _at_most(self.handler.longest_s, getattr(self.handler, "isInterrupted", bool)):
            super().runcode(code)

    @contextlib.contextmanager
    def _as_terminal(self) -> Iterator[None]:
        before = sys.stdout, sys.displayhook, sys.excepthook
        handler = self.handler
        output = self._output = _Output(handler.mostOutput, sys.stdout)
        sys.stdout, sys.displayhook, sys.excepthook = output, self.displayhook, sys.__excepthook__
        try:
            yield
        finally:
            sys.stdout, sys.displayhook, sys.excepthook = before
            self._output = None
            handler.addOutput(output.getvalue())

    def displayhook(self, obj: Any) -> None:
        """Show the value of a command, and keep it as `_`."""
        if asyncio.iscoroutine(obj):
            obj = ensureDeferred(obj)
        self.locals["_"] = obj
        if isinstance(obj, Deferred) and not obj.called:
            if id(obj) not in self._numbers:
                self._numbers[id(obj)], self._count = self._count, self._count + 1
                obj.addCallbacks(self._called_back, self._failed, (obj,), None, (obj,), None)
            self.write(f"<Deferred #{self._numbers[id(obj)]}>")
        elif obj is not None:
            self.write(repr(obj))

    def _called_back(self, result: Any, deferred: Any) -> Any:
        self.write(f"Deferred #{self._numbers.pop(id(deferred))} called back: {result!r}", True)
        return result

    def _failed(self, failure: Failure, deferred: Any) -> Failure:
        self.write(f"Deferred #{self._numbers.pop(id(deferred))} failed: {failure.getErrorMessage()!r}", True)
        return failure

    def write(self, data: str, isAsync: bool = False) -> None:
        """Show this, or the beginning of it, if there is still somebody. isAsync: it comes by itself."""
        if self.handler is None:
            return
        data = data[: self.handler.mostOutput]
        if self._output is None or isAsync:
            self.handler.addOutput(data, isAsync)
        else:
            io.StringIO.write(self._output, data)


@contextlib.contextmanager
def _at_most(longest_s: float | None, is_interrupted: Callable[[], bool]) -> Iterator[None]:
    """Interrupt what takes longer. In other threads, and where there are no such signals, it isn't."""
    began = time.monotonic()
    every_s = _LOOK_EVERY_S if longest_s is None else min(longest_s, _LOOK_EVERY_S)

    def look(*_: object) -> None:
        if longest_s is not None and time.monotonic() - began >= longest_s:
            reason = f"a command may take {longest_s} s: see Manhole.longest_s"
        elif is_interrupted():
            reason = "by ^C"
        else:
            return
        signal.setitimer(signal.ITIMER_REAL, 0)
        raise Interrupted(reason)

    before: Any = None
    try:
        before = signal.signal(signal.SIGALRM, look)
        signal.setitimer(signal.ITIMER_REAL, every_s, every_s)
    except Exception:  # in a thread; on Windows; in the simulated world: each has its own
        if before is not None:
            signal.signal(signal.SIGALRM, before)
        yield
        return
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Manhole(recvline.HistoricRecvLine):
    """A prompt at a terminal. namespace: the names that commands see; each terminal has a copy."""

    namespace: Mapping[str, Any] | None = None
    longest_s: float | None = 10.0
    mostOutput = 1_000_000

    def __init__(self, namespace: Mapping[str, Any] | None = None) -> None:
        self.namespace = self.namespace if namespace is None else namespace

    def connectionMade(self) -> None:
        """Prompt."""
        super().connectionMade()
        self.interpreter = ManholeInterpreter(self, None if self.namespace is None else dict(self.namespace))
        self.keyHandlers.update(
            {
                CTRL_C: self.handle_INT,
                CTRL_D: self.handle_EOF,
                CTRL_L: self.handle_FF,
                CTRL_A: self.handle_HOME,
                CTRL_E: self.handle_END,
                CTRL_BACKSLASH: self.handle_QUIT,
            }
        )

    def connectionLost(self, reason: Failure) -> None:
        """Nobody is shown anything any more."""
        super().connectionLost(reason)
        self.interpreter.handler = None

    def isInterrupted(self) -> bool:
        """Whether ^C has come while a command runs, as far as the connection can tell."""
        return bool(getattr(self.terminal.transport, "isInterrupted", bool)())

    def handle_TAB(self) -> None:
        """Complete the name before the cursor, as far as there is but one way, or show the ways. Else, spaces."""
        name = name_before(self.currentLineBuffer()[0].decode("utf-8", "replace"))
        if not name:
            super().handle_TAB()
            return
        with _at_most(self.longest_s, self.isInterrupted):
            found = completions(name, self.interpreter.locals)
        more = common_beginning(found)[len(name) :]
        for character in more:
            self.characterReceived(character.encode(), False)
        if len(found) > 1 and not more:
            ways = [way.rpartition(".")[2] for way in found[:_MOST_SHOWN]]
            self.addOutput("  ".join([*ways, *(["…"] if len(found) > len(ways) else [])]), True)

    def handle_INT(self) -> None:
        """^C: forget what was typed."""
        self.pn = 0
        self.lineBuffer, self.lineBufferIndex = [], 0
        self.interpreter.resetBuffer()
        self.terminal.write(b"\nKeyboardInterrupt\n" + self.ps[self.pn])

    def handle_EOF(self) -> None:
        """^D: leave, if nothing was typed."""
        if self.lineBuffer:
            self.terminal.write(b"\a")
        else:
            self.handle_QUIT()

    def handle_FF(self) -> None:
        """^L: clear the screen."""
        self.terminalSize(self.width, self.height)

    def handle_QUIT(self) -> None:
        """Leave."""
        self.terminal.loseConnection()

    def addOutput(self, data: str, isAsync: bool = False) -> None:
        """Show this. isAsync: above the line that is being typed."""
        if isAsync:
            self.terminal.write(b"\r")
            self.terminal.eraseLine()
        self.terminal.write(shown(data.encode("utf-8", "backslashreplace")))
        if isAsync:
            self._begin_a_line()
            self.drawInputLine()

    def _begin_a_line(self) -> None:
        if not self.terminal.lastWrite.endswith(b"\n"):
            self.terminal.nextLine()

    def lineReceived(self, line: bytes) -> None:
        """Run it."""
        self.pn = int(self.interpreter.push(line))
        if not self.terminal.transport.disconnecting:
            self._begin_a_line()
            self.terminal.write(self.ps[self.pn])
