"""An event loop for networking that can be read in an evening. Names and behaviour are Twisted's.

    from reactor import protocol, reactor

    class Echo(protocol.Protocol):
        def dataReceived(self, data):
            self.transport.write(data)

    reactor.listenTCP(7771, protocol.Factory.forProtocol(Echo))
    reactor.run()

`reactor.reactor` is the one reactor of the program. It is made when somebody first asks for it, with the best poller
of the platform; importing the package alone touches no socket, thread or signal. Where to read on:
`core/loop/core.py` is the loop, `core/transports/stream.py` moves the bytes, `protocol/` is what you write yourself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reactor.core.reactor import Reactor

    reactor: Reactor


def __getattr__(name: str) -> Reactor:
    if name != "reactor":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from reactor import main

    return main.install_default()
