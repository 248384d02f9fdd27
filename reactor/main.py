"""Which reactor is *the* reactor of this program.

`from reactor import reactor` asks here. A program that wants another kind says so before, with the `install()` of
`reactor.selectreactor` or its sisters; choosing after the fact is an error, because half of the program would
already hold the first one.
"""

from __future__ import annotations

import os
import sys

import reactor as package
from reactor import error
from reactor.core.reactor import Reactor

CONNECTION_DONE = error.ConnectionDone("Connection done")
CONNECTION_LOST = error.ConnectionLost("Connection lost")


def installReactor(reactor: Reactor) -> None:
    """Make this the reactor that `from reactor import reactor` gives. Raises ReactorAlreadyInstalledError."""
    if "reactor" in vars(package):
        raise error.ReactorAlreadyInstalledError(
            f"a reactor is installed already ({type(package.reactor).__name__}): "
            "install another before anything says `from reactor import reactor`"
        )
    package.reactor = reactor
    if os.environ.get("REACTOR_DEBUG", "") not in ("", "0"):
        from reactor import debug

        debug.watch(reactor)


def install_default() -> Reactor:
    """Install the best that this platform has: epoll, else kqueue, else poll, else select."""
    import select

    if hasattr(select, "epoll"):
        from reactor import epollreactor

        return epollreactor.install()
    if hasattr(select, "kqueue"):
        from reactor import kqreactor

        return kqreactor.install()
    if hasattr(select, "poll"):
        from reactor import pollreactor

        return pollreactor.install()
    if sys.platform == "win32":
        from reactor import win32reactor

        return win32reactor.install()
    from reactor import selectreactor

    return selectreactor.install()
