"""The SSH server. The name of `twisted.conch.ssh.factory`.

    realm = …                                           # gives each name an avatar: see reactor.conch.avatar.ConchUser
    factory = SSHFactory(Portal(realm, [SSHPublicKeyChecker(UNIXAuthorizedKeysFiles())]), hostKeys(Path("keys")))
    serverFromString(reactor, "tcp:2222:interface=127.0.0.1").listen(factory)

Bounds, all attributes: connections (LimitedFactory); `maxUnknown` clients that haven't logged in; for each the
`loginTimeout` and `attemptsBeforeDisconnect`; `maxChannels` of one connection, which ends when it has been silent for
three times `keepaliveInterval`. Forwarding of ports needs the avatar's word. Agents and X11 aren't forwarded, and
nothing is compressed: a packet would unfold to a thousand times its size.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import asyncssh

from reactor.conch.ssh.login import Connection, Login
from reactor.conch.ssh.loop import Carrier, loop_of
from reactor.cred.portal import Portal
from reactor.default import the_reactor
from reactor.protocols.policies import LimitedFactory
from reactor.protocols.policies.logins import LoginLimits

# Those of which ssh-audit thinks nothing bad, with two exceptions. Older clients know no mlkem. And the last two MACs
# are made of the text before its encryption, which is weaker in theory; curl of Debian 12 and Twisted have no others.
ALGORITHMS = {
    # The client's order decides. But dropbear's guesses what is our first, and asyncssh mistakes what a wrong guess is.
    "kex_algs": "curve25519-sha256,curve25519-sha256@libssh.org,mlkem768x25519-sha256",
    "encryption_algs": "chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr",
    "mac_algs": "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha2-256,hmac-sha2-512",
    "signature_algs": "ssh-ed25519,sk-ssh-ed25519@openssh.com,sk-ecdsa-sha2-nistp256@openssh.com,"
    "ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,rsa-sha2-256,rsa-sha2-512",
}


class SSHFactory(LimitedFactory[Carrier]):
    """portal: its avatars are IConchUser. privateKeys: the host's, as asyncssh has them; see hostkeys.hostKeys.

    limits: counts failed passwords, of all connections together. algorithms: by asyncssh's names for the options.
    """

    maxUnknown = 100
    maxChannels = 10
    loginTimeout = 60.0
    attemptsBeforeDisconnect = 6
    keepaliveInterval = 60.0
    mostUnreadBeforeLogin = 64 * 1024
    tooMany = b"Too many are here.\r\n"  # before its version a server may say what it likes (RFC 4253, 4.2)
    algorithms = ALGORITHMS

    def __init__(self, portal: Portal, privateKeys: Sequence[Any], reactor: Any = None) -> None:
        if not privateKeys:
            raise ValueError("a server of SSH needs a key to show: see hostKeys")
        self.portal, self.privateKeys = portal, privateKeys
        self.reactor = the_reactor(reactor)
        self.limits = LoginLimits(self.reactor)
        self.unknown: set[Carrier] = set()

    @cached_property
    def _options(self) -> Any:
        options = asyncssh.SSHServerConnectionOptions(
            server_factory=lambda: Login(self),
            server_host_keys=self.privateKeys,
            login_timeout=self.loginTimeout,
            keepalive_interval=self.keepaliveInterval,
            agent_forwarding=False,
            x11_forwarding=False,
            compression_algs=["none"],
            gss_host=None,
            line_editor=False,
            encoding=None,
            **self.algorithms,
        )
        mine = self.algorithms["signature_algs"].encode().split(b",")
        for name in [name for name in options.server_host_keys if name not in mine]:
            del options.server_host_keys[name]
        return options

    def buildSession(self, addr: Any) -> Carrier | None:
        """A connection; None when too many haven't logged in yet."""
        if len(self.unknown) >= self.maxUnknown:
            return None
        loop = loop_of(self.reactor)
        carrier = Carrier(loop, Connection(loop, self._options))
        carrier.mostUnread = self.mostUnreadBeforeLogin
        self.unknown.add(carrier)
        return carrier
