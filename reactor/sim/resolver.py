"""The resolver of a simulated world: it knows the hosts, and "localhost"."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from reactor import error
from reactor.core.loop.lookups import Lookups
from reactor.defer import Deferred

if TYPE_CHECKING:
    from reactor.core.system import System

T = TypeVar("T")

ANSWER_AFTER_S = 0.001


class Names:
    """Names to addresses, for all programs of a world."""

    def __init__(self) -> None:
        self._addresses: dict[str, list[str]] = {}

    def add(self, name: str, *addresses: str) -> None:
        """Add these addresses to a name's."""
        self._addresses.setdefault(name.lower(), []).extend(addresses)

    def find(self, name: str, family: int = socket.AF_UNSPEC) -> list[str]:
        """All addresses of a name of this family, IPv6 first. Raises socket.gaierror when there is none."""
        known = ["::1", "127.0.0.1"] if name.lower() == "localhost" else self._addresses.get(name.lower(), [])
        known = [address for address in known if family in (socket.AF_UNSPEC, _family(address)) and _is_spoken(address)]
        if not known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return sorted(known, key=lambda address: ":" not in address)


def _is_spoken(address: str) -> bool:
    """Whether this Python knows addresses of this family: under WebAssembly it knows nothing of IPv6."""
    return socket.has_ipv6 or ":" not in address


def _family(address: str) -> int:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


class SimLookups(Lookups):
    """Asks without a thread: nothing here blocks, and the answer only has to come in a later turn."""

    def __init__(self, system: System, call_later: Callable[..., Any]) -> None:
        self._system = system
        self._call_later = call_later

    def look_up(self, name: str, patience_s: float = 60.0) -> Deferred[str]:
        return self._answer_later(self._system.look_up, name)

    def look_up_all(self, name: str, patience_s: float = 60.0) -> Deferred[list[str]]:
        return self._answer_later(self._system.look_up_all, name)

    def _answer_later(self, question: Callable[[str], T], name: str) -> Deferred[T]:
        answer: Deferred[T] = Deferred(lambda _: coming.cancel())
        coming = self._call_later(ANSWER_AFTER_S, _give, answer, question, name)
        return answer


def _give(answer: Deferred[T], question: Callable[[str], T], name: str) -> None:
    try:
        result = question(name)
    except OSError as problem:
        answer.errback(error.DNSLookupError(f"address {name!r} not found: {problem}"))
    else:
        answer.callback(result)
