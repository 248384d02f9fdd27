"""Listening at an endpoint that is given as text: `service("tcp:8080:interface=127.0.0.1", factory)`.

`reactor.endpoints.serverFromString` reads the text.
"""

from __future__ import annotations

from typing import Any

from reactor.application.internet.endpoint import StreamServerEndpointService
from reactor.default import the_reactor
from reactor.endpoints import serverFromString
from reactor.failure import Failure
from reactor.interfaces import IListeningPort, IProtocolFactory

__all__ = ["listen", "service"]


def service(description: str, factory: IProtocolFactory, reactor: Any = None) -> StreamServerEndpointService:
    """A service that listens there while it runs. Raises ValueError or TypeError when the text can't be read."""
    return StreamServerEndpointService(serverFromString(the_reactor(reactor), description), factory)


def listen(description: str, factory: IProtocolFactory, reactor: Any = None) -> IListeningPort:
    """Listen there now. Returns the port, which listens already. Raises as `service` does, and CannotListenError."""
    results: list[Any] = []
    serverFromString(the_reactor(reactor), description).listen(factory).addBoth(results.append)
    if not results:
        raise RuntimeError(f"{description!r} takes its time: use service(), which waits, or the endpoint itself")
    [port] = results
    if isinstance(port, Failure):
        port.raiseException()
    return port  # type: ignore[no-any-return]  # as IStreamServerEndpoint says
