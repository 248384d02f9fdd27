"""The reactor on poll(2). `install()` makes it the program's own."""

from __future__ import annotations

from reactor import main
from reactor.core.pollers.poll import PollPoller
from reactor.core.reactor import Reactor
from reactor.core.system.real import RealSystem

__all__ = ["PollReactor", "install"]


class PollReactor(Reactor):
    """A reactor that asks the kernel with poll."""

    def __init__(self) -> None:
        super().__init__(PollPoller(), RealSystem())


def install() -> PollReactor:
    """Make this the reactor of the program. Raises ReactorAlreadyInstalledError if it has one."""
    reactor = PollReactor()
    main.installReactor(reactor)
    return reactor
