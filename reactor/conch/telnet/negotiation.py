"""Agreeing on options: RFC 1143's Q method, a table of 24 rows.

Each side may have an option on or off. One asks, WILL or DO; the other agrees in the same words, or refuses, WONT or
DONT. As agreeing and asking look alike, two peers who answer everything answer each other for ever (RFC 854 had that
hole). The rule that ends it: say something only to change what is, or to answer a change.

What is left is who changes their mind while a question is under way. The Q is the queue for that, one bit long: the
opposite is asked for as soon as the answer is here.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

from reactor.conch.telnet.codes import DO, DONT, WILL, WONT
from reactor.conch.telnet.interfaces import AlreadyDisabled, AlreadyEnabled, AlreadyNegotiating, OptionRefused
from reactor.defer import Deferred, fail
from reactor.failure import Failure

# What is known of an option on one side. WANT…: asked for, not answered yet; …_OPPOSITE: not wanted any more.
Q = enum.Enum("Q", "NO YES WANTNO WANTNO_OPPOSITE WANTYES WANTYES_OPPOSITE")
Event = enum.Enum("Event", "HEARS_YES HEARS_NO WANTS_YES WANTS_NO")
NO, YES, WANTNO, WANTNO_OPPOSITE, WANTYES, WANTYES_OPPOSITE = Q
HEARS_YES, HEARS_NO, WANTS_YES, WANTS_NO = Event
SAYS_YES, SAYS_NO = True, False

# State, event → the next state, and what is said; or the error of who wants it.
TABLE: dict[tuple[Q, Event], tuple[Q, bool | None] | type[Exception]] = {
    (NO, HEARS_YES): (YES, SAYS_YES),  # if the program agrees; otherwise NO, SAYS_NO
    (NO, HEARS_NO): (NO, None),
    (NO, WANTS_YES): (WANTYES, SAYS_YES),
    (NO, WANTS_NO): AlreadyDisabled,
    (YES, HEARS_YES): (YES, None),
    (YES, HEARS_NO): (NO, SAYS_NO),
    (YES, WANTS_YES): AlreadyEnabled,
    (YES, WANTS_NO): (WANTNO, SAYS_NO),
    (WANTNO, HEARS_YES): (NO, None),  # nobody may answer no with yes; the RFC takes it for a no
    (WANTNO, HEARS_NO): (NO, None),
    (WANTNO, WANTS_YES): (WANTNO_OPPOSITE, None),
    (WANTNO, WANTS_NO): AlreadyNegotiating,
    (WANTNO_OPPOSITE, HEARS_YES): (YES, None),  # the same
    (WANTNO_OPPOSITE, HEARS_NO): (WANTYES, SAYS_YES),
    (WANTNO_OPPOSITE, WANTS_YES): AlreadyNegotiating,
    (WANTNO_OPPOSITE, WANTS_NO): (WANTNO, None),
    (WANTYES, HEARS_YES): (YES, None),
    (WANTYES, HEARS_NO): (NO, None),
    (WANTYES, WANTS_YES): AlreadyNegotiating,
    (WANTYES, WANTS_NO): (WANTYES_OPPOSITE, None),
    (WANTYES_OPPOSITE, HEARS_YES): (WANTNO, SAYS_NO),
    (WANTYES_OPPOSITE, HEARS_NO): (NO, None),
    (WANTYES_OPPOSITE, WANTS_YES): (WANTYES, None),
    (WANTYES_OPPOSITE, WANTS_NO): AlreadyNegotiating,
}
_IS_ON = {YES, WANTNO, WANTNO_OPPOSITE}


class Side:
    """An option on one side of a connection. q: what is known of it.

    option: its byte. words: how we say yes and no: WILL and WONT of our side, DO and DONT of the peer's. say: sends a
    word. enable: asked, with the option, whether the peer may turn it on, and told when it is on because we asked for
    it. disable: told when it is off.
    """

    def __init__(
        self,
        option: bytes,
        words: tuple[bytes, bytes],
        say: Callable[[bytes, bytes], object],
        enable: Callable[[bytes], object],
        disable: Callable[[bytes], object],
    ) -> None:
        self.option, self.words, self.q = option, words, NO
        self._say, self._enable, self._disable = say, enable, disable
        self._waiting: list[tuple[bool, Deferred[bool]]] = []

    @property
    def state(self) -> str:
        """As Twisted has it: "yes" while the option is in force, else "no"."""
        return "yes" if self.q in _IS_ON else "no"

    @property
    def negotiating(self) -> bool:
        """Whether the peer has been asked and hasn't answered."""
        return self.q not in (NO, YES)

    def hears(self, yes: bool) -> None:
        """The peer says so."""
        agreed = yes and self.q is NO and bool(self._enable(self.option))
        if yes and self.q is NO and not agreed:
            self._say(self.words[1], self.option)
            return
        before = self.state
        self._go(HEARS_YES if yes else HEARS_NO)
        after = self.state
        if not self.negotiating:
            self._settle()
        if after != before and not agreed:
            (self._disable if before == "yes" else self._enable)(self.option)

    def wants(self, yes: bool) -> Deferred[bool]:
        """Ask for it. Returns a Deferred: see ITelnetTransport.do."""
        problem = self._go(WANTS_YES if yes else WANTS_NO)
        if problem is not None:
            return fail(problem(self.option))
        self._waiting.append((yes, Deferred()))
        return self._waiting[-1][1]

    def _go(self, event: Event) -> type[Exception] | None:
        row = TABLE[self.q, event]
        if isinstance(row, type):
            return row
        self.q, says = row
        if says is not None:
            self._say(self.words[0] if says else self.words[1], self.option)
        return None

    def _settle(self) -> None:
        waiting, self._waiting = self._waiting, []
        for yes, result in waiting:
            if yes == (self.q is YES):
                result.callback(True)
            else:
                result.errback(OptionRefused(self.option))

    def lost(self, reason: Failure) -> None:
        """The connection is: nobody answers any more."""
        waiting, self._waiting = self._waiting, []
        for _, result in waiting:
            result.errback(reason)


class OptionState:
    """An option on both sides. us: ours; him: the peer's."""

    def __init__(self, option: bytes, say: Callable[[bytes, bytes], object], program: Any) -> None:
        self.us = Side(option, (WILL, WONT), say, program.enableLocal, program.disableLocal)
        self.him = Side(option, (DO, DONT), say, program.enableRemote, program.disableRemote)
