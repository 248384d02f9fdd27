"""The client's side of NNTP: each method sends a command and returns a Deferred of what the server says to it.

A command waits for the reply to the one before. That is slower than RFC 3977 allows, and safe: INN hands a reader over
to another program at MODE READER, and what was sent behind that word is lost. `setStream` is for feeds, whose
commands don't wait. Groups, ids and headers are text; articles bytes, with CRLF at each end of line.

Bounds, against servers that never end: a line has `MAX_LENGTH` bytes, a text `maxBytes`, a list
`maxLines`, and while something is awaited something comes every `timeout` s.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from reactor.cred.error import LoginFailed
from reactor.defer import Deferred, ensureDeferred
from reactor.error import TimeoutError
from reactor.failure import Failure
from reactor.news.articles import OVERVIEW
from reactor.news.interfaces import Group
from reactor.news.wire import NNTPError, decoded, encoded, read_number
from reactor.protocol import connectionDone
from reactor.protocols.basic import CommandClient, DottedReceiver, DottedWriter, Reply
from reactor.protocols.policies import TimeoutMixin
from reactor.protocols.policies.logins import mayTakePasswords
from reactor.sasl import IClientAuthentication, LineAuthentication, choose

T = TypeVar("T")


def _group_of(line: str) -> Group:
    """Of LIST ACTIVE: name, high, low, flag."""
    name, high, low, flag = (*line.split(), "", "", "", "")[:4]
    return Group(name, flag=flag, low=read_number(low), high=read_number(high))


def _overview_of(line: str) -> tuple[int, dict[str, str]]:
    number, *fields = line.split("\t")
    return read_number(number), dict(zip(OVERVIEW, fields, strict=False))


def _numbered(line: str) -> tuple[int, str]:
    number, _, value = line.partition(" ")
    return read_number(number), value


class NNTPClient(CommandClient, DottedReceiver, TimeoutMixin):
    """One connection to a server.

    All methods fail with NNTPError when the server says no or nonsense, and as the connection, or with TimeoutError.
    contextFactory: for TLS, which `login` begins; see ssl.optionsForClientTLS. allowInsecureLogin: send a password in
    the clear over a network if there is no other way. canPost: what the server said of that.
    """

    MAX_LENGTH = 2**16  # of a line: overviews have long ones
    maxBytes = 2**26
    maxLines = 2**20  # a line of an overview takes up to a kilobyte in memory, however short it is
    timeout = 120.0
    contextFactory: Any = None
    allowInsecureLogin = canPost = False
    _text: Deferred[bytes] | None = None
    _reason: Exception | None = None
    _awaited = 0

    def connectionMade(self) -> None:
        """Wait for the greeting."""
        super().connectionMade()
        self.greeted = self._expect(self.expectReply(), 200, 201)
        self.greeted.addCallbacks(self._keep_greeting, lambda failure: self._give_up(failure.value))

    def _keep_greeting(self, reply: Reply) -> None:
        self.canPost = reply.code == 200
        self.serverGreeting(reply.code, decoded(reply.text))

    def _give_up(self, problem: Exception) -> None:
        self._reason = self._reason or problem
        self.transport.loseConnection()

    def serverGreeting(self, code: int, text: str) -> None:
        """The server is there. Does nothing; override it. code: 200, or 201 where nobody may post."""

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Whatever waits fails."""
        self.setTimeout(None)
        reason = Failure(self._reason) if self._reason is not None else reason
        text, self._text = self._text, None
        if text is not None:
            text.errback(reason)
        super().connectionLost(reason)

    def timeoutConnection(self) -> None:
        """The server says nothing for too long."""
        self._reason = TimeoutError(string=f"the server has said nothing for {self.timeout:g} s")
        self.transport.abortConnection()

    def dataReceived(self, data: bytes) -> Any:
        """Something came."""
        self.resetTimeout()
        return super().dataReceived(data)

    def _watched(self, answer: Deferred[T]) -> Deferred[T]:
        self._awaited += 1
        self.setTimeout(self.timeout)

        def over(result: Any) -> Any:
            self._awaited -= 1
            if not self._awaited:
                self.setTimeout(None)
            return result

        return answer.addBoth(over)

    def _expect(self, reply: Deferred[Reply], *codes: int) -> Deferred[Reply]:
        def check(it: Reply) -> Reply:
            if it.code not in codes:
                raise NNTPError(it.code, decoded(it.text))
            return it

        return self._watched(reply.addCallback(check))

    def _ask(self, command: str, *codes: int) -> Deferred[Reply]:
        return self._expect(self.sendCommand(encoded(command)), *codes)

    # --- texts

    def _ask_text(self, command: str, *codes: int) -> Deferred[bytes]:
        def begin(_: Reply) -> Deferred[bytes]:
            self._pieces: list[bytes] = []
            self._room = self.maxBytes
            self._text = Deferred()
            self.beginText()
            return self._watched(self._text)

        return self._ask(command, *codes).addCallback(begin)

    def textReceived(self, data: bytes) -> None:
        """Keep a part of a text."""
        self._room -= len(data)
        if self._room < 0:
            self._give_up(NNTPError(503, f"the server sends a text of more than {self.maxBytes} bytes"))
        else:
            self._pieces.append(data)

    def textEnded(self, bare: int) -> None:
        """Hand it over."""
        text, self._text = self._text, None
        assert text is not None
        text.callback(b"".join(self._pieces))

    def _ask_lines(self, command: str, read: Callable[[str], T], *codes: int) -> Deferred[list[T]]:
        def take(text: bytes) -> list[T]:
            if (lines := text.count(b"\r\n")) > self.maxLines:
                raise NNTPError(503, f"the server sends a list of {lines} lines, and at most {self.maxLines} are taken")
            return [read(decoded(line)) for line in text.split(b"\r\n")[:-1]]

        return self._ask_text(command, *codes).addCallback(take)

    def _send_text(self, text: bytes) -> None:
        writer = DottedWriter(self.transport)
        writer.write(text)
        writer.finish()

    # --- the session

    def capabilities(self) -> Deferred[dict[str, list[str]]]:
        """What the server can: word → words behind it. Empty for a server that doesn't say."""
        found = self._ask_lines("CAPABILITIES", str.split, 101)
        found.addErrback(lambda failure: failure.trap(NNTPError) and [])
        return found.addCallback(lambda lines: {words[0].upper(): words[1:] for words in lines if words})

    def modeReader(self) -> Deferred[bool]:
        """Say that we read and post, which some servers want to know first. Returns a Deferred of canPost."""

        def keep(reply: Reply) -> bool:
            self._keep_greeting(reply)
            return self.canPost

        return self._ask("MODE READER", 200, 201).addCallback(keep)

    def startTLS(self, contextFactory: Any = None) -> Deferred[None]:
        """Begin TLS. contextFactory: the attribute unless given."""
        context = contextFactory or self.contextFactory
        return self._ask("STARTTLS", 382).addCallback(lambda _: self.transport.startTLS(context))

    def login(self, username: bytes, password: bytes) -> Deferred[None]:
        """Log in, in the best way that both can: over TLS if there is a context, by SASL if the server has it.

        It also fails with LoginFailed when only a password in the clear is left; and when the server can't prove that
        it knows the password, as SCRAM wants it to: then the connection closes.
        """
        return ensureDeferred(self._login(username, password))

    async def _login(self, username: bytes, password: bytes) -> None:
        known = await self.capabilities()
        if self.contextFactory is not None and not getattr(self.transport, "TLS", False):
            await self.startTLS()
            known = await self.capabilities()
        may_send = self.allowInsecureLogin or mayTakePasswords(self.transport)
        try:
            mechanism = choose([name.encode("ascii", "replace") for name in known.get("SASL", ())], username, may_send)
        except LoginFailed:
            if not may_send:
                raise
            reply = await self._ask(f"AUTHINFO USER {decoded(username)}", 281, 381)
            if reply.code == 381:
                await self._ask(f"AUTHINFO PASS {decoded(password)}", 281)
            return
        await self._authenticate(mechanism, password)

    async def _authenticate(self, mechanism: IClientAuthentication, password: bytes) -> None:
        login = LineAuthentication(mechanism, password)
        reply = await self._ask(f"AUTHINFO SASL {decoded(mechanism.getName())}", 281, 283, 383)
        try:
            while reply.code == 383:
                response = login.respond(b"" if reply.text == b"=" else reply.text)
                reply = await self._ask(decoded(response) or "=", 281, 283, 383)
            if reply.code == 283:
                login.respond(reply.text)
            login.proved(reply)
        except LoginFailed as problem:
            self._give_up(problem)
            raise

    def quit(self) -> Deferred[Reply]:
        """Say goodbye; the server closes."""
        return self._ask("QUIT", 205)

    # --- groups

    def fetchGroups(self, pattern: str = "*") -> Deferred[list[Group]]:
        """The groups whose names fit: name, flag, low and high."""
        return self._ask_lines("LIST ACTIVE" + f" {pattern}" * (pattern != "*"), _group_of, 215)

    def fetchDescriptions(self, pattern: str = "*") -> Deferred[dict[str, str]]:
        """What each group is about."""
        lines = self._ask_lines(f"LIST NEWSGROUPS {pattern}", lambda line: line.partition("\t"), 215)
        return lines.addCallback(lambda found: {name: text for name, _, text in found})

    def fetchNewGroups(self, since: float) -> Deferred[list[Group]]:
        """The groups that are new since then, in seconds since 1970."""
        return self._ask_lines(f"NEWGROUPS {_stamp(since)} GMT", _group_of, 231)

    def fetchGroup(self, group: str) -> Deferred[Group]:
        """Enter a group. What has a number afterwards is in it."""

        def read(reply: Reply) -> Group:
            size, low, high = map(read_number, (*decoded(reply.text).split(), "", "", "")[:3])
            return Group(group, low=low, high=high, size=size)

        return self._ask(f"GROUP {group}", 211).addCallback(read)

    # --- articles. index: a number, an id, or "" for the current one

    def fetchArticle(self, index: int | str = "") -> Deferred[bytes]:
        """An article."""
        return self._ask_text(f"ARTICLE {index}".rstrip(), 220)

    def fetchHead(self, index: int | str = "") -> Deferred[bytes]:
        """Its headers."""
        return self._ask_text(f"HEAD {index}".rstrip(), 221)

    def fetchBody(self, index: int | str = "") -> Deferred[bytes]:
        """Its body."""
        return self._ask_text(f"BODY {index}".rstrip(), 222)

    def fetchOverview(self, low: int, high: int) -> Deferred[list[tuple[int, dict[str, str]]]]:
        """(number, fields by the names of `articles.OVERVIEW`) of the articles from low to high; XOVER of RFC 2980."""
        return self._ask_lines(f"XOVER {low}-{high}", _overview_of, 224).addErrback(_none)

    def fetchXHeader(self, header: str, low: int, high: int) -> Deferred[list[tuple[int, str]]]:
        """(number, value) of a header."""
        return self._ask_lines(f"XHDR {header} {low}-{high}", _numbered, 221).addErrback(_none)

    def fetchNewNews(self, groups: str, since: float) -> Deferred[list[str]]:
        """The ids of articles in groups that fit which are new since then, in seconds since 1970."""
        return self._ask_lines(f"NEWNEWS {groups} {_stamp(since)} GMT", str, 230)

    # --- what goes out

    def postArticle(self, text: bytes) -> Deferred[Reply]:
        """Post. When the Deferred fires, the server has it."""
        return self._offer("POST", 340, 240, text)

    def offerArticle(self, id: str, text: bytes) -> Deferred[Reply]:
        """Hand on an article of others, by IHAVE. NNTPError: 435 and 437, not wanted; 436, try again later."""
        return self._offer(f"IHAVE {id}", 335, 235, text)

    def _offer(self, command: str, go_on: int, good: int, text: bytes) -> Deferred[Reply]:
        def send(_: Reply) -> Deferred[Reply]:
            self._send_text(text)
            return self._expect(self.expectReply(), good)

        return self._ask(command, go_on).addCallback(send)

    def setStream(self) -> Deferred[None]:
        """Begin to stream: from then on no command waits for the one before."""
        return self._ask("MODE STREAM", 203).addCallback(lambda _: setattr(self, "pipelined", True))

    def check(self, id: str) -> Deferred[bool]:
        """Whether the server wants an article. NNTPError: 431, ask again later."""
        return self._ask(f"CHECK {id}", 238, 438).addCallback(lambda reply: reply.code == 238)

    def takeThis(self, id: str, text: bytes) -> Deferred[bool]:
        """Send an article. Returns a Deferred that says whether the server has taken it.

        Raises RuntimeError before `setStream` has succeeded.
        """
        if not self.pipelined:
            raise RuntimeError("TAKETHIS waits for nothing: wait for setStream first")
        answer = self._ask(f"TAKETHIS {id}", 239, 439).addCallback(lambda reply: reply.code == 239)
        self._send_text(text)
        return answer


def _none(failure: Failure) -> list[Any]:
    """There are no articles of these numbers, which is no error."""
    failure.trap(NNTPError)
    if failure.value.code not in (420, 423):
        raise failure.value
    return []


def _stamp(seconds: float) -> str:
    return time.strftime("%Y%m%d %H%M%S", time.gmtime(seconds))
