"""Who logs in to the server: the ways of asyncssh to the portal. What SSH calls "methods" are kinds of credentials.

A password is a UsernamePassword, asked for by either of the two methods that SSH has for it. A key is a SSHPrivateKey,
twice: without a signature it is only asked whether it would do, which costs an attempt when it wouldn't and nothing
else; with one it is a login. A failed password comes late, by LoginLimits; a key can't be guessed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import asyncssh

from reactor import log
from reactor.conch.error import ConchError, ValidPublicKey
from reactor.conch.interfaces import IConchUser
from reactor.conch.ssh.channel import Channel
from reactor.conch.ssh.forwarding import Forwarded
from reactor.conch.ssh.session import SSHSession
from reactor.cred.credentials import ISSHPrivateKey, IUsernamePassword, SSHPrivateKey, UsernamePassword
from reactor.cred.error import LoginFailed
from reactor.failure import Failure

if TYPE_CHECKING:
    from reactor.conch.ssh.factory import SSHFactory


class Connection(asyncssh.SSHServerConnection):
    """asyncssh's, with a login that sees the signatures."""

    _owner: Login  # what server_factory has made

    async def validate_public_key(self, username: str, key_data: bytes, msg: bytes, signature: bytes) -> bool:
        """Whether it may come in; without `msg` and `signature`, whether it may with them."""
        signed = len(self._session_id).to_bytes(4, "big") + self._session_id + msg  # RFC 4252, 7
        size = int.from_bytes(key_data[:4], "big")
        key = SSHPrivateKey(username.encode(), key_data[4 : 4 + size], key_data, signed, signature or None)
        return await self._owner.enter(key)


class Login(asyncssh.SSHServer):
    """One client, and its avatar once it has one. Everything of asyncssh's that isn't here says no."""

    def __init__(self, factory: SSHFactory) -> None:
        self.factory = factory
        self.avatar: Any = None
        self._logout: Callable[[], object] | None = None
        self._attempts = 0
        self._is_gone = False

    def connection_made(self, conn: Any) -> None:
        self.conn, self.carrier = conn, conn.get_extra_info("carrier")
        self.peer = self.carrier.transport.getPeer()
        self.place = getattr(self.peer, "host", self.peer)  # for the log

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_gone = True
        self.factory.unknown.discard(self.carrier)
        logout, self._logout = self._logout, None
        if isinstance(exc, asyncssh.DisconnectError) and not isinstance(exc, asyncssh.ConnectionLost):
            log.msg(f"SSH with {self.place} has ended: {str(exc)[:200]!r}")
        if logout is not None:
            try:
                logout()
            except Exception:
                log.err(None, "a logout from SSH")

    # in

    def begin_auth(self, username: str) -> bool:
        return True  # there is no other way in

    def password_auth_supported(self) -> bool:
        return IUsernamePassword in self.factory.portal.listCredentialsInterfaces()

    def public_key_auth_supported(self) -> bool:
        return ISSHPrivateKey in self.factory.portal.listCredentialsInterfaces()

    async def validate_password(self, username: str, password: str) -> bool:
        return await self.enter(UsernamePassword(username.encode(), password.encode()))

    async def enter(self, credentials: Any) -> bool:
        """Whether they may. Raises DisconnectError when there were too many attempts."""
        is_question = isinstance(credentials, ISSHPrivateKey) and credentials.signature is None
        portal = self.factory.portal
        if isinstance(credentials, IUsernamePassword):
            portal = self.factory.limits.portal(portal, self.peer)
        self.carrier.pause_reading("a login is being decided")
        entering = portal.login(credentials, None, IConchUser)
        entering.addCallbacks(self._entered, self._refused, (credentials,), None, (credentials,))
        try:
            may = bool(await entering)
        finally:
            self.carrier.resume_reading("a login is being decided")
        self._attempts += not may
        if self._attempts >= self.factory.attemptsBeforeDisconnect:
            raise asyncssh.DisconnectError(asyncssh.DISC_NO_MORE_AUTH_METHODS_AVAILABLE, "too many attempts")
        return may and (is_question or not self._is_gone)

    def _entered(self, given: tuple[type, Any, Callable[[], object]], credentials: Any) -> bool:
        _, self.avatar, self._logout = given
        if self._is_gone:
            self.connection_lost(None)
            return False
        self.avatar.conn = self.conn
        self.factory.unknown.discard(self.carrier)
        del self.carrier.mostUnread  # from here on that of the class
        log.msg(f"{credentials.username!r} has logged in by SSH from {self.place}")
        return True

    def _refused(self, failure: Failure, credentials: Any) -> bool:
        if failure.check(ValidPublicKey):
            return True
        if failure.check(LoginFailed):
            log.msg(f"{credentials.username[:256]!r} may not log in by SSH from {self.place}")
        else:
            log.err(failure, "a login by SSH")
        return False

    # once in

    def session_requested(self) -> Any:
        session = SSHSession(self.avatar)
        self._count(session)
        return self.conn.create_server_channel(encoding=None), session

    def connection_requested(self, dest_host: str, dest_port: int, orig_host: str, orig_port: int) -> Any:
        try:
            endpoint = self.avatar.lookupChannel(b"direct-tcpip", 0, 0, (dest_host, dest_port))
        except ConchError:
            return False
        forwarded = Forwarded(endpoint, self.carrier)
        self._count(forwarded)
        return endpoint is not None and (self.conn.create_tcp_channel(encoding=None), forwarded.opened())

    def _count(self, channel: Channel) -> None:
        if len(self.carrier.channels) >= self.factory.maxChannels:
            raise asyncssh.ChannelOpenError(asyncssh.OPEN_RESOURCE_SHORTAGE, "too many channels")
        self.carrier.channels.add(channel)
