"""Listening at an endpoint, as a service."""

from __future__ import annotations

from typing import Any

from reactor import log
from reactor.application.tree import Service, path_of
from reactor.defer import CancelledError, Deferred
from reactor.failure import Failure
from reactor.interfaces import IProtocolFactory, IStreamServerEndpoint


class StreamServerEndpointService(Service):
    """Listens while it runs.

    endpoint: where. factory: builds the protocols.

    When the port can't be opened, starting raises, so that an application without its port doesn't start. (Twisted's
    only logs it, unless made by `strports.service`.) When an endpoint fails later, that is only logged.
    """

    def __init__(self, endpoint: IStreamServerEndpoint, factory: IProtocolFactory) -> None:
        self.endpoint = endpoint
        self.factory = factory
        self._listening: Deferred[Any] | None = None
        self._port: Any = None

    def privilegedStartService(self) -> None:
        super().privilegedStartService()
        self._listen()

    def startService(self) -> None:
        super().startService()
        if self._listening is None:
            self._listen()

    def _listen(self) -> None:
        failed: list[Failure] = []
        listening = self._listening = self.endpoint.listen(self.factory)
        listening.addCallbacks(self._listens, failed.append)
        if failed:
            self._listening = None
            failed[0].raiseException()
        listening.addCallback(lambda _: self._report(failed))

    def _listens(self, port: Any) -> None:
        self._port = port

    def _report(self, failed: list[Failure]) -> None:
        for failure in failed:
            if not failure.check(CancelledError):
                log.err(failure, f"{path_of(self)} doesn't listen")

    def getHost(self) -> Any:
        """The address where it listens. Raises RuntimeError when it doesn't listen, or not yet."""
        if self._port is None:
            raise RuntimeError(f"{path_of(self)} has no address: it doesn't listen; start it first")
        return self._port.getHost()

    def stopService(self) -> Deferred[Any] | None:
        super().stopService()
        listening, self._listening = self._listening, None
        if listening is None:
            return None
        listening.cancel()
        return listening.addCallback(self._close)

    def _close(self, _: object) -> Any:
        port, self._port = self._port, None
        return None if port is None else port.stopListening()
