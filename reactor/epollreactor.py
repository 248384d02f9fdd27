"""The reactor on epoll(7). `install()` makes it the program's own."""

from __future__ import annotations

from reactor import main
from reactor.core.pollers.epoll import EpollPoller
from reactor.core.reactor import Reactor
from reactor.core.system.real import RealSystem

__all__ = ["EPollReactor", "install"]


class EPollReactor(Reactor):
    """A reactor that asks the kernel with epoll."""

    def __init__(self) -> None:
        super().__init__(EpollPoller(), RealSystem())


def install() -> EPollReactor:
    """Make this the reactor of the program. Raises ReactorAlreadyInstalledError if it has one."""
    reactor = EPollReactor()
    main.installReactor(reactor)
    return reactor
