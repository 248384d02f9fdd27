"""Connections of an SSH client: to which host, who we are, and how each proves it to the other.

One connection carries many channels, each a command or a forwarded connection (endpoints.py):

    ssh = NewConnection(reactor, "ann", "host.example", keys=["~/.ssh/id_ed25519"])
    d = ssh.secureConnection()                    # a Deferred of asyncssh's connection
    d.addCallback(SSHCommandClientEndpoint.existingConnection, "date")

Nothing is read from ~/.ssh/config, and nothing is tried that the arguments don't name.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import asyncssh

from reactor.conch.client.knownhosts import KINDS, KnownHostsFile
from reactor.conch.error import AuthenticationFailed, ConchError, HostKeyChanged, UserRejectedKey
from reactor.conch.ssh.loop import Carrier, loop_of
from reactor.defer import Deferred, maybeDeferred, succeed
from reactor.endpoints import HostnameEndpoint, connectProtocol
from reactor.error import TimeoutError
from reactor.failure import Failure
from reactor.interfaces import IStreamClientEndpoint
from reactor.log.characters import on_one_line

SSH_PORT = 22
KEEPALIVE_S = 60  # a host that answers none of three is gone


class NewConnection:
    """Connects to an SSH server, checks its host key, and logs in.

    username, hostname, password: text or bytes. keys: private keys, as asyncssh has them or as files; the certificate
    in a file beside one (`KEY-cert.pub`) is shown too. agentEndpoint: a UNIXClientEndpoint to an agent, or its path.
    knownHosts: a KnownHostsFile, or the path of one, which is then read for each connection. ask: called with a
    prompt, returns the answer or a Deferred of it: the passphrase of a key, and what the server asks
    (keyboard-interactive). endpoint: connects there, and not to hostname and port: through a proxy, or another host.
    timeout: until the program has what it asked for, in seconds; a person may be asked in that time.
    """

    def __init__(
        self,
        reactor: Any,
        username: str | bytes,
        hostname: str | bytes,
        port: int | None = None,
        keys: Sequence[Any] | None = None,
        password: str | bytes | None = None,
        agentEndpoint: Any = None,
        knownHosts: KnownHostsFile | str | os.PathLike[str] | None = None,
        ask: Callable[[str], Any] | None = None,
        endpoint: IStreamClientEndpoint | None = None,
        timeout: float = 60,
    ) -> None:
        self.loop, self.timeout = loop_of(reactor), timeout
        self.username, self.hostname, self.port = _text(username), _text(hostname), port or SSH_PORT
        self.knownHosts, self.password, self.ask = knownHosts, None if password is None else _text(password), ask
        self.keys, self._agent = list(keys or ()), agentEndpoint
        self._endpoint = endpoint or HostnameEndpoint(reactor, self.hostname, self.port)

    def secureConnection(self) -> Deferred[Any]:
        """A Deferred of the connection, an asyncssh.SSHClientConnection; whoever gets it closes it.

        Fails with what connecting fails with; with InvalidEntry, UserRejectedKey or HostKeyChanged about the host's
        key; with AuthenticationFailed, ConchError, or TimeoutError.
        """
        return in_time(self, self._connect, lambda connection: self.cleanupConnection(connection, True))

    def cleanupConnection(self, connection: Any, immediate: bool) -> None:
        """The channel that the connection was made for is over."""
        self.loop.call(connection.abort if immediate else connection.close)

    async def _connect(self) -> Any:
        client = _Client(self)
        async with AsyncExitStack() as agents:
            keys = await self._agent_keys(agents)
            for key in self.keys:
                keys += await self._key_pairs(key)
            try:
                return await asyncssh.connect(
                    self.hostname,
                    self.port,
                    tunnel=self,
                    config=None,
                    username=self.username,
                    known_hosts=lambda host, addr, port: client.trusted(),
                    client_factory=lambda: client,
                    client_keys=keys or None,  # an empty list means those in ~/.ssh
                    agent_path=None,
                    gss_host=None,
                    compression_algs=["none"],  # a packet would unfold to a thousand times its size
                    login_timeout=0,  # ours is for all of it
                    keepalive_interval=KEEPALIVE_S,
                )
            except asyncssh.HostKeyNotVerifiable as problem:
                raise client.refusal or UserRejectedKey(f"{problem}: so says {client.known.savePath}") from problem
            except asyncssh.PermissionDenied as problem:
                shown = f"{len(keys)} key(s) and {client.answers} answer(s)"
                raise AuthenticationFailed(f"{on_one_line(str(problem))}: {shown} didn't do") from problem

    async def create_connection(self, factory: Callable[[], Any], host: str, port: int) -> tuple[Any, Any]:
        """For asyncssh, which takes this for a tunnel."""
        carrier = Carrier(self.loop, factory())
        connecting = connectProtocol(self._endpoint, carrier)
        try:
            await connecting
        except BaseException:
            connecting.addErrback(lambda _: None).cancel()  # asyncio says so in the next turn only: it might connect
            if carrier.transport is not None:
                carrier.transport.abortConnection()
            raise
        return carrier, carrier.carried

    async def _agent_keys(self, agents: AsyncExitStack) -> list[Any]:
        if self._agent is None:
            return []
        path = os.fspath(getattr(self._agent, "_path", self._agent))
        try:
            agent = await agents.enter_async_context(asyncssh.connect_agent(path))  # it signs, later on
            return list(await agent.get_keys())
        except Exception as problem:
            raise ConchError(f"the agent at {path} gives no keys: {problem}") from problem

    async def _key_pairs(self, key: Any) -> list[Any]:
        try:
            try:
                return list(asyncssh.load_keypairs(key))
            except asyncssh.KeyImportError as problem:
                if self.ask is None or not str(problem).startswith("Passphrase"):  # there is no class for it
                    raise
                return list(asyncssh.load_keypairs(key, await self.answer(f"Passphrase of {key}: ")))
        except ValueError as problem:
            raise ValueError(f"the key {key} can't be used: {problem}") from problem

    async def answer(self, prompt: str) -> str:
        """What `ask` answers, whenever it does; nothing where nobody can be asked."""
        answered: Any = maybeDeferred(self.ask or str, prompt if self.ask else "")
        return str(await answered.asFuture(self.loop))


class ExistingConnection:
    """A connection that somebody else has made, and will close. timeout: for a channel of it, in seconds."""

    def __init__(self, connection: Any, timeout: float = 60) -> None:
        self.loop, self.timeout, self._connection = connection.get_extra_info("carrier").loop, timeout, connection

    def secureConnection(self) -> Deferred[Any]:
        """It."""
        return succeed(self._connection)

    def cleanupConnection(self, connection: Any, immediate: bool) -> None:
        """Nothing: it stays."""


def in_time(
    creator: NewConnection | ExistingConnection, start: Callable[[], Awaitable[Any]], undo: Callable[[Any], object]
) -> Deferred[Any]:
    """A Deferred of what asyncssh returns within the creator's timeout, with our errors for theirs.

    start: makes the awaitable. undo: called with a result that nobody waits for any more.
    """

    async def translated() -> Any:
        try:
            return await start()
        except (asyncssh.Error, asyncssh.ChannelListenError, asyncssh.packet.PacketDecodeError) as problem:
            raise ConchError(on_one_line(str(problem)), getattr(problem, "code", None)) from problem

    def ended(outcome: Any) -> None:
        if not result.called:
            result.callback(outcome)
        elif not isinstance(outcome, Failure):
            undo(outcome)

    def too_late(outcome: Any, after: float) -> None:
        raise TimeoutError(string=f"the SSH server has taken longer than {after:g} s")

    running = creator.loop.run(translated()).addBoth(ended)
    # A channel's opening isn't cancelled: asyncssh would forget it, and leave the channel open. It is undone.
    result: Deferred[Any] = Deferred(lambda _: running.cancel() if isinstance(creator, NewConnection) else None)
    return result.addTimeout(creator.timeout, creator.loop.reactor, too_late)


class _Client(asyncssh.SSHClient):
    """Answers asyncssh's questions about one connection. refusal: why the host's key won't do.

    answers: how many were given to the server.
    """

    refusal: Exception | None = None
    answers = 0

    def __init__(self, creator: NewConnection) -> None:
        known = creator.knownHosts
        if not isinstance(known, KnownHostsFile):
            known = KnownHostsFile.fromPath(Path(known or "~/.ssh/known_hosts").expanduser())
        self.known, self._creator, self._password = known, creator, creator.password
        self._name = creator.hostname if creator.port == SSH_PORT else f"[{creator.hostname}]:{creator.port}"

    def trusted(self) -> list[list[Any]]:
        """The host's keys, its authorities', and those that are never taken."""
        entries = self.known.entries(self._name)
        return [[entry.key for entry in entries if entry.kind == kind] for kind in KINDS]

    def validate_host_public_key(self, host: str, addr: str, port: int, key: Any) -> bool:
        try:
            self.known.verifyHostKey(self._name, key)
        except (UserRejectedKey, HostKeyChanged) as problem:
            self.refusal = problem
        return self.refusal is None

    validate_host_ca_key = validate_host_public_key

    def password_auth_requested(self) -> str | None:
        password, self._password = self._password, None  # shown once: the next would be the same
        self.answers += password is not None
        return password

    def kbdint_auth_requested(self) -> str | None:
        return None if self._password is None and self._creator.ask is None else ""

    async def kbdint_challenge_received(self, name: str, instructions: str, lang: str, prompts: Any) -> Any:
        return [await self._answer(prompt, is_shown) for prompt, is_shown in prompts]

    async def _answer(self, prompt: str, is_shown: bool) -> str:
        if self._password is not None and not is_shown:
            return self.password_auth_requested() or ""
        self.answers += 1
        creator = self._creator
        return await creator.answer(f"{creator.username}@{creator.hostname} asks: {on_one_line(prompt)} ")


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
