"""Three-digit replies, as in SMTP, FTP and NNTP, and a client that matches them to its commands.

    reply = *( code "-" text CRLF ) code [ " " text ] CRLF                                     (RFC 5321 section 4.2)

The first digit tells what became of the command: 2 it is done, 3 go on, 4 not now, 5 not at all.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from reactor.defer import Deferred, fail
from reactor.failure import Failure
from reactor.protocol import connectionDone
from reactor.protocols.basic.closing_politely import refuse
from reactor.protocols.basic.lines import LineReceiver


class ReplyError(ValueError):
    """What came is no reply."""


@dataclass(frozen=True)
class Reply:
    """One reply. code: from 100 to 599. lines: its text, without codes and ends of lines; at least one."""

    code: int
    lines: tuple[bytes, ...]

    @property
    def text(self) -> bytes:
        """All lines, with LF between them."""
        return b"\n".join(self.lines)


class ReplyReader:
    """Makes replies of lines.

    free_lines: whether lines between the first and the last may be anything, as in FTP; else each begins with the code.
    MAX_LINES, MAX_BYTES: in one reply.
    """

    MAX_LINES = 1000  # EHLO has some dozens, a help text of FTP some hundreds
    MAX_BYTES = 2**18

    def __init__(self, free_lines: bool = False) -> None:
        self.free_lines = free_lines
        self._code = b""
        self._lines: list[bytes] = []
        self._size = 0

    def feed(self, line: bytes) -> Reply | None:
        """The reply that this line completes, if it does. Raises ReplyError, and begins anew after it."""
        code, mark = line[:3], line[3:4]
        is_reply = len(code) == 3 and code.isdigit() and code[:1] in b"12345" and mark in (b"", b" ", b"-")
        if self._lines and self.free_lines and not (is_reply and code == self._code):
            return self._keep(line, is_last=False)
        if not is_reply or code != (self._code or code):
            expected = self._code.decode() or "three digits"
            self._begin_anew()
            raise ReplyError(f"a reply begins with {expected}, and then a space or a hyphen, unlike {line[:80]!r}")
        self._code = code
        return self._keep(line[4:], is_last=mark != b"-")

    def _keep(self, text: bytes, is_last: bool) -> Reply | None:
        self._lines.append(text)
        self._size += len(text)
        if is_last:
            reply = Reply(int(self._code), tuple(self._lines))
            self._begin_anew()
            return reply
        code, has_many = self._code.decode(), len(self._lines) >= self.MAX_LINES
        if has_many or self._size > self.MAX_BYTES:
            self._begin_anew()
            most = f"{self.MAX_LINES} lines" if has_many else f"{self.MAX_BYTES} bytes"
            raise ReplyError(f"a reply {code} has more than {most}")
        return None

    def _begin_anew(self) -> None:
        self._code, self._lines, self._size = b"", [], 0


class CommandClient(LineReceiver):
    """Sends commands, and gives each its reply.

    pipelined: whether to send a command before the ones in front of it have their replies (RFC 2920).
    free_lines: as for ReplyReader. has_marks: whether a reply 1xx only says that the answer follows, as in FTP; else it
    is an answer, as in NNTP. MAX_COMMANDS: how many may wait; what asks faster than the server answers must stop.
    """

    pipelined = False
    free_lines = False
    has_marks = False
    MAX_COMMANDS = 1000

    def connectionMade(self) -> None:
        """Begin, with no commands. Call this from an override."""
        self.__reader = ReplyReader(self.free_lines)
        self.__unsent: deque[bytes] = deque()
        self.__waiting: deque[Deferred[Reply]] = deque()
        self.__lost: Failure | None = None

    def sendCommand(self, command: bytes) -> Deferred[Reply]:
        """Send one line, when it is its turn.

        Returns a Deferred of the reply, whatever its code; it fails as the connection does, if that is lost before.
        Raises ValueError for a command with CR, LF or NUL in it: somebody's input is about to become a second command;
        RuntimeError when MAX_COMMANDS are waiting.
        """
        if any(mark in command for mark in (b"\r", b"\n", b"\0")):
            raise ValueError(f"a command is one line, and {command[:80]!r} has CR, LF or NUL in it")
        if self.__lost is not None:
            return fail(self.__lost)
        if len(self.__waiting) >= self.MAX_COMMANDS:
            raise RuntimeError(f"{self.MAX_COMMANDS} commands wait for replies: wait for some, then send more")
        reply: Deferred[Reply] = Deferred()
        self.__unsent.append(command)
        self.__waiting.append(reply)
        self.__send()
        return reply

    def expectReply(self) -> Deferred[Reply]:
        """The next reply that no command asks for: the greeting, say."""
        if self.__lost is not None:
            return fail(self.__lost)
        reply: Deferred[Reply] = Deferred()
        self.__waiting.appendleft(reply)
        return reply

    def __send(self) -> None:
        """Send those whose turn it is: all, or the one whose reply is the next to come."""
        while self.__unsent and (self.pipelined or len(self.__unsent) == len(self.__waiting)):
            self.sendLine(self.__unsent.popleft())

    def unexpectedReply(self, reply: Reply) -> None:
        """A reply came that nothing waits for, such as 421, "I'm going down"; closes, unless you override it."""
        refuse(self, f"a reply to no command: {reply.code} {reply.text[:80]!r}")

    def markReceived(self, reply: Reply) -> None:
        """What a command asked for begins, if `has_marks`; its answer follows."""

    def lineReceived(self, line: bytes) -> None:
        """A line of a reply. If it can't be one, the connection is closed."""
        try:
            reply = self.__reader.feed(line)
        except ReplyError as problem:
            refuse(self, str(problem))
            return
        if reply is None:
            return
        if not self.__waiting or len(self.__waiting) == len(self.__unsent):
            self.unexpectedReply(reply)
            return
        if self.has_marks and reply.code < 200:
            self.markReceived(reply)
            return
        self.__waiting.popleft().callback(reply)
        self.__send()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """No more replies come: fail all that wait. Call this from an override."""
        self.__lost = reason
        self.__unsent.clear()
        while self.__waiting:
            self.__waiting.popleft().errback(reason)
