"""The reactor on kqueue(2). `install()` makes it the program's own."""

from __future__ import annotations

from reactor import main
from reactor.core.pollers.kqueue import KQueuePoller
from reactor.core.reactor import Reactor
from reactor.core.system.real import RealSystem

__all__ = ["KQueueReactor", "install"]


class KQueueReactor(Reactor):
    """A reactor that asks the kernel with kqueue."""

    def __init__(self) -> None:
        super().__init__(KQueuePoller(), RealSystem())


def install() -> KQueueReactor:
    """Make this the reactor of the program. Raises ReactorAlreadyInstalledError if it has one."""
    reactor = KQueueReactor()
    main.installReactor(reactor)
    return reactor
