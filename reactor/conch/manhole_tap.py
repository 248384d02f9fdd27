"""Give a Python prompt in this program, by telnet: to see and change what is there while it runs.

    python -m reactor.cred users ann             # asks for a password, and writes its hash
    reactord manhole --users users               # then: telnet 127.0.0.1 6023

Whoever is in may do all that the program may. So it listens on this machine only, and asks for passwords over TLS and
on this machine only, until --listen and --network say otherwise. `makeService` puts the prompt into a program of yours.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reactor import log
from reactor.application import strports
from reactor.application.options import option, place
from reactor.application.service import Service
from reactor.conch.insults.insults import ServerProtocol
from reactor.conch.manhole import Manhole
from reactor.conch.telnet import AuthenticatingTelnetProtocol, ITelnetProtocol, TelnetBootstrapProtocol, TelnetFactory
from reactor.cred.checkers import StoredPasswordFile
from reactor.cred.portal import Portal
from reactor.default import the_reactor
from reactor.protocols.policies.logins import LOOPBACK


@dataclass
class Options:
    """The options of `reactord manhole`."""

    users: Path = option(help="who may log in: lines that `python -m reactor.cred FILE NAME` writes")
    listen: str = option("tcp:6023:interface=127.0.0.1", "where to listen", place)
    network: list[str] = option([], "where else passwords may come from in the clear, as in 192.168.1.0/24")

    idle: float = option(3600.0, "seconds in which nothing is typed, after which a prompt is taken away")

    def __post_init__(self) -> None:
        self.users = self.users.absolute()  # a daemon changes its working directory
        if not self.users.is_file():
            raise ValueError(f"{self.users} is no file")
        if not self.idle > 0:
            raise ValueError(f"idle is a number of seconds, more than 0, and not {self.idle:g}")
        for network in self.network:
            ipaddress.ip_network(network)


class ManholeRealm:
    """Gives who comes by telnet a prompt, and logs who. namespace: the names that it has."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self.namespace = namespace

    def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: type) -> tuple[type, Any, Any]:
        if ITelnetProtocol not in interfaces:
            raise NotImplementedError("there is a prompt for telnet only")
        log.msg(f"{avatarId!r} has a Python prompt")
        prompt = TelnetBootstrapProtocol(ServerProtocol, Manhole, self.namespace)
        return ITelnetProtocol, prompt, lambda: log.msg(f"{avatarId!r} has left the Python prompt")


def makeService(options: Options, namespace: Mapping[str, Any] | None = None) -> Service:
    """A service that listens, and prompts. namespace: what is in reach there; `reactor` is."""

    class Login(AuthenticatingTelnetProtocol):
        passwordNetworks = (*LOOPBACK, *options.network)

    checker = StoredPasswordFile(options.users)
    checker.users()  # a line that can't be read is told now
    factory = TelnetFactory(Portal(ManholeRealm({"reactor": the_reactor(), **(namespace or {})}), [checker]))
    factory.login, factory.timeOut = Login, options.idle
    return strports.service(options.listen, factory)
