"""What our program tells others' programs by CTCP: only what `IRCClient` has been told to tell.

Answers are NOTICEs, which nobody answers. There are `ctcpBurst` of them in `ctcpPeriod` seconds, and no more: else a
stranger could have the server throw us out for talking too much.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Any

from reactor import log
from reactor.words.protocols.irc.ctcp import ctcpStringify
from reactor.words.protocols.irc.dcc import DccOffers
from reactor.words.protocols.irc.wire import IRCBadMessage


class CTCPReplies(DccOffers):
    """The queries of CTCP that IRCClient answers: `ctcpQuery_TAG(user, channel, data)` each.

    userinfo, fingerReply (a text, or a function that returns one), versionName, versionNum, versionEnv, sourceURL: what
    is told; None: nothing.
    """

    userinfo: str | None = None
    fingerReply: str | Callable[[], str] | None = None
    versionName: str | None = None
    versionNum: str | None = None
    versionEnv: str | None = None
    sourceURL: str | None = None
    ctcpBurst, ctcpPeriod = 4, 10.0
    seconds = staticmethod(time.monotonic)
    notice: Callable[..., None]
    pong: Callable[[str, float], None]
    action: Callable[[str, str, str], None]
    _pings: Any

    def ctcpQuery(self, user: str, channel: str, messages: list[tuple[str, str | None]]) -> None:
        """Somebody's program asks; of several questions with one tag the first counts."""
        for tag, data in {tag: (tag, data) for tag, data in reversed(messages)}.values():
            method = getattr(self, f"ctcpQuery_{tag}", None)
            if method is not None:
                method(user, channel, data)
            else:
                self.ctcpUnknownQuery(user, channel, tag, data)

    def ctcpUnknownQuery(self, user: str, channel: str, tag: str, data: str | None) -> None:
        """A question that we don't know. It isn't answered."""
        log.msg(f"Unknown CTCP query from {user!r}: {tag!r} {data!r}")

    def ctcpMakeReply(self, user: str, messages: list[tuple[str, Any]]) -> None:
        """Answer, unless there were too many answers already."""
        now, sent = self.seconds(), self.__dict__.setdefault("_replied", deque())
        while sent and now - sent[0] >= self.ctcpPeriod:
            sent.popleft()
        if len(sent) < self.ctcpBurst:
            sent.append(now)
            self.notice(user, ctcpStringify(messages))

    def _tell(self, user: str, tag: str, text: str | None) -> None:
        if text:
            self.ctcpMakeReply(user.split("!")[0], [(tag, text)])

    def ctcpQuery_ACTION(self, user: str, channel: str, data: str | None) -> None:
        """They do something, so to speak."""
        self.action(user, channel, data or "")

    def ctcpQuery_PING(self, user: str, channel: str, data: str | None) -> None:
        """How long does it take?"""
        self.ctcpMakeReply(user.split("!")[0], [("PING", data)])

    def ctcpQuery_FINGER(self, user: str, channel: str, data: str | None) -> None:
        """Who is it?"""
        reply = self.fingerReply
        self._tell(user, "FINGER", reply() if callable(reply) else reply)

    def ctcpQuery_VERSION(self, user: str, channel: str, data: str | None) -> None:
        """Which program is it?"""
        if self.versionName:
            self._tell(user, "VERSION", f"{self.versionName}:{self.versionNum or ''}:{self.versionEnv or ''}")

    def ctcpQuery_SOURCE(self, user: str, channel: str, data: str | None) -> None:
        """Where is it from?"""
        if self.sourceURL:
            self.ctcpMakeReply(user.split("!")[0], [("SOURCE", self.sourceURL), ("SOURCE", None)])

    def ctcpQuery_USERINFO(self, user: str, channel: str, data: str | None) -> None:
        """What do they say of themselves?"""
        self._tell(user, "USERINFO", self.userinfo)

    def ctcpQuery_CLIENTINFO(self, user: str, channel: str, data: str | None) -> None:
        """Which questions are answered? Or, with a tag, what does that one ask?"""
        names = sorted(it.removeprefix("ctcpQuery_") for it in dir(type(self)) if it.startswith("ctcpQuery_"))
        if not data:
            self._tell(user, "CLIENTINFO", " ".join(names))
        elif data.split()[:1] and (word := data.split()[0]) in names:
            self._tell(user, "CLIENTINFO", getattr(type(self), f"ctcpQuery_{word}").__doc__ or word)
        else:
            self._tell(user, "ERRMSG", f"CLIENTINFO {data} :Unknown query")

    def ctcpQuery_ERRMSG(self, user: str, channel: str, data: str | None) -> None:
        """Is there an error?"""
        self._tell(user, "ERRMSG", f"{data} :No error has occurred.")

    def ctcpQuery_TIME(self, user: str, channel: str, data: str | None) -> None:
        """What time is it there?"""
        self._tell(user, "TIME", f":{time.asctime()}")

    # --- answers to us

    def ctcpReply(self, user: str, channel: str, messages: list[tuple[str, str | None]]) -> None:
        """Somebody's program answers."""
        for tag, data in messages:
            method = getattr(self, f"ctcpReply_{tag}", None)
            if method is not None:
                method(user, channel, data)
            else:
                self.ctcpUnknownReply(user, channel, tag, data)

    def ctcpReply_PING(self, user: str, channel: str, data: str | None) -> None:
        """Our `ping` is back."""
        asked = self._pings.pop((user.split("!", 1)[0], data), None)
        if asked is None:
            raise IRCBadMessage(f"Bogus PING response from {user}: {data}")
        self.pong(user, time.time() - asked)

    def ctcpUnknownReply(self, user: str, channel: str, tag: str, data: str | None) -> None:
        """An answer that we don't know."""
        log.msg(f"Unknown CTCP reply from {user}: {tag} {data}")
