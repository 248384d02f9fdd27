"""The reactor on select(2). `install()` makes it the program's own."""

from __future__ import annotations

from reactor import main
from reactor.core.pollers.select import SelectPoller
from reactor.core.reactor import Reactor
from reactor.core.system.real import RealSystem

__all__ = ["SelectReactor", "install"]


class SelectReactor(Reactor):
    """A reactor that asks the kernel with select."""

    def __init__(self) -> None:
        super().__init__(SelectPoller(), RealSystem())


def install() -> SelectReactor:
    """Make this the reactor of the program. Raises ReactorAlreadyInstalledError if it has one."""
    reactor = SelectReactor()
    main.installReactor(reactor)
    return reactor
