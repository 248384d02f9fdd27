"""The store: groups and articles in SQLite, in a file or in memory, and which article goes where.

An article is stored once; `places` says in which groups it is seen, at which numbers; `waiting`, which feeds haven't
been sent it. All that one article changes is in one transaction, so that a program which is killed at any moment leaves
an article in all of its groups, or in none. Several articles may share it: see `group_commit`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from reactor.defer import Deferred
from reactor.news.articles import OLDEST_S, OVERVIEW, Article, injected, relayed
from reactor.news.group_commit import GroupCommit
from reactor.news.interfaces import Group, INewsStorage, NoSuchArticle, NoSuchGroup, Refused

_PAGE = 500  # rows that are read at a time: others work on the store before the next
_MOST_GROUPS = 50  # of an article; the others that it names are ignored
_TABLES = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS groups (
    name TEXT PRIMARY KEY, description TEXT, flag TEXT, moderator TEXT, created REAL, high INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS articles (
    serial INTEGER PRIMARY KEY, id TEXT UNIQUE, arrived REAL, groups TEXT, overview BLOB, text BLOB);
CREATE INDEX IF NOT EXISTS arrivals ON articles (arrived);
CREATE TABLE IF NOT EXISTS places (
    name TEXT, number INTEGER, article INTEGER, PRIMARY KEY (name, number)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS placed ON places (article);
CREATE TABLE IF NOT EXISTS history (id TEXT PRIMARY KEY, seen REAL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS waiting (feed TEXT, article INTEGER, PRIMARY KEY (feed, article)) WITHOUT ROWID;
"""
_GROUP = "SELECT name, description, flag, moderator, created"
_MARKS = "coalesce((SELECT min(number) FROM places WHERE places.name = groups.name), high + 1), high"
_Execute = Callable[..., Any]


class NewsDatabase(INewsStorage):
    """Keeps news. path: a file, made if it isn't there, or ":memory:". Close it with `close`.

    host: this server's name. now: the time, in seconds since 1970. feeds: other servers by their names, each with a
    function that tells whether it wants a group. listeners: called after an article is kept. sendToModerator: called
    with (Group, article as bytes) for posts to moderated groups; may return a Deferred. reactor: the program's unless
    given. Whatever changes something returns a Deferred that fires when it is safe; it raises OSError, or the Deferred
    fails so, when it can't be kept.
    """

    sendToModerator: Callable[[Group, bytes], Any] | None = None

    def __init__(
        self,
        path: Path | str = ":memory:",
        host: str = "localhost",
        now: Callable[[], float] = time.time,
        reactor: Any = None,
    ) -> None:
        self.host, self.now = host, now
        self.feeds: dict[str, Callable[[str], bool]] = {}
        self.listeners: list[Callable[[], object]] = []
        self._db = GroupCommit(path, _TABLES, reactor)

    def close(self) -> None:
        """Close the file. What has changed is safe before."""
        self._db.close()

    # --- what comes in

    def addGroup(self, name: str, description: str = "", flag: str = "y", moderator: str = "") -> Deferred[None]:
        """Add a group, or change what is known of it; its articles and numbers stay."""

        def add(execute: _Execute) -> None:
            execute("INSERT OR IGNORE INTO groups (name, created) VALUES (?, ?)", (name, self.now()))
            changed = (description, flag, moderator, name)
            execute("UPDATE groups SET description = ?, flag = ?, moderator = ? WHERE name = ?", changed)

        return self._db.change(add)

    def postRequest(self, message: bytes) -> Any:
        article = injected(message, self.host, self.now())
        groups = self._groups_for(article)
        if closed := [group.name for group in groups if group.flag == "n"]:
            raise Refused(f"{closed[0]} takes no posts here")
        moderated = next((group for group in groups if group.flag == "m"), None)
        if moderated is None or article["Approved"]:
            return self._keep(article, groups)
        if self.sendToModerator is None:
            raise Refused(f"{moderated.name} is moderated, and nobody has said where its moderator is")
        return self.sendToModerator(moderated, article.with_headers(Path="", Injection_Info="").text)

    def takeRequest(self, message: bytes, id: str) -> Deferred[None]:
        article = relayed(message, self.host)
        if article.id != id:
            raise Refused(f"its Message-ID is {article.id[:60]!r}, and not {id!r}")
        try:
            groups = self._groups_for(article)
            if any(group.flag == "m" for group in groups) and not article["Approved"]:
                raise Refused("its group is moderated, and nobody has approved it")
        except Refused:
            self._db.change(self._remember, id).addErrback(lambda _: None)  # it will be refused again
            raise
        return self._keep(article, groups)

    def _remember(self, execute: _Execute, id: str) -> None:
        execute("INSERT OR IGNORE INTO history VALUES (?, ?)", (id, self.now()))

    def _groups_for(self, article: Article) -> list[Group]:
        article.check(self.now())
        names = article.groups[:_MOST_GROUPS]
        query = f"{_GROUP} FROM groups WHERE name = ?"
        found = [Group(*row) for name in names for row in self._db.unsafe_rows(query, name)]
        if not found:
            raise Refused(f"none of its groups is here: {', '.join(article.groups)[:100]}")
        return found

    def _keep(self, article: Article, groups: list[Group]) -> Deferred[None]:
        if self.articleExistsRequest(article.id):
            raise Refused("this article is here, or was")
        return self._db.change(self._insert, article, groups).addCallback(self._tell_listeners)

    def _insert(self, execute: _Execute, article: Article, groups: list[Group]) -> None:
        numbers = {}
        for group in groups:
            execute("UPDATE groups SET high = high + 1 WHERE name = ?", (group.name,))
            ((numbers[group.name],),) = execute("SELECT high FROM groups WHERE name = ?", (group.name,))
        kept = article.with_headers(Xref=" ".join([self.host, *(f"{name}:{it}" for name, it in numbers.items())]))
        row = (article.id, self.now(), " ".join(numbers), kept.overview(), kept.text)
        insert = "INSERT INTO articles (id, arrived, groups, overview, text) VALUES (?, ?, ?, ?, ?)"
        serial = execute(insert, row).lastrowid
        for place in numbers.items():
            execute("INSERT INTO places VALUES (?, ?, ?)", (*place, serial))
        passed = article["Path"].split("!")
        for feed, fits in self.feeds.items():
            if feed not in passed and any(map(fits, article.groups)):
                execute("INSERT INTO waiting VALUES (?, ?)", (feed, serial))

    def _tell_listeners(self, _: None) -> None:
        for call in self.listeners:
            call()

    # --- what goes out

    def waiting(self, feed: str, most: int) -> list[str]:
        """The ids of articles that this feed hasn't been sent, the oldest first."""
        query = "SELECT id FROM waiting JOIN articles ON article = serial WHERE feed = ? ORDER BY serial LIMIT ?"
        return [id for (id,) in self._db.rows(query, feed, most)]

    def sent(self, feed: str, id: str) -> Deferred[Any]:
        """This one, it has, or doesn't want."""
        query = "DELETE FROM waiting WHERE feed = ? AND article = (SELECT serial FROM articles WHERE id = ?)"
        return self._db.change(lambda execute: execute(query, (feed, id)))

    def expire(self, oldest: float) -> Deferred[int]:
        """Remove articles that came before `oldest`, in seconds since 1970. Returns a Deferred of how many went.

        Their ids are remembered for as long as another server could send them again.
        """
        return self._db.change(self._remove, oldest)

    def _remove(self, execute: _Execute, oldest: float) -> int:
        old = "SELECT serial FROM articles WHERE arrived < ?"
        execute("DELETE FROM history WHERE seen < ?", (self.now() - 2 * OLDEST_S,))
        execute("INSERT OR IGNORE INTO history SELECT id, ? FROM articles WHERE arrived < ?", (self.now(), oldest))
        for table in ("places", "waiting"):
            execute(f"DELETE FROM {table} WHERE article IN ({old})", (oldest,))
        gone: int = execute("DELETE FROM articles WHERE arrived < ?", (oldest,)).rowcount
        return gone

    # --- what is read

    def listRequest(self) -> list[Group]:
        return [Group(*row) for row in self._db.rows(f"{_GROUP}, {_MARKS} FROM groups ORDER BY name")]

    def groupRequest(self, group: str) -> Group:
        count = "(SELECT count(*) FROM places WHERE places.name = groups.name)"
        rows = self._db.rows(f"{_GROUP}, {_MARKS}, {count} FROM groups WHERE name = ?", group)
        if not rows:
            raise NoSuchGroup(f"there is no group {group}")
        return Group(*rows[0])

    def listGroupRequest(self, group: str, low: int, high: int, backwards: bool = False) -> Iterator[int]:
        order = "DESC" if backwards else "ASC"
        query = f"SELECT number FROM places WHERE name = ? AND number BETWEEN ? AND ? ORDER BY number {order}"
        return (number for (number,) in self._paged(query, group, low, high))

    def xoverRequest(self, group: str, low: int, high: int) -> Iterator[tuple[int, bytes]]:
        articles = "SELECT number, overview FROM places JOIN articles ON article = serial"
        return self._paged(f"{articles} WHERE name = ? AND number BETWEEN ? AND ? ORDER BY number", group, low, high)

    def _paged(self, query: str, group: str, low: int, high: int) -> Iterator[Any]:
        """The rows of a query, whose first column is the number, page by page."""
        while rows := self._db.rows(f"{query} LIMIT {_PAGE}", group, low, high):
            yield from rows
            low, high = (low, rows[-1][0] - 1) if query.endswith("DESC") else (rows[-1][0] + 1, high)

    def xhdrRequest(self, group: str, low: int, high: int, header: str) -> Iterator[tuple[int, bytes]]:
        names = [name.lower() for name in OVERVIEW]
        if header.lower() in names:
            place = names.index(header.lower())
            for number, overview in self.xoverRequest(group, low, high):
                yield number, overview.split(b"\t")[place].removeprefix(b"Xref: ")
            return
        for number in self.listGroupRequest(group, low, high):
            yield number, Article(self.articleRequest(group, number)).field(header)

    def articleRequest(self, group: str, index: int, id: str | None = None) -> bytes:
        here = "SELECT text FROM places JOIN articles ON article = serial WHERE name = ? AND number = ?"
        by_id = "SELECT text FROM articles WHERE id = ?"
        rows = self._db.rows(here, group, index) if id is None else self._db.rows(by_id, id)
        if not rows:
            raise NoSuchArticle(f"there is no article {index if id is None else id}")
        text: bytes = rows[0][0]
        return text

    def articleExistsRequest(self, id: str) -> bool:
        query = "SELECT 1 FROM articles WHERE id = ? UNION ALL SELECT 1 FROM history WHERE id = ?"
        return bool(self._db.unsafe_rows(query, id, id))  # also what another client has just brought, and will keep

    def newNewsRequest(self, fits: Callable[[str], bool], since: float, most: int) -> list[str]:
        rows = self._db.rows("SELECT id, groups FROM articles WHERE arrived >= ? LIMIT ?", since, most + 1)
        if len(rows) > most:
            raise OverflowError(f"more than {most} articles came since then")
        fits_once = cache(fits)
        return [id for id, groups in rows if any(map(fits_once, groups.split(" ")))]
