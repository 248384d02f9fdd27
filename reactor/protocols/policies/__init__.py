"""Rules that don't belong in a protocol: how many connections, how fast, how long idle, what is logged.

Most are a factory around yours. What it builds stands between the transport and your protocol, and acts to each of them
as the other one (`wrapping`). `LimitedFactory` is one to inherit from; `TimeoutMixin` is for protocols that keep a
deadline of their own, and `logins` for those that take passwords.
"""

from reactor.protocols.policies.limits import (
    LimitConnectionsByPeer,
    LimitedFactory,
    LimitTotalConnectionsFactory,
)
from reactor.protocols.policies.logins import LoginLimits, mayTakePasswords
from reactor.protocols.policies.throttling import ThrottlingFactory, ThrottlingProtocol
from reactor.protocols.policies.timeouts import TimeoutFactory, TimeoutMixin, TimeoutProtocol
from reactor.protocols.policies.traffic import (
    SpewingFactory,
    SpewingProtocol,
    TrafficLoggingFactory,
    TrafficLoggingProtocol,
)
from reactor.protocols.policies.wrapping import ProtocolWrapper, WrappingFactory

__all__ = [
    "LimitConnectionsByPeer",
    "LimitTotalConnectionsFactory",
    "LimitedFactory",
    "LoginLimits",
    "ProtocolWrapper",
    "SpewingFactory",
    "SpewingProtocol",
    "ThrottlingFactory",
    "ThrottlingProtocol",
    "TimeoutFactory",
    "TimeoutMixin",
    "TimeoutProtocol",
    "TrafficLoggingFactory",
    "TrafficLoggingProtocol",
    "WrappingFactory",
    "mayTakePasswords",
]
