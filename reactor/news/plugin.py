"""Keep news: groups to read and to post in, from and for other servers, too.

    echo "doom.kitchen y what is cooked" > groups
    reactord news --groups groups                              # on this machine only, until --listen says otherwise

A line of the file of groups: its name; y, m for moderated, or n where articles come from other servers only; for m, the
moderator's address; what it is about. People from --users may read and post, others what --anonymous says.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from reactor import log
from reactor.application import strports
from reactor.application.internet import TimerService
from reactor.application.options import at_least_one, option, place
from reactor.application.service import MultiService
from reactor.cred.checkers import StoredPasswordFile
from reactor.cred.portal import Portal
from reactor.default import the_reactor
from reactor.defer import maybeDeferred
from reactor.endpoints import HostnameEndpoint
from reactor.mail.plugin import CERTIFICATE, host_and_port, server_context
from reactor.mail.smtp import sendmail
from reactor.news.database import NewsDatabase
from reactor.news.feeds import NewsFeed
from reactor.news.interfaces import Group, Rights
from reactor.news.news import UsenetServerFactory
from reactor.news.wire import is_group_name, wildmat

_ANONYMOUS = {"nothing": Rights(False, False), "read": Rights(True, False), "post": Rights()}
_DAY_S = 86400.0


def anonymous(text: str) -> Rights:
    """Read what strangers may do."""
    if text not in _ANONYMOUS:
        raise ValueError(", ".join(_ANONYMOUS))
    return _ANONYMOUS[text]


@dataclass
class Options:
    """The options of `reactord news`."""

    groups: Path = option(help="the groups: lines NAME y|m|n [MODERATOR] DESCRIPTION")
    name: str = option("localhost", "this server's name, in Path and Xref")
    store: Path = option(Path("news.sqlite"), "the file with the articles")
    users: Path | None = option(None, "who may log in: lines that `python -m reactor.cred FILE NAME` writes")
    anonymous: Any = option("read", "what others may do: nothing, read or post", anonymous)
    listen: str = option("tcp:119:interface=127.0.0.1", "where to listen", place)
    certificate: Path | None = option(None, CERTIFICATE)
    feed: list[str] = option([], "another server that gets articles: HOST[:PORT]=GROUPS, as in news.example.org=doom.*")
    feed_from: list[str] = option([], "an address whose server may bring us articles")
    keep_days: int = option(30, "how long articles stay")
    connections: int = option(1000, "how many clients there may be at the same time", at_least_one)
    connections_per_peer: int = option(50, "how many of them from one address", at_least_one)
    mail: Any = option(None, "the server of mail through which moderators are asked", host_and_port)

    def __post_init__(self) -> None:
        for name in ("groups", "store", "users", "certificate"):  # a daemon changes its working directory
            path = getattr(self, name)
            setattr(self, name, path and path.absolute())
        for path in (self.groups, self.users):
            if path is not None and not path.is_file():
                raise ValueError(f"{path} is no file")
        if self.certificate is not None and not self.certificate.exists():
            raise ValueError(f"{self.certificate} is no file, and no folder")
        for feed in self.feed:
            host_and_port(feed.partition("=")[0], 119)


def read_groups(path: Path) -> list[Group]:
    """The groups in a file. Raises ValueError that names the line."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        name, flag, *words = (*line.partition("#")[0].split(), "", "")
        if name and (not is_group_name(name) or flag not in ("y", "m", "n") or (flag == "m" and "@" not in words[0])):
            raise ValueError(f"{path}, line {number}: {line!r} isn't NAME y|m|n [MODERATOR] DESCRIPTION")
        if name:
            moderator = words.pop(0) if flag == "m" else ""
            found.append(Group(name, " ".join(words).strip(), flag, moderator))
    return found


class NewsService(MultiService):
    """The store, and what works on it. groups: added when it starts. keep_s: how long articles stay."""

    def __init__(self, store: NewsDatabase, groups: list[Group], keep_s: float) -> None:
        super().__init__()
        self.store, self._groups, self._keep_s = store, groups, keep_s
        TimerService(_DAY_S / 24, self._expire).setServiceParent(self)

    def _expire(self) -> Any:
        expiring = maybeDeferred(self.store.expire, self.store.now() - self._keep_s)
        return expiring.addErrback(log.err, "old articles stay for now")

    def startService(self) -> None:
        for group in self._groups:
            added = self.store.addGroup(group.name, group.description, group.flag, group.moderator)
            added.addErrback(log.err, f"the group {group.name} can't be kept")
        super().startService()

    def stopService(self) -> Any:
        return maybeDeferred(super().stopService).addBoth(lambda _: self.store.close())


def makeService(options: Options) -> NewsService:
    """The store, the port, and the feeds."""
    store = NewsDatabase(options.store, options.name)
    news = NewsService(store, read_groups(options.groups), options.keep_days * _DAY_S)
    if options.mail is not None:
        store.sendToModerator = partial(_mail, options.mail, f"news@{options.name}")
    portal = None
    if options.users is not None:
        checker = StoredPasswordFile(options.users)
        checker.users()  # a line that can't be read is told now
        portal = Portal(Members(), [checker])
    context = server_context(options.certificate, [options.name], options.store.parent)
    factory = UsenetServerFactory(store, portal, options.anonymous, context)
    factory.remoteHosts = options.feed_from
    factory.maxConnections, factory.maxConnectionsPerPeer = options.connections, options.connections_per_peer
    strports.service(options.listen, factory).setServiceParent(news)
    for feed in options.feed:
        where, _, groups = feed.partition("=")
        host, port = host_and_port(where, 119)
        store.feeds[host] = wildmat(groups or "*")
        NewsFeed(store, host, HostnameEndpoint(the_reactor(), host, port)).setServiceParent(news)
    return news


def _mail(server: tuple[str, int], sender: str, group: Group, text: bytes) -> Any:
    return sendmail(server[0], sender, [group.moderator], text, port=server[1])


class Members:
    """A realm: whoever is in may read and post."""

    def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: type) -> Any:
        return Rights, Rights(), lambda: None
