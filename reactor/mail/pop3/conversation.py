"""What POP3 says: +OK, -ERR, and what an error says."""

from __future__ import annotations

from reactor import log
from reactor.cred.error import LoginDenied, LoginFailed
from reactor.failure import Failure
from reactor.mail.pop3.wire import NoSuchMessage, POP3Error, one_line
from reactor.protocols.basic.conversation import Conversation as Lines


class Conversation(Lines):
    """Lines in, responses out."""

    MAX_LENGTH = 255  # RFC 2449, section 4
    mostErrors = 5
    _errors = 0

    def lineTooLong(self) -> None:
        """An error like others."""
        self.explain(Failure(POP3Error(f"a line has at most {self.MAX_LENGTH} bytes")))

    def successResponse(self, message: bytes | str = b"") -> None:
        """Say that it went well."""
        self._errors = 0
        self.sendLine((b"+OK " + one_line(message)).rstrip())

    def failResponse(self, message: bytes | str = b"", code: bytes = b"") -> None:
        """Say that it didn't. code: one of RFC 2449's and 3206's, which programs understand, such as b"IN-USE"."""
        self.sendLine(b"-ERR " + (b"[" + code + b"] " if code else b"") + one_line(message))

    def explain(self, failure: Failure) -> None:
        """Say what went wrong, as far as it is the client's business; log the rest. Too many errors end the session."""
        problem = failure.value
        if isinstance(problem, POP3Error):
            self._errors += not isinstance(problem, NoSuchMessage)
            self.failResponse(str(problem))
            if self._errors >= self.mostErrors:
                self.transport.loseConnection()
        elif isinstance(problem, LoginDenied):
            self.failResponse("not now", getattr(problem, "code", b"SYS/TEMP"))
        elif isinstance(problem, LoginFailed):
            self.failResponse("this name and password let nobody in", b"AUTH")
        else:
            log.err(failure, "a command of POP3")
            self.failResponse("something went wrong here", b"SYS/TEMP" if isinstance(problem, OSError) else b"SYS/PERM")
