"""A line editor: keys in, lines out. The names of `twisted.conch.recvline`.

The line is a list of characters, each with the marks that stand above it; some are two columns wide. Bounds: a line has
`mostCharacters`, each with its marks `mostBytes`; the history has `mostLines`, of `mostHistory` bytes together. Control
characters are keys, and never part of a line.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable

from reactor.conch.insults import insults


def columns_of(character: bytes) -> int:
    """How many columns it takes: 0 for a mark that stands above another character, else 1 or 2."""
    first = character.decode("utf-8", "replace")[:1]
    if unicodedata.combining(first):
        return 0
    return 2 if unicodedata.east_asian_width(first) in "WF" else 1


def _columns(characters: Iterable[bytes]) -> int:
    return sum(map(columns_of, characters))


class RecvLine(insults.TerminalProtocol):
    """Gets lines: override `lineReceived`, and write a new prompt there.

    ps, pn: the prompts, and which of them it is now. lineBuffer: the characters. lineBufferIndex: of them, those
    before the cursor. keyHandlers: key → what is called. mode: "insert" or "typeover". width, height: the terminal's.
    """

    width, height = 80, 24
    TABSTOP = 4
    ps = (b">>> ", b"... ")
    pn = 0
    mostCharacters = 4096
    mostBytes = 64  # of a character with its marks

    def connectionMade(self) -> None:
        """Take over the terminal. Call this from an override."""
        self.lineBuffer: list[bytes] = []
        self.lineBufferIndex = 0
        t = self.terminal
        self.keyHandlers: dict[bytes, Callable[[], object]] = {
            t.LEFT_ARROW: self.handle_LEFT,
            t.RIGHT_ARROW: self.handle_RIGHT,
            t.TAB: self.handle_TAB,
            b"\r": self.handle_RETURN,
            b"\n": self.handle_RETURN,
            t.BACKSPACE: self.handle_BACKSPACE,
            b"\b": self.handle_BACKSPACE,
            t.DELETE: self.handle_DELETE,
            t.INSERT: self.handle_INSERT,
            t.HOME: self.handle_HOME,
            t.END: self.handle_END,
            b"\x15": self.clearLine,  # ^U
        }
        self.initializeScreen()

    def initializeScreen(self) -> None:
        """Clear the screen, and prompt."""
        self.terminal.reset()
        self.terminal.write(self.ps[self.pn])
        self.setInsertMode()

    def lineReceived(self, line: bytes) -> None:
        """A line, in UTF-8, without its end."""

    def currentLineBuffer(self) -> tuple[bytes, bytes]:
        """What is before the cursor, and what is behind it."""
        return b"".join(self.lineBuffer[: self.lineBufferIndex]), b"".join(self.lineBuffer[self.lineBufferIndex :])

    def setInsertMode(self) -> None:
        """Characters move those behind them."""
        self.mode = "insert"
        self.terminal.setModes([insults.modes.IRM])

    def setTypeoverMode(self) -> None:
        """Characters replace those behind them."""
        self.mode = "typeover"
        self.terminal.resetModes([insults.modes.IRM])

    def drawInputLine(self) -> None:
        """Write the prompt and the line at the cursor."""
        before, behind = self.currentLineBuffer()
        self.terminal.write(self.ps[self.pn] + before + behind)
        self._move(-_columns(self.lineBuffer[self.lineBufferIndex :]))

    def clearLine(self) -> None:
        """Throw the line away."""
        self.handle_HOME()
        self.terminal.eraseToLineEnd()
        self.lineBuffer = []

    def terminalSize(self, width: int, height: int) -> None:
        """Draw the line anew."""
        self.width, self.height = width, height
        self.terminal.eraseDisplay()
        self.terminal.cursorHome()
        self.drawInputLine()

    def keystrokeReceived(self, keyID: bytes, modifier: bytes | None) -> None:
        """Do what the key is for. Keys that are for nothing do nothing."""
        handler = self.keyHandlers.get(keyID)
        if handler is not None:
            handler()
        elif keyID not in insults.FUNCTION_KEYS and (
            columns_of(keyID) == 0 or keyID.decode("utf-8", "replace").isprintable()
        ):
            self.characterReceived(keyID, False)

    def characterReceived(self, ch: bytes, moreCharactersComing: bool) -> None:
        """Put a character into the line. Rings the bell when it is full."""
        place = self.lineBufferIndex
        if len(self.lineBuffer) >= self.mostCharacters or (columns_of(ch) == 0 and not self._takes_mark(place, ch)):
            self.terminal.write(b"\a")
            return
        replaced = self.lineBuffer[place : place + (self.mode == "typeover" and columns_of(ch) > 0)]
        if columns_of(ch) == 0:
            self.lineBuffer[place - 1] += ch
        else:
            self.lineBuffer[place : place + len(replaced)] = [ch]
            self.lineBufferIndex += 1
        self.terminal.write(ch)
        if replaced and columns_of(replaced[0]) != columns_of(ch):
            behind = self.lineBuffer[self.lineBufferIndex :]
            self.terminal.eraseToLineEnd()
            self.terminal.write(b"".join(behind))
            self._move(-_columns(behind))

    def _takes_mark(self, place: int, mark: bytes) -> bool:
        return place > 0 and len(self.lineBuffer[place - 1]) + len(mark) <= self.mostBytes

    def _move(self, columns: int) -> None:
        if columns:
            (self.terminal.cursorForward if columns > 0 else self.terminal.cursorBackward)(abs(columns))

    def handle_LEFT(self) -> None:
        """One character back."""
        if self.lineBufferIndex > 0:
            self.lineBufferIndex -= 1
            self._move(-columns_of(self.lineBuffer[self.lineBufferIndex]))

    def handle_RIGHT(self) -> None:
        """One forward."""
        if self.lineBufferIndex < len(self.lineBuffer):
            self._move(columns_of(self.lineBuffer[self.lineBufferIndex]))
            self.lineBufferIndex += 1

    def handle_HOME(self) -> None:
        """To the beginning of the line."""
        self._move(-_columns(self.lineBuffer[: self.lineBufferIndex]))
        self.lineBufferIndex = 0

    def handle_END(self) -> None:
        """To its end."""
        self._move(_columns(self.lineBuffer[self.lineBufferIndex :]))
        self.lineBufferIndex = len(self.lineBuffer)

    def handle_TAB(self) -> None:
        """Spaces, up to the next stop."""
        for _ in range(self.TABSTOP - self.lineBufferIndex % self.TABSTOP):
            self.characterReceived(b" ", False)

    def handle_BACKSPACE(self) -> None:
        """Delete the character before the cursor."""
        if self.lineBufferIndex > 0:
            self.handle_LEFT()
            self.handle_DELETE()

    def handle_DELETE(self) -> None:
        """Delete the one behind it."""
        if self.lineBufferIndex < len(self.lineBuffer):
            self.terminal.deleteCharacter(columns_of(self.lineBuffer.pop(self.lineBufferIndex)))

    def handle_RETURN(self) -> None:
        """Hand the line over."""
        line = b"".join(self.lineBuffer)
        self.lineBuffer, self.lineBufferIndex = [], 0
        self.terminal.nextLine()
        self.lineReceived(line)

    def handle_INSERT(self) -> None:
        """Change the mode."""
        (self.setInsertMode if self.mode == "typeover" else self.setTypeoverMode)()


class HistoricRecvLine(RecvLine):
    """Remembers lines: up and down lead to them. historyLines: the oldest first. historyPosition: which is shown."""

    mostLines = 1000
    mostHistory = 2**20  # bytes; else a thousand long lines were 262 MB

    def connectionMade(self) -> None:
        super().connectionMade()
        self.historyLines: list[bytes] = []
        self.historyPosition = 0
        self.keyHandlers.update({self.terminal.UP_ARROW: self.handle_UP, self.terminal.DOWN_ARROW: self.handle_DOWN})

    def currentHistoryBuffer(self) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
        """The lines before the one that is shown, and the others."""
        lines = tuple(self.historyLines)
        return lines[: self.historyPosition], lines[self.historyPosition :]

    def _remember(self) -> None:
        self.historyLines = [*self.historyLines, b"".join(self.lineBuffer)][-self.mostLines :]
        while len(self.historyLines) > 1 and sum(map(len, self.historyLines)) > self.mostHistory:
            del self.historyLines[0]

    def _show(self, position: int) -> None:
        self.historyPosition = position
        self.clearLine()
        for character in b"".join(self.historyLines[position : position + 1]).decode():
            self.characterReceived(character.encode(), False)

    def handle_UP(self) -> None:
        """The line before. What was being written is kept behind the last."""
        if self.lineBuffer and self.historyPosition == len(self.historyLines):
            self._remember()
            self.historyPosition = len(self.historyLines) - 1
        if self.historyPosition > 0:
            self._show(self.historyPosition - 1)

    def handle_DOWN(self) -> None:
        """The next one; behind the last, an empty one."""
        self._show(min(self.historyPosition + 1, len(self.historyLines)))

    def handle_RETURN(self) -> None:
        """Remember the line, and hand it over."""
        if self.lineBuffer:
            self._remember()
        self.historyPosition = len(self.historyLines)
        super().handle_RETURN()
