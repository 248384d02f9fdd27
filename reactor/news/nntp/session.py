"""A session of NNTP: who is there, what they may do, and what an error says. What the commands do is in `server`.

Logins: AUTHINFO USER, PASS and SASL (RFC 4643), STARTTLS (4642, 8143). Bounds: a command has 512 bytes, a line
`MAX_LENGTH`, an article `mostBytes`; a session ends after `mostErrors` in a row, and when nothing moves for `timeOut`
s; who guesses at passwords meets `policies.logins`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar

from reactor import log
from reactor.cred.error import LoginFailed
from reactor.defer import DeferredLock, ensureDeferred, maybeDeferred
from reactor.failure import Failure
from reactor.news.interfaces import NoSuchArticle, NoSuchGroup, Rights
from reactor.news.wire import NNTPError, encoded, read_command
from reactor.protocols.basic.conversation import TextOfPieces
from reactor.protocols.basic.logins import LoginConversation
from reactor.protocols.policies.logins import mayTakePasswords

_STREAMED = re.compile(rb"[ \t]*(?:CHECK|(TAKETHIS))(?:[ \t]|\Z)", re.IGNORECASE)  # these don't wait for each other
_LONGEST_COMMAND = 510  # RFC 3977, section 3.1
_MEANINGS: dict[type[Exception], tuple[int, str]] = {
    NoSuchGroup: (411, "there is no such group here"),
    NoSuchArticle: (430, "there is no such article here"),
    LoginFailed: (481, "this name and password let nobody in"),
}
_COUNTED = (480, 481, 482, 500, 501)  # errors that a program doesn't make five times in a row


def lines_of(texts: Iterable[str]) -> Iterator[bytes]:
    """Each as a line."""
    return (encoded(text) + b"\r\n" for text in texts)


class NNTPSession(LoginConversation):
    """Lines in, replies out.

    rights: of whoever is there: at first those of anybody, then the avatar that the portal has for them.
    """

    COMMANDS: ClassVar[dict[str, tuple[int, int, str]]] = {}  # word → fewest and most arguments, which right it takes
    MAX_LENGTH = 12_288  # of responses in AUTHINFO SASL; see RFC 4954, section 4
    mostErrors = 5
    mostUnanswered = 50  # CHECK and TAKETHIS that are being done; the next waits
    timeOut = 600.0  # RFC 3977, section 3.1, wants 180 or more
    avatarInterface = Rights
    rights = Rights()
    _errors = 0
    _user: bytes | None = None  # of AUTHINFO USER, until PASS

    def __init__(self) -> None:
        self._in_turn = DeferredLock()  # so that replies come in the order of their commands

    def connectionMade(self) -> None:
        """Begin, and greet."""
        super().connectionMade()
        self.setTimeout(self.timeOut)
        self.greet()

    def greet(self) -> None:
        """The greeting, and the answer to MODE READER: whether they may post."""
        self.reply(200, "you may post") if self.rights.post else self.reply(201, "you may read")

    def reply(self, code: int, text: str) -> None:
        """Say how it went; 400 is the last that is said (RFC 3977, section 3.2.1)."""
        self._errors = 0 if code < 400 else self._errors
        self.sendLine(encoded(f"{code} {text}"))
        if code == 400:
            self.transport.loseConnection()

    async def replyWithText(self, code: int, text: str, pieces: Iterable[bytes]) -> None:
        """Say how it went, and send lines behind it."""
        self.reply(code, text)
        await self.sendText(TextOfPieces(pieces))

    def explain(self, failure: Failure) -> None:
        """Say what went wrong, as far as it is the client's business; log the rest. Too many errors end the session."""
        problem = failure.value
        code, text = next((it for kind, it in _MEANINGS.items() if isinstance(problem, kind)), (403, "not now"))
        if isinstance(problem, NNTPError):
            code, text = problem.code, " ".join(problem.text.split())
        elif code == 403:
            log.err(failure, "a command of NNTP")
        self._errors += code in _COUNTED
        self.reply(code, text)
        if self._errors >= self.mostErrors:
            self.transport.loseConnection()

    def lineTooLong(self) -> None:
        """Nobody knows what comes behind such a line: hang up."""
        self.reply(501, f"a line has at most {self.MAX_LENGTH} bytes")
        self.transport.loseConnection()

    async def command(self, line: bytes) -> None:
        """As LoginConversation's. What may be streamed doesn't wait for what came before."""
        streamed = _STREAMED.match(line)
        if streamed is None:
            await self._in_turn.run(self._do, line)
            return
        text = [await self.receiveText()] if streamed[1] else []  # at once, whatever is wrong with the line
        outcome = ensureDeferred(self._do(line, *text))
        self._in_turn.run(lambda: outcome.addCallbacks(lambda reply: self.reply(*reply), self._explained))
        if len(self._in_turn.waiting) >= self.mostUnanswered:
            await self._in_turn.run(lambda: None)

    async def _do(self, line: bytes, *text: tuple[bytes, int]) -> Any:
        word, words = read_command(line)
        least, most, right = self.COMMANDS.get(word, (0, -1, ""))
        if most < 0:
            raise NNTPError(500, f"{word[:20]} is no command here")
        if not least <= len(words) <= most or len(line) > _LONGEST_COMMAND:
            raise NNTPError(501, f"{word} has {least} to {most} arguments, and a line {_LONGEST_COMMAND} bytes")
        if right and not getattr(self.rights, right):
            raise self._forbidden(right)
        action: Callable[..., Any] = getattr(self, f"do_{word}")
        return await maybeDeferred(action, *words, *text)

    def _forbidden(self, right: str) -> NNTPError:
        if self.portal is not None and not self.isIn:
            return NNTPError(480, "log in first")
        return NNTPError(440 if right == "post" else 502, "you may not do this here")

    def do_QUIT(self) -> None:
        """Say goodbye."""
        self.reply(205, "goodbye")
        self.transport.loseConnection()

    def do_CAPABILITIES(self, keyword: str = "") -> Any:
        """What this server can, for whoever is there, now."""
        return self.replyWithText(101, "these are here", lines_of(["VERSION 2", *self.capabilities()]))

    def capabilities(self) -> list[str]:
        """The lines of CAPABILITIES."""
        mechanisms = self.mechanisms()
        found = ["AUTHINFO" + " USER" * ("PLAIN" in mechanisms) + " SASL"] if mechanisms else []
        found += [f"SASL {' '.join(mechanisms)}"] if mechanisms else []
        return [*found, "STARTTLS"] if self.mayStartTLS() else found

    # --- logins

    def do_STARTTLS(self) -> None:
        """Begin TLS. What came in the clear behind this command is forgotten, and so is a name."""
        if not self.mayStartTLS():
            raise NNTPError(502, "TLS can't begin here, or has begun already")
        self.reply(382, "begin")
        self._user = None
        self.transport.startTLS(self.contextFactory)

    async def do_AUTHINFO(self, kind: str, *words: str) -> None:
        """Log in: USER and PASS in the clear, or SASL."""
        if self.portal is None or self.isIn:
            raise NNTPError(502, "nobody logs in here" if self.portal is None else "you are in already")
        kind, value = kind.upper(), encoded(" ".join(words))
        if kind == "SASL" and len(words) <= 2:
            await self.saslLogin(words[0], encoded(words[1]) if words[1:] else None)
            return
        if kind not in ("USER", "PASS"):
            raise NNTPError(501, "there is AUTHINFO USER, PASS and SASL")
        if not mayTakePasswords(self.transport):
            raise NNTPError(483, "a password isn't taken in the clear: begin with STARTTLS")
        user, self._user = self._user, value if kind == "USER" else None
        if kind == "USER":
            self.reply(381, "and the password?")
        elif user is None:
            raise NNTPError(482, "USER comes before PASS")
        else:
            self.letIn(await self.passwordLogin(user, value))

    def challenge(self, text: bytes) -> None:
        self.reply(383, text.decode("ascii") or "=")

    def welcome(self, avatar: Rights) -> None:
        self.rights = avatar
        self.reply(281, "welcome")
