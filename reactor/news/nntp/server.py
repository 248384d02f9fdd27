"""The server's side of NNTP: the commands of RFC 3977, XOVER and XHDR of 2980, streaming of 4644.

COMMANDS has a row for each command: how many arguments it takes, and which right it needs; its method is `do_…`. The
store decides about articles. NEWNEWS looks at `mostNewNews` of them, and lists of any length are made while they are
sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, ClassVar

from reactor import log
from reactor.defer import maybeDeferred
from reactor.failure import Failure
from reactor.news import wire
from reactor.news.articles import OVERVIEW, Article
from reactor.news.interfaces import Group, INewsStorage, NoSuchArticle, NoSuchGroup, Refused
from reactor.news.nntp.session import NNTPSession, lines_of
from reactor.news.wire import NNTPError, is_message_id

_LISTS: dict[str, Callable[[Group], str]] = {  # what LIST says of each group
    "ACTIVE": lambda it: f"{it.name} {it.high} {it.low} {it.flag}",
    "NEWSGROUPS": lambda it: f"{it.name}\t{it.description}",
    "ACTIVE.TIMES": lambda it: f"{it.name} {int(it.created)} usenet",
}
_TABLES = {
    "OVERVIEW.FMT": [it if it.startswith(":") else it + (":full" if it == "Xref" else ":") for it in OVERVIEW],
    "HEADERS": [":", ":bytes", ":lines"],
}
_ALL = (1, wire.LAST_NUMBER)


class NNTPServer(NNTPSession):
    """One session. NNTPFactory sets it up; a subclass may add rows to COMMANDS, and `do_…`.

    storage: an INewsStorage. All else is NNTPSession's.
    """

    COMMANDS: ClassVar[dict[str, tuple[int, int, str]]] = {
        **dict.fromkeys(("CAPABILITIES", "HELP"), (0, 1, "")),
        **dict.fromkeys(("DATE", "QUIT", "STARTTLS"), (0, 0, "")),
        **dict.fromkeys(("ARTICLE", "HEAD", "BODY", "STAT", "OVER", "XOVER"), (0, 1, "read")),
        **dict.fromkeys(("NEXT", "LAST"), (0, 0, "read")),
        **dict.fromkeys(("HDR", "XHDR"), (1, 2, "read")),
        **dict.fromkeys(("LIST", "LISTGROUP"), (0, 2, "read")),
        **dict.fromkeys(("IHAVE", "CHECK", "TAKETHIS"), (1, 1, "feed")),
        "MODE": (1, 1, ""),
        "AUTHINFO": (2, 99, ""),
        "GROUP": (1, 1, "read"),
        "NEWGROUPS": (2, 3, "read"),
        "NEWNEWS": (3, 4, "read"),
        "POST": (0, 0, "post"),
    }
    mostNewNews = 10_000
    storage: INewsStorage
    _group = ""
    _number = 0  # of the current article; 0: there is none

    def capabilities(self) -> list[str]:
        found = ["IMPLEMENTATION reactor.news", "READER", "HDR", "OVER MSGID", "NEWNEWS"]
        found += [" ".join(("LIST", *_LISTS, *_TABLES)), *(["POST"] if self.rights.post else [])]
        return found + (["IHAVE", "STREAMING"] if self.rights.feed else []) + super().capabilities()

    def do_HELP(self, about: str = "") -> Any:
        """The names of the commands."""
        return self.replyWithText(100, "these are here", lines_of(self.COMMANDS))

    def do_DATE(self) -> None:
        """What time it is."""
        self.reply(111, time.strftime("%Y%m%d%H%M%S", time.gmtime(time.time())))

    def do_MODE(self, mode: str) -> None:
        """Readers and feeds find the same server."""
        if mode.upper() == "READER":
            self.greet()
        elif mode.upper() == "STREAM" and self.rights.feed:
            self.reply(203, "streaming is fine")
        else:
            raise NNTPError(501, "there is MODE READER, and for feeds MODE STREAM")

    def do_STARTTLS(self) -> None:
        """As NNTPSession's; and no group is selected."""
        super().do_STARTTLS()
        self._group, self._number = "", 0

    # --- groups

    async def _select(self, name: str) -> Group:
        if not wire.is_group_name(name):
            raise NoSuchGroup(name)
        group: Group = await maybeDeferred(self.storage.groupRequest, name)
        self._group, self._number = name, group.low if group.size else 0
        return group

    def _current_group(self) -> str:
        if not self._group:
            raise NNTPError(412, "enter a group first")
        return self._group

    async def do_GROUP(self, name: str) -> None:
        """Enter a group."""
        it = await self._select(name)
        self.reply(211, f"{it.size} {it.low} {it.high} {it.name}")

    async def do_LISTGROUP(self, name: str = "", numbers: str = "1-") -> None:
        """Enter a group, and list the numbers of what is in it."""
        wanted = wire.read_range(numbers)
        it = await self._select(name or self._current_group())
        found = await maybeDeferred(self.storage.listGroupRequest, it.name, *wanted)
        lines = (b"%d\r\n" % number for number in found)
        await self.replyWithText(211, f"{it.size} {it.low} {it.high} {it.name}", lines)

    async def do_LIST(self, keyword: str = "ACTIVE", pattern: str = "*") -> None:
        """Groups whose names fit, or what the overview has."""
        keyword = keyword.upper()
        if keyword in _TABLES:
            await self.replyWithText(215, "this is it", lines_of(_TABLES[keyword]))
        elif keyword in _LISTS:
            fits = wire.wildmat(pattern)
            await self._list_groups(215, keyword, lambda group: fits(group.name))
        else:
            raise NNTPError(501, f"there is LIST {', '.join((*_LISTS, *_TABLES))}")

    async def do_NEWGROUPS(self, date: str, clock: str, zone: str = "GMT") -> None:
        """Groups that are new since then."""
        since = wire.read_date(date, clock, zone)
        await self._list_groups(231, "ACTIVE", lambda group: group.created >= since)

    async def _list_groups(self, code: int, keyword: str, wanted: Callable[[Group], bool]) -> None:
        groups = await maybeDeferred(self.storage.listRequest)
        await self.replyWithText(code, "these are here", lines_of(map(_LISTS[keyword], filter(wanted, groups))))

    async def do_NEWNEWS(self, pattern: str, date: str, clock: str, zone: str = "GMT") -> None:
        """The ids of articles that are new since then."""
        since = wire.read_date(date, clock, zone)
        try:
            found = await maybeDeferred(self.storage.newNewsRequest, wire.wildmat(pattern), since, self.mostNewNews)
        except OverflowError:
            raise NNTPError(503, f"more than {self.mostNewNews} came since then: ask for a later time") from None
        await self.replyWithText(230, "these are new", lines_of(found))

    # --- articles

    def do_ARTICLE(self, which: str = "") -> Any:
        """Send an article, by its id, its number, or the current one."""
        return self._send_article(which, 220, lambda text: text)

    def do_HEAD(self, which: str = "") -> Any:
        """Send its headers."""
        return self._send_article(which, 221, lambda text: text.partition(b"\r\n\r\n")[0])

    def do_BODY(self, which: str = "") -> Any:
        """Send its body."""
        return self._send_article(which, 222, lambda text: text.partition(b"\r\n\r\n")[2])

    async def do_STAT(self, which: str = "") -> None:
        """Say that it is there."""
        number, text = await self._article(which)
        self.reply(223, f"{number} {Article(text).id}")

    async def _send_article(self, which: str, code: int, part: Callable[[bytes], bytes]) -> None:
        number, text = await self._article(which)
        await self.replyWithText(code, f"{number} {Article(text).id}", [part(text)])

    async def _article(self, which: str) -> tuple[int, bytes]:
        if which.startswith("<"):
            if not is_message_id(which):
                raise NNTPError(501, "an id is <something@somewhere>, at most 250 bytes, no space")
            return 0, await maybeDeferred(self.storage.articleRequest, self._group, 0, which)
        number = wire.read_number(which) if which else self._current_number()
        try:
            text: bytes = await maybeDeferred(self.storage.articleRequest, self._current_group(), number)
        except NoSuchArticle:
            raise NNTPError(423 if which else 420, f"there is no article {number} here") from None
        self._number = number
        return number, text

    def _current_number(self) -> int:
        self._current_group()
        if not self._number:
            raise NNTPError(420, "there is no current article")
        return self._number

    def do_NEXT(self) -> Any:
        """Go to the next article."""
        return self._step(421, "no next article", self._current_number() + 1, wire.LAST_NUMBER)

    def do_LAST(self) -> Any:
        """Go to the one before."""
        return self._step(422, "no previous article", 1, self._current_number() - 1, True)

    async def _step(self, code: int, problem: str, low: int, high: int, backwards: bool = False) -> None:
        found = await maybeDeferred(self.storage.listGroupRequest, self._group, low, high, backwards)
        number = next(iter(found), None)
        if number is None:
            raise NNTPError(code, problem)
        await self.do_STAT(str(number))

    async def do_OVER(self, which: str = "") -> None:
        """The overview of an article, or of a range of them."""
        await self._rows(224, b"\t", which, self.storage.xoverRequest, Article.overview)

    do_XOVER = do_OVER

    async def do_HDR(self, header: str, which: str = "", code: int = 225) -> None:
        """One header of an article, or of a range of them."""
        if header.startswith(":") and header.lower() not in _TABLES["HEADERS"]:
            raise NNTPError(503, f"{header} isn't kept here")

        def request(group: str, low: int, high: int) -> Any:
            return self.storage.xhdrRequest(group, low, high, header)

        await self._rows(code, b" ", which, request, lambda article: article.field(header).removeprefix(b"Xref: "))

    def do_XHDR(self, header: str, which: str = "") -> Any:
        """The same, as RFC 2980 has it."""
        return self.do_HDR(header, which, 221)

    async def _rows(
        self, code: int, mark: bytes, which: str, request: Callable[..., Any], field: Callable[[Article], bytes]
    ) -> None:
        """Lines of a number and a text: of an id, of a range, or of the current article."""
        if not which or which.startswith("<"):
            number, text = await self._article(which)
            rows: Iterator[tuple[int, bytes]] = iter([(number, field(Article(text)))])
        else:
            rows = iter(await maybeDeferred(request, self._current_group(), *wire.read_range(which)))
        first = next(rows, None)
        if first is None:
            raise NNTPError(423, "there are no articles of these numbers here")
        lines = (b"%d%b%b\r\n" % (number, mark, text) for number, text in chain([first], rows))
        await self.replyWithText(code, "here it is", lines)

    # --- what comes in

    async def do_POST(self) -> None:
        """Take an article from its author. It is safe when we say so."""
        self.reply(340, "send it")
        self.reply(*await self._take(self.storage.postRequest, await self.receiveText(), (240, 441, 441)))

    async def do_IHAVE(self, id: str) -> None:
        """Take an article from another server, if it isn't here."""
        if await self._is_unwanted(id):
            raise NNTPError(435, "it is here, or was")
        self.reply(335, "send it")
        self.reply(*await self._take(self.storage.takeRequest, await self.receiveText(), (235, 437, 436), id))

    # CHECK and TAKETHIS return their replies, which come in the order of the commands

    async def do_CHECK(self, id: str) -> tuple[int, str]:
        """Whether an article should be sent."""
        return 438 if await self._is_unwanted(id) else 238, id

    async def _is_unwanted(self, id: str) -> Any:
        return not is_message_id(id) or await maybeDeferred(self.storage.articleExistsRequest, id)

    async def do_TAKETHIS(self, id: str, message: tuple[bytes, int]) -> tuple[int, str]:
        """Take an article that came behind the command. For "not now" RFC 4644 has nothing but 400, the end."""
        code, text = await self._take(self.storage.takeRequest, message, (239, 439, 400), id)
        return code, f"{id} {text}"

    async def _take(
        self, take: Callable[..., Any], message: tuple[bytes, int], codes: tuple[int, int, int], *id: str
    ) -> tuple[int, str]:
        """Give a text to the store. codes: for taken, refused, and not now. Returns one, and why."""
        text, bare = message
        try:
            if bare or len(text) > self.mostBytes:
                raise Refused(f"an article has at most {self.mostBytes} bytes, and no CR or LF but at ends of lines")
            await maybeDeferred(take, text, *id)
        except Refused as problem:
            return codes[1], " ".join(str(problem).split())
        except Exception:
            log.err(Failure(), "an article can't be kept now")
            return codes[2], "not now: try again later"
        return codes[0], "it is here"
