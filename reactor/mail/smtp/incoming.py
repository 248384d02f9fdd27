"""One letter that comes in: its bytes become lines, and go to one IMessageSMTP for each recipient.

Two programs that disagree on where a line ends can be made to take one letter for two (SMTP smuggling, CVE-2023-51764,
-51765, -51766). So a CR or LF that is no CRLF spoils the letter, whatever else is right about it.
"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from typing import Any

from reactor import log
from reactor.defer import Deferred, DeferredList, maybeDeferred
from reactor.failure import Failure
from reactor.mail.interfaces import IMessageSMTP
from reactor.mail.smtp.errors import SMTPServerError

LONGEST_LINE_BYTES = 65_536  # a line has 1,000 by the standard; who sends HTML on one line means no harm
_CRLF = b"\r\n"
_FULL = {errno.ENOSPC, errno.EDQUOT}


class IncomingLetter:
    """A letter on its way in.

    messages: one for each recipient. most_bytes: what is accepted. problem: why it is refused; None while it isn't.
    From then on its bytes are read and forgotten, and the messages have heard that it is lost.
    """

    def __init__(self, messages: Sequence[IMessageSMTP], most_bytes: int) -> None:
        self._messages = messages
        self._most_bytes, self.size = most_bytes, 0
        self._tail = b""
        self._has_begun = False
        self.problem: SMTPServerError | None = None

    def feed(self, data: bytes, isCounted: bool = False) -> None:
        """A part of the letter, cut anywhere. isCounted: whether somebody else counts bare CRs and LFs in it."""
        self.size += len(data)
        if self.problem is not None:
            return None
        if self.size > self._most_bytes:
            return self.refuse(SMTPServerError(552, f"5.3.4 A letter has at most {self._most_bytes} bytes"))
        data = self._tail + data
        lines = data.split(_CRLF)
        self._tail = tail = lines.pop()
        if len(tail) > LONGEST_LINE_BYTES:
            return self.refuse(SMTPServerError(500, f"5.5.2 A line has at most {LONGEST_LINE_BYTES} bytes"))
        if not isCounted and any(b"\n" in line or b"\r" in line for line in lines):
            return self.refuseBare()
        return self._pass_on(lines)

    def _pass_on(self, lines: list[bytes]) -> None:
        if lines and not self._has_begun:
            self._has_begun = True
            if lines[0] and b":" not in lines[0]:
                lines.insert(0, b"")  # a letter without headers: ours must not become its first paragraph
        try:
            for message in self._messages:
                receive = message.lineReceived
                for line in lines:
                    receive(line)
        except SMTPServerError as problem:
            self.refuse(problem)
        except Exception:
            self.refuse(as_reply(Failure()))

    def refuseBare(self) -> None:
        """It won't be taken: a CR or LF came alone."""
        if self.problem is not None:
            return
        self.refuse(SMTPServerError(550, "5.5.2 A line ends with CR and LF together; one of them came alone"))

    def refuse(self, problem: SMTPServerError) -> None:
        """It won't be taken, for this reason."""
        self.problem, self._tail = problem, b""
        self.lost()

    def lost(self) -> None:
        """The rest will not come."""
        messages, self._messages = self._messages, ()
        for message in messages:
            try:
                message.connectionLost()
            except Exception:
                log.err(None, "a message that was told that the rest won't come")

    def end(self) -> Deferred[list[SMTPServerError | None]]:
        """That was all. Fires, when every recipient's is safe or has failed, with a list: None, or why not."""
        if self._tail and not self.problem:
            if b"\n" in self._tail or b"\r" in self._tail:
                self.refuseBare()
            else:
                self._pass_on([self._tail])
        if self.problem is not None:
            return maybeDeferred(lambda: [self.problem])
        waiting = [maybeDeferred(message.eomReceived) for message in self._messages]
        self._messages = ()
        if len(waiting) == 1:  # as a rule; a DeferredList for one costs as much as all the rest of this
            return waiting[0].addCallbacks(lambda _: [None], lambda failure: [as_reply(failure)])
        return DeferredList(waiting, consumeErrors=True).addCallback(_outcomes)


def _outcomes(results: list[tuple[bool, Any]]) -> list[SMTPServerError | None]:
    return [None if success else as_reply(result) for success, result in results]


def as_reply(failure: Failure) -> SMTPServerError:
    """The reply to a failure. An error of ours or of the disk is never the sender's: they may try again."""
    problem = failure.value
    if isinstance(problem, SMTPServerError):
        return problem
    log.err(failure, "a letter can't be kept")
    if isinstance(problem, OSError) and problem.errno in _FULL:
        return SMTPServerError(452, "4.3.1 No space for the letter now")
    return SMTPServerError(451, "4.3.0 Local error, try again later")


def worst(outcomes: Sequence[SMTPServerError | None]) -> SMTPServerError | None:
    """The one reply to a letter with several recipients: "not now" before "no" before "done".

    After "not now" the sender tries all of them again: some may get it twice, but none of them never.
    """
    problems = [problem for problem in outcomes if problem is not None]
    return min(problems, key=lambda problem: problem.code, default=None)
