"""Perspective Broker: calls between objects on two sides of a connection. The names of `twisted.spread.pb`.

objects      what each side has of the other, and how it travels
references   what stands for an object of the peer's
failures     how errors travel
broker       one connection: calls, answers, and who refers to what
login        who it is, by a portal
factories    connections
"""

from reactor.spread.errors import DeadReferenceError, Error, NoSuchMethod, PBConnectionLost, ProtocolError, RemoteError
from reactor.spread.flavors import (
    Cacheable,
    Copyable,
    Referenceable,
    RemoteCache,
    RemoteCacheObserver,
    RemoteCopy,
    Root,
    Serializable,
    Viewable,
    ViewPoint,
)
from reactor.spread.jelly import Jellyable, globalSecurity, setUnjellyableForClass
from reactor.spread.pb.broker import Broker
from reactor.spread.pb.factories import PBClientFactory, PBServerFactory, portno
from reactor.spread.pb.failures import CopiedFailure, CopyableFailure, failure2Copyable
from reactor.spread.pb.login import AsReferenceable, Avatar, IPerspective, challenge, respond
from reactor.spread.pb.objects import MAX_BROKER_REFS
from reactor.spread.pb.references import RemoteReference

__all__ = [
    "MAX_BROKER_REFS",
    "AsReferenceable",
    "Avatar",
    "Broker",
    "Cacheable",
    "CopiedFailure",
    "Copyable",
    "CopyableFailure",
    "DeadReferenceError",
    "Error",
    "IPerspective",
    "Jellyable",
    "NoSuchMethod",
    "PBClientFactory",
    "PBConnectionLost",
    "PBServerFactory",
    "ProtocolError",
    "Referenceable",
    "RemoteCache",
    "RemoteCacheObserver",
    "RemoteCopy",
    "RemoteError",
    "RemoteReference",
    "Root",
    "Serializable",
    "ViewPoint",
    "Viewable",
    "challenge",
    "failure2Copyable",
    "globalSecurity",
    "portno",
    "respond",
    "setUnjellyableFactoryForClass",
    "setUnjellyableForClass",
    "setUnjellyableForClassTree",
]
