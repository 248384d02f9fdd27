"""Endpoints around endpoints, and connecting without a factory."""

from __future__ import annotations

from typing import Any

from reactor.defer import Deferred, fail
from reactor.interfaces import IListeningPort, IProtocolFactory, IStreamClientEndpoint, IStreamServerEndpoint
from reactor.interfaces.type_variables import P
from reactor.protocol import Factory
from reactor.stand_in import without_stand_ins


def connectProtocol(endpoint: IStreamClientEndpoint, protocol: P) -> Deferred[P]:
    """Connect this protocol object. Returns a Deferred of it, as `endpoint.connect` does."""
    return endpoint.connect(_OneProtocol(protocol))


class _OneProtocol(Factory[P]):
    """Builds the one protocol that it was given."""

    noisy = False

    def __init__(self, protocol: P) -> None:
        self._protocol = protocol

    def buildProtocol(self, addr: Any) -> P:
        return self._protocol


def wrapClientTLS(connectionCreator: Any, wrappedEndpoint: IStreamClientEndpoint) -> IStreamClientEndpoint:
    """An endpoint that connects as another one does, and then speaks TLS.

    connectionCreator: `reactor.ssl.optionsForClientTLS(hostname)`, or anything else that `reactor.connectSSL` takes.
    """
    return _TLSClientEndpoint(connectionCreator, wrappedEndpoint)


def wrapServerTLS(connectionCreator: Any, wrappedEndpoint: IStreamServerEndpoint) -> IStreamServerEndpoint:
    """An endpoint that listens as another one does, and speaks TLS.

    connectionCreator: what `reactor.listenSSL` takes.
    """
    return _TLSServerEndpoint(connectionCreator, wrappedEndpoint)


class _TLSClientEndpoint:
    def __init__(self, options: Any, endpoint: IStreamClientEndpoint) -> None:
        self._options = options
        self._endpoint = endpoint

    def connect(self, protocolFactory: IProtocolFactory[P]) -> Deferred[P]:
        from reactor.core.transports.starttls import TLSMemoryBIOFactory  # late: it imports ssl

        try:
            factory = TLSMemoryBIOFactory(self._options, True, protocolFactory)
        except UnicodeError as problem:  # the ssl module's word for a host name that is none
            return fail(ValueError(f"invalid hostname: {problem}"))
        return self._endpoint.connect(factory).addCallback(without_stand_ins)


class _TLSServerEndpoint:
    def __init__(self, options: Any, endpoint: IStreamServerEndpoint) -> None:
        self._options = options
        self._endpoint = endpoint

    def listen(self, protocolFactory: IProtocolFactory) -> Deferred[IListeningPort]:
        from reactor.core.transports.starttls import TLSMemoryBIOFactory  # late: it imports ssl

        return self._endpoint.listen(TLSMemoryBIOFactory(self._options, False, protocolFactory))
