"""A terminal's program by SSH, such as a manhole. The names of `twisted.conch.manhole_ssh`.

realm = TerminalRealm()
realm.chainedProtocolFactory = lambda: ServerProtocol(Manhole, {"reactor": reactor})
SSHFactory(Portal(realm, [checker]), hostKeys(folder))
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reactor import log
from reactor.conch.avatar import ConchUser
from reactor.conch.error import ConchError
from reactor.conch.insults.insults import ServerProtocol
from reactor.conch.interfaces import IConchUser
from reactor.conch.ssh.session import wrapProtocol


class TerminalSession:
    """An ISession whose shell is a program at a terminal. chainedProtocolFactory: makes a ServerProtocol with it."""

    chainedProtocolFactory: Callable[[], Any] = ServerProtocol
    width, height = 80, 24
    _proto: Any = None
    _chained: Any = None

    def __init__(self, original: Any) -> None:
        self.original = original

    def getPty(self, term: bytes, windowSize: tuple[int, ...], attrs: Any) -> None:
        self.height, self.width = windowSize[0] or self.height, windowSize[1] or self.width

    def openShell(self, proto: Any) -> None:
        self._proto, self._chained = proto, self.chainedProtocolFactory()
        self._chained.makeConnection(proto)
        proto.makeConnection(wrapProtocol(self._chained))
        self._resize()

    def execCommand(self, proto: Any, command: bytes) -> None:
        raise ConchError("there are no commands, but a prompt")

    def windowChanged(self, newWindowSize: tuple[int, ...]) -> None:
        self.getPty(b"", newWindowSize, ())
        self._resize()

    def _resize(self) -> None:
        program: Any = getattr(self._chained, "terminalProtocol", None)
        if hasattr(program, "terminalSize"):
            program.terminalSize(self.width, self.height)

    def eofReceived(self) -> None:
        self._proto.loseConnection()

    def closed(self) -> None:
        pass


class TerminalUser(ConchUser):
    """Somebody with such sessions."""

    def __init__(self, original: Any, avatarId: Any) -> None:
        super().__init__()
        self.original, self.avatarId = original, avatarId


class TerminalRealm:
    """Gives everybody who may log in the same program, each at a terminal of their own, and logs who had it."""

    userFactory = TerminalUser
    sessionFactory = TerminalSession
    chainedProtocolFactory: Callable[[], Any] = ServerProtocol

    def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: type) -> tuple[type, Any, Callable[[], None]]:
        if IConchUser not in interfaces:
            raise NotImplementedError("there are terminals by SSH only")
        avatar = self.userFactory(self, avatarId)
        avatar.sessionFactory = self._session
        return IConchUser, avatar, lambda: log.msg(f"{avatarId!r} has left")

    def _session(self, avatar: Any) -> TerminalSession:
        session = self.sessionFactory(avatar)
        session.chainedProtocolFactory = self.chainedProtocolFactory
        return session
