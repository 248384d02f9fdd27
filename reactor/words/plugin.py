"""Keep rooms in which people talk, by IRC.

    reactord words --group doom                        # on this machine only, until --irc says otherwise
    python -m reactor.cred users ann                   # asks for a password; then:
    reactord words --users users --guests no

In the clear, passwords are only taken from this machine: `--irc ssl:6697:privateKey=key.pem` is for others (RFC 7194).
`reactord irc` is the same, as long as IRC is the only door.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reactor import log
from reactor.application import strports
from reactor.application.options import at_least_one, option, place
from reactor.application.service import MultiService
from reactor.cred.checkers import AllowAnonymousAccess, StoredPasswordFile
from reactor.cred.portal import Portal
from reactor.words.service import InMemoryWordsRealm, IRCFactory
from reactor.words.service.rules import fold


def yes_or_no(text: str) -> bool:
    """Read whether."""
    if text not in ("yes", "no"):
        raise ValueError("yes or no")
    return text == "yes"


def room(text: str) -> str:
    """Read a room's name, with its # or without."""
    name = text.removeprefix("#")
    if not 0 < len(name) < 50 or {*name} & {*" ,\a:"}:
        raise ValueError("a name such as doom, without blanks, commas and colons")
    return name


@dataclass
class Options:
    """The options of `reactord words`."""

    name: str = option("localhost", "this server's name")
    group: list[str] = option([], "a room that is there, even when it is empty", room)
    users: Path | None = option(None, "who has an account: lines that `python -m reactor.cred FILE NAME` writes")
    guests: Any = option(True, "whether others may come in, under names that are no account's: yes or no", yes_or_no)
    rooms: Any = option(True, "whether people may make rooms: yes or no", yes_or_no)
    motd: Path | None = option(None, "a file with the message of the day")
    operators: Path | None = option(None, "a file of lines NAME PASSWORD: who may be an operator of the service")
    irc: list[str] = option(["tcp:6667:interface=127.0.0.1"], "where to listen; ssl:6697:… is IRC over TLS", place)
    connections: int = option(1000, "how many clients there may be at the same time", at_least_one)
    connections_per_peer: int = option(50, "how many of them from one address", at_least_one)

    def __post_init__(self) -> None:
        for name in ("users", "motd", "operators"):  # a daemon changes its working directory
            path = getattr(self, name)
            setattr(self, name, path and path.absolute())
            if path is not None and not path.is_file():
                raise ValueError(f"{path} is no file")
        if not (self.users or self.guests):
            raise ValueError("nobody could come in: there are no users, and no guests")


def read_operators(path: Path) -> dict[str, str]:
    """Name → password, of a file. Raises ValueError that names the line."""
    found = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        words = line.split()
        if words and not line.startswith("#"):
            if len(words) != 2:
                raise ValueError(f"{path}, line {number}: a line is NAME PASSWORD")
            found[words[0]] = words[1]
    return found


def makeService(options: Options) -> MultiService:
    """The rooms, and a port for each door."""
    realm = InMemoryWordsRealm(options.name)
    realm.createGroupOnRequest = options.rooms
    for name in options.group:
        realm.createGroup(name).addErrback(log.err, f"the room {name} can't be made")
    checkers: list[Any] = [AllowAnonymousAccess()] if options.guests else []
    if options.users is not None:
        accounts = StoredPasswordFile(options.users)
        accounts.users()  # a line that can't be read is told now
        realm.isReserved = lambda name: any(fold(it.decode("utf-8", "replace")) == name for it in accounts.users())
        checkers.append(accounts)
    irc = IRCFactory(realm, Portal(realm, checkers))
    irc.maxConnections, irc.maxConnectionsPerPeer = options.connections, options.connections_per_peer
    if options.motd is not None:
        irc.motd = options.motd.read_text(encoding="utf-8").splitlines()[:200]
    if options.operators is not None:
        irc.operators = read_operators(options.operators)
    words = MultiService()
    for where in options.irc:
        strports.service(where, irc).setServiceParent(words)
    return words
