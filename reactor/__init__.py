"""An event loop for networking that can be read in an evening. Names and behaviour are Twisted's.

    from reactor import protocol, reactor

    class Echo(protocol.Protocol):
        def dataReceived(self, data):
            self.transport.write(data)

    reactor.listenTCP(7771, protocol.Factory.forProtocol(Echo))
    reactor.run()

`reactor.reactor` is the one reactor of the program. It is made when the program first asks for it, with the best poller
of the platform; importing the package alone touches no socket, thread or signal.

To read the source, follow docs/READING.md, which orders the core in three evenings. The first one goes from
`protocol/stream.py`, which is what you write yourself, through `core/loop/core.py`, which is the loop, to
`core/transports/stream.py`, which moves the bytes.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reactor.core.reactor import Reactor

    reactor: Reactor


def __getattr__(name: str) -> Reactor:
    """Makes the program's reactor when it is first asked for; after that it is an attribute like any other."""
    if name != "reactor":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return install_default()


def install_default() -> Reactor:
    """Install the best reactor that this platform has: on epoll, else kqueue, else poll, else select."""
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
