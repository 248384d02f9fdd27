"""What the parts of an event-driven program promise each other.

Five words carry the whole library. A *reactor* waits for events and calls. A *transport* moves bytes. A *protocol*
decides what the bytes mean. A *producer* makes more of them when it may; a *consumer* says when. Each promise is a
`typing.Protocol`: a class keeps it by having the methods, without inheriting anything.

The promises are in the files of this folder, by theme, none of them with code. Programs import them all from here.
"""

from reactor.interfaces.datagrams import (
    IMulticastTransport,
    IUDPTransport,
    IUNIXDatagramConnectedTransport,
    IUNIXDatagramTransport,
)
from reactor.interfaces.implementing import implementer
from reactor.interfaces.places import (
    IAddress,
    IConnector,
    IHostnameResolver,
    IHostResolution,
    IListeningPort,
    IResolutionReceiver,
    IStreamClientEndpoint,
    IStreamServerEndpoint,
)
from reactor.interfaces.producing import (
    IConsumer,
    IProducer,
    IPullProducer,
    IPushProducer,
)
from reactor.interfaces.programs import (
    IClientFactory,
    IFileDescriptorReceiver,
    IHalfCloseableProtocol,
    IHandshakeListener,
    IProcessProtocol,
    IProtocol,
    IProtocolFactory,
)
from reactor.interfaces.reactors import (
    IDelayedCall,
    IHalfCloseableDescriptor,
    IReactorCore,
    IReactorFDSet,
    IReactorMulticast,
    IReactorProcess,
    IReactorSSL,
    IReactorTCP,
    IReactorThreads,
    IReactorTime,
    IReactorUDP,
    IReactorUNIX,
    IReactorUNIXDatagram,
    IReadDescriptor,
    IWriteDescriptor,
)
from reactor.interfaces.transports import (
    INegotiated,
    IProcessTransport,
    ISSLTransport,
    ITCPTransport,
    ITLSTransport,
    ITransport,
    IUNIXTransport,
)

__all__ = [
    "IAddress",
    "IClientFactory",
    "IConnector",
    "IConsumer",
    "IDelayedCall",
    "IFileDescriptorReceiver",
    "IHalfCloseableDescriptor",
    "IHalfCloseableProtocol",
    "IHandshakeListener",
    "IHostResolution",
    "IHostnameResolver",
    "IListeningPort",
    "IMulticastTransport",
    "INegotiated",
    "IProcessProtocol",
    "IProcessTransport",
    "IProducer",
    "IProtocol",
    "IProtocolFactory",
    "IPullProducer",
    "IPushProducer",
    "IReactorCore",
    "IReactorFDSet",
    "IReactorMulticast",
    "IReactorProcess",
    "IReactorSSL",
    "IReactorTCP",
    "IReactorThreads",
    "IReactorTime",
    "IReactorUDP",
    "IReactorUNIX",
    "IReactorUNIXDatagram",
    "IReadDescriptor",
    "IResolutionReceiver",
    "ISSLTransport",
    "IStreamClientEndpoint",
    "IStreamServerEndpoint",
    "ITCPTransport",
    "ITLSTransport",
    "ITransport",
    "IUDPTransport",
    "IUNIXDatagramConnectedTransport",
    "IUNIXDatagramTransport",
    "IUNIXTransport",
    "IWriteDescriptor",
    "implementer",
]
