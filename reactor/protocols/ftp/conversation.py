"""A session of FTP, as far as it has nothing to do with files: replies, errors, TLS, logins, one transfer at a time.

While a transfer goes on, the client may ask how it goes (STAT) or stop it (ABOR). All else that it says waits until the
transfer is over, `mostHeld` lines of it; then nothing more is read.
"""

from __future__ import annotations

import errno
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, ClassVar

from reactor import log
from reactor.cred.credentials import Anonymous, IAnonymous, UsernamePassword
from reactor.cred.error import LoginDenied, LoginFailed
from reactor.cred.portal import Portal
from reactor.defer import CancelledError, Deferred, ensureDeferred, maybeDeferred
from reactor.failure import Failure
from reactor.protocol import connectionDone
from reactor.protocols.basic.conversation import Conversation
from reactor.protocols.ftp.data import DTPFactory
from reactor.protocols.ftp.wire import Refused, encoded, is_urgent, read_command
from reactor.protocols.policies.logins import mayTakePasswords
from reactor.vfs import IFTPShell

_CODES = {
    errno.ENOENT: (550, "there is no such file or folder"),
    errno.ENOTDIR: (550, "that is no folder"),
    errno.EISDIR: (550, "that is a folder"),
    errno.EEXIST: (550, "that is there already"),
    errno.ENOTEMPTY: (550, "that folder isn't empty"),
    errno.ENAMETOOLONG: (553, "that name is too long"),
    errno.EINVAL: (554, "that can't be, or the file has fewer bytes"),
    errno.EAGAIN: (450, "somebody else is writing that file"),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), (550, "that isn't permitted")),
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), (552, "there is no room for it")),
}


class FTPSession(Conversation):
    """One session; `server.FTP` adds files. A command is a method `ftp_…`; it returns code and text, or None.

    portal: who may log in; their avatars are IFTPShell. contextFactory: for TLS; None: there is none. reactor, factory:
    set by FTPFactory. shell: the files, once somebody is in. isProtected: whether data connections are encrypted.
    transfer: what goes on, if something does.

    Bounds. timeOut: seconds without a command, or with a transfer in which nothing moves: stallTimeOut. loginTimeOut:
    until somebody is in. dtpTimeout: until a data connection is there. mostErrors: in a row, then the session ends.
    requireDataTLS: whether the files of an encrypted session must be encrypted, too. requireSessionReuse: whether data
    connections must go on with the TLS session of this one, which proves whose they are, and which not all clients can.
    """

    MAX_LENGTH = 8192  # a path of PATH_MAX, in UTF-8
    timeOut: float | None = 600.0
    loginTimeOut = 60.0
    stallTimeOut = 60.0
    dtpTimeout = 30.0
    mostErrors = 10
    mostHeld = 20
    requireDataTLS = True
    requireSessionReuse = False
    COMMANDS: ClassVar[dict[str, tuple[bool, bool]]] = {}  # word → only after the login? needs an argument?

    portal = Portal(None)  # type: ignore[arg-type]  # nobody can log in, so nobody asks the realm
    contextFactory: Any = None
    factory: Any
    reactor: Any
    shell: Any = None
    isProtected = False
    dtpFactory: DTPFactory | None = None
    transfer: Deferred[Any] | None = None
    _errors = 0
    _user: str | None = None
    _logout: Callable[[], object] | None = None

    def connectionMade(self) -> None:
        """Greet."""
        super().connectionMade()
        self._held: deque[bytes] = deque()
        self.isProtected = getattr(self.transport, "TLS", False)
        self._idle_s = self.setTimeout(self.loginTimeOut)
        self.reply(220, self.factory.welcomeMessage)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Forget the session; what is being transferred is cut."""
        super().connectionLost(reason)
        self._held.clear()
        if self.transfer is not None:
            self.transfer.cancel()
        self.cleanupDTP()
        logout, self._logout, self.shell = self._logout, None, None
        if logout is not None:
            logout()

    def resetTimeout(self) -> None:
        """Whoever isn't in gets no more time by talking."""
        if self.shell is not None:
            super().resetTimeout()

    # --- replies

    def reply(self, code: int, text: str, lines: Iterable[str] = ()) -> None:
        """Send a reply. lines: between its first line and its last."""
        middle = [encoded(f" {line}") for line in lines]
        sent = [b"%d%b%b" % (code, b"-" if middle else b" ", encoded(text)), *middle]
        self.transport.write(b"\r\n".join([*sent, *([b"%d End" % code] if middle else []), b""]))
        if code in (500, 501, 530):
            self._errors += 1
        elif 200 <= code < 300:
            self._errors = 0

    def lineTooLong(self) -> None:
        """An error like others."""
        self.explain(Failure(Refused(500, f"a line has at most {self.MAX_LENGTH} bytes")))

    def explain(self, failure: Failure) -> None:
        """Say what went wrong, as far as it is the client's business; log the rest. Too many errors end the session."""
        problem = failure.value
        if isinstance(problem, Refused):
            self.reply(problem.code, str(problem))
        elif isinstance(problem, LoginDenied):
            self.reply(421, "not now")
            self._errors = self.mostErrors
        elif isinstance(problem, LoginFailed):
            self.reply(530, "this name and password let nobody in")
        elif isinstance(problem, OSError) and problem.errno in _CODES:
            self.reply(*_CODES[problem.errno])
        else:
            log.err(failure, "a command of FTP")
            self.reply(451, "something went wrong here")
        if self._errors >= self.mostErrors:
            self.transport.loseConnection()

    # --- commands

    def lineReceived(self, line: bytes) -> None:
        """Answer it; during a transfer, later."""
        if (self.transfer is None and not self._held) or is_urgent(line):
            super().lineReceived(line)
            return
        self._held.append(line)
        if len(self._held) >= self.mostHeld:
            self._hold()

    def _answered(self, _: Any) -> None:
        self._is_busy = False
        self._next()

    def _next(self) -> None:
        while self._held and self.transfer is None and not self._is_busy:
            super().lineReceived(self._held.popleft())
        if len(self._held) < self.mostHeld:
            self._go_on()

    async def answer(self, line: bytes) -> None:
        """As Conversation's: a command."""
        found = await maybeDeferred(self.processCommand, *read_command(line))
        if found is not None and not self._is_gone:
            self.reply(*found)

    def processCommand(self, cmd: str, argument: str) -> Any:
        """Do what a command asks for. Returns code and text, None if it has replied, or something to await."""
        raise NotImplementedError

    def check(self, cmd: str, argument: str) -> None:
        """Raises Refused for a command that isn't there, or not now, or not so."""
        if cmd not in self.COMMANDS:
            raise Refused(502, f"{cmd} is no command here")
        needs_login, needs_argument = self.COMMANDS[cmd]
        if needs_login and self.shell is None:
            raise Refused(530, "log in with USER and PASS")
        if needs_argument and not argument:
            raise Refused(501, f"{cmd} what?")

    def ftp_QUIT(self, _: str) -> None:
        """Say goodbye."""
        self.reply(221, "goodbye")
        self.transport.loseConnection()

    # --- TLS

    def ftp_AUTH(self, mechanism: str) -> Any:
        """Begin TLS (RFC 4217). What came in the clear behind this command is forgotten, and so is USER."""
        if mechanism.upper() not in ("TLS", "TLS-C") or self.contextFactory is None:
            raise Refused(504, "there is AUTH TLS" if self.contextFactory is not None else "there is no TLS here")
        if getattr(self.transport, "TLS", False) or self.shell is not None:
            raise Refused(503, "TLS begins before the login, and once")
        self.reply(234, "begin")
        self._user = None
        self.transport.startTLS(self.contextFactory)

    def _needs_tls(self) -> None:
        if not getattr(self.transport, "TLS", False):
            raise Refused(503, "AUTH TLS comes first")

    def ftp_PBSZ(self, size: str) -> Any:
        """A formality: TLS has no buffer to agree on."""
        self._needs_tls()
        return 200, "PBSZ=0"

    def ftp_PROT(self, level: str) -> Any:
        """Whether data connections are encrypted."""
        self._needs_tls()
        if level.upper() not in ("P", "C"):
            raise Refused(504, "there is PROT P")
        if level.upper() == "C" and self.requireDataTLS:
            raise Refused(534, "files are encrypted here as commands are")
        self.cleanupDTP()
        self.isProtected = level.upper() == "P"
        return 200, f"PROT {level.upper()}"

    # --- login

    def ftp_USER(self, name: str) -> Any:
        """Who it is. The answer doesn't tell whether there is such a user."""
        if self.shell is not None:
            raise Refused(503, "somebody is logged in already: QUIT, and come again")
        if not (self._is_anonymous(name) or mayTakePasswords(self.transport)):
            raise Refused(530, "no password is taken in the clear: AUTH TLS comes first")
        self._user = name
        return 331, "and the password?"

    def _is_anonymous(self, name: str) -> bool:
        names = (self.factory.userAnonymous, "ftp")
        return name in names and self.factory.allowAnonymous and IAnonymous in self.portal.checkers

    async def ftp_PASS(self, password: str) -> Any:
        """Let them in, if they are who they say."""
        name, self._user = self._user, None
        if name is None or self.shell is not None:
            raise Refused(503, "USER comes first")
        is_anonymous = self._is_anonymous(name)
        credentials: Any = Anonymous() if is_anonymous else UsernamePassword(encoded(name), encoded(password))
        _, shell, logout = await self.portal.login(credentials, None, IFTPShell)
        if self._is_gone:
            logout()
            return None
        self.shell, self._logout, self._errors = shell, logout, 0
        self.setTimeout(self._idle_s)
        return 230, "welcome, stranger" if is_anonymous else "welcome"

    # --- one transfer at a time

    def begin(self, transfer: Coroutine[Any, Any, Any]) -> None:
        """Go on with commands while this runs. It returns code and text."""
        self.setTimeout(self.stallTimeOut)
        self.transfer = running = ensureDeferred(transfer)
        running.addCallbacks(lambda found: self.reply(*found), self._cut).addErrback(log.err, "FTP")
        running.addBoth(self._transferred)

    def _cut(self, failure: Failure) -> None:
        if self._is_gone:
            return
        if failure.check(CancelledError):
            self.reply(426, "stopped")
        else:
            self.explain(failure)

    def _transferred(self, _: Any) -> None:
        self.transfer = None
        self.cleanupDTP()
        if not self._is_gone:
            self.setTimeout(self._idle_s)
            self._next()

    def ftp_ABOR(self, _: str) -> Any:
        """Stop the transfer, or forget the data connection that was prepared for one."""
        if self.transfer is not None:
            self.transfer.cancel()
        self.cleanupDTP()
        return 226, "stopped"

    def cleanupDTP(self) -> Any:
        """Close the data connection, and what waits for one. Returns a Deferred if its port isn't free at once."""
        factory, self.dtpFactory = self.dtpFactory, None
        return factory.close() if factory is not None else None
