"""The reactor for Windows, on select. `install()` makes it the program's own.

Completion ports (IOCP) would serve more connections, but they turn the loop around: they do not say who is ready, they
do the reading and writing. Python has them only inside asyncio; who needs them runs the reactor as a guest there:
`reactor.asyncioreactor` on a `ProactorEventLoop`. This one keeps to the same loop as everywhere, for up to 512
sockets, and to the two ways in which Windows' select is not POSIX's:

- a failed attempt to connect is among the *exceptional* ones, not the writable ones: its client would never hear of it;
- only sockets can be watched, no files, pipes or terminals.

Tried on Linux with a double of that select (tests/support/fakes/winselect.py). On Windows itself, only the GitHub
workflow runs it.
"""

from __future__ import annotations

from reactor import main
from reactor.core.pollers.select import WindowsSelectPoller
from reactor.core.reactor import Reactor
from reactor.core.system.real import RealSystem

__all__ = ["Win32Reactor", "install"]


class Win32Reactor(Reactor):
    """A reactor that asks Windows with select."""

    def __init__(self) -> None:
        super().__init__(WindowsSelectPoller(), RealSystem())


def install() -> Win32Reactor:
    """Make this the reactor of the program. Raises ReactorAlreadyInstalledError if it has one."""
    reactor = Win32Reactor()
    main.installReactor(reactor)
    return reactor
