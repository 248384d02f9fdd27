"""The server's side of SFTP: requests in their order, one at a time, each with one answer.

A request is begun only when the one before is answered, and when the client has taken enough of the answers: so at most
one of them waits here, however many a client sends. MAX_LENGTH bounds a message, in bytes; see `files` for the others.
"""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable
from typing import Any

from asyncssh import SFTPAttrs, SFTPError, SFTPName, SFTPVFSAttrs
from asyncssh import constants as code
from asyncssh.packet import Byte, PacketDecodeError, SSHPacket, String, UInt32

from reactor import log
from reactor.conch.ssh.filetransfer.files import SFTPFiles
from reactor.defer import Deferred, maybeDeferred
from reactor.failure import Failure
from reactor.protocol import connectionDone
from reactor.protocols.basic import Int32StringReceiver
from reactor.vfs import IFTPShell

# Kind, or name, of a request → the method of SFTPFiles, and the fields: strings, numbers of 4 or 8 bytes, attributes.
_REQUESTS: dict[int | bytes, tuple[str, str]] = {
    code.FXP_OPEN: ("openFile", "s4a"),
    code.FXP_CLOSE: ("close", "s"),
    code.FXP_READ: ("readChunk", "s84"),
    code.FXP_WRITE: ("writeChunk", "s8s"),
    code.FXP_LSTAT: ("getAttrs", "s"),
    code.FXP_STAT: ("getAttrs", "s"),
    code.FXP_FSTAT: ("getAttrsOfFile", "s"),
    code.FXP_SETSTAT: ("setAttrs", "sa"),
    code.FXP_FSETSTAT: ("setAttrsOfFile", "sa"),
    code.FXP_OPENDIR: ("openDirectory", "s"),
    code.FXP_READDIR: ("readDirectory", "s"),
    code.FXP_REMOVE: ("removeFile", "s"),
    code.FXP_MKDIR: ("makeDirectory", "sa"),
    code.FXP_RMDIR: ("removeDirectory", "s"),
    code.FXP_REALPATH: ("realPath", "s"),
    code.FXP_RENAME: ("renameFile", "ss"),
    b"posix-rename@openssh.com": ("replaceFile", "ss"),
    b"hardlink@openssh.com": ("makeHardLink", "ss"),
    b"fsync@openssh.com": ("sync", "s"),
    b"lsetstat@openssh.com": ("setAttrs", "sa"),
    b"statvfs@openssh.com": ("statvfs", "s"),
    b"limits@openssh.com": ("limits", ""),
}
_SECOND_VERSION = (b"statvfs@openssh.com",)  # of an extension; the others have their first
_FIELDS: dict[str, Callable[[SSHPacket], Any]] = {
    "s": SSHPacket.get_string,
    "4": SSHPacket.get_uint32,
    "8": SSHPacket.get_uint64,
    "a": lambda packet: SFTPAttrs.decode(packet, 3),
}
_CODES = {
    errno.ENOENT: code.FX_NO_SUCH_FILE,
    errno.EACCES: code.FX_PERMISSION_DENIED,
    errno.EPERM: code.FX_PERMISSION_DENIED,
    errno.EROFS: code.FX_PERMISSION_DENIED,
}


def _told(result: Any) -> tuple[int, bytes]:
    """The kind of an answer, and its fields. Bytes are told already: SFTPFiles gives them their kind."""
    if result is None:
        return code.FXP_STATUS, UInt32(code.FX_OK) + String("") + String("en")
    if isinstance(result, SFTPAttrs):
        return code.FXP_ATTRS, result.encode(3)
    if isinstance(result, os.statvfs_result):
        return code.FXP_EXTENDED_REPLY, SFTPVFSAttrs.from_local(result).encode(3)
    if isinstance(result[0], SFTPName):
        return code.FXP_NAME, UInt32(len(result)) + b"".join(name.encode(3) for name in result)
    return result  # type: ignore[no-any-return]  # a pair


def _refusal(failure: Failure) -> tuple[int, bytes]:
    """The same, of an error. Clients are told what the system says of it, and not what Python does."""
    problem = failure.value
    if isinstance(problem, PacketDecodeError):
        number, text = code.FX_BAD_MESSAGE, "a message has other fields"
    elif isinstance(problem, SFTPError):
        number, text = problem.code, problem.reason
    elif isinstance(problem, NotImplementedError | io.UnsupportedOperation):
        number, text = code.FX_OP_UNSUPPORTED, "that isn't done here"
    elif isinstance(problem, OSError) and problem.errno:
        number, text = _CODES.get(problem.errno, code.FX_FAILURE), os.strerror(problem.errno)
    else:
        log.err(failure, "a request of SFTP")
        number, text = code.FX_FAILURE, "the server met an error"
    return code.FXP_STATUS, UInt32(number) + String(text) + String("en")


class FileTransferServer(Int32StringReceiver):
    """One session. data: of the request for the subsystem, and not used. avatar: the IFTPShell that is served."""

    MAX_LENGTH = 2**18  # as OpenSSH has it
    _has_begun = _is_busy = _is_ending = _is_over = False
    _has_room = True

    def __init__(self, data: object, avatar: IFTPShell) -> None:
        self.files = SFTPFiles(avatar)

    def connectionMade(self) -> None:
        """Be told when the client doesn't take answers."""
        self.transport.registerProducer(self, True)

    def stringReceived(self, string: bytes) -> None:
        """A message. Who sends one without a number, or begins with another than the first, is cut."""
        packet = SSHPacket(string)
        try:
            kind, number = packet.get_byte(), packet.get_uint32()
        except PacketDecodeError:
            kind, number = 0, 0
        if self._has_begun and kind:
            self._answer(number, maybeDeferred(self._ask, kind, packet))
        elif kind == code.FXP_INIT and number >= 3:  # here, it is the version
            self._has_begun = True
            names = (name for name in _REQUESTS if isinstance(name, bytes))
            extensions = (String(name) + String("2" if name in _SECOND_VERSION else "1") for name in names)
            self.sendString(Byte(code.FXP_VERSION) + UInt32(3) + b"".join(extensions))
        else:
            log.msg("SFTP: what a client sends is no message")
            self._close()

    def _ask(self, kind: int, packet: SSHPacket) -> Any:
        name: int | bytes = packet.get_string() if kind == code.FXP_EXTENDED else kind
        if name not in _REQUESTS:
            raise NotImplementedError
        method, fields = _REQUESTS[name]
        values = [_FIELDS[field](packet) for field in fields]  # what rclone sends behind them is ignored, as elsewhere
        return getattr(self.files, method)(*values)

    def _answer(self, number: int, asked: Deferred[Any]) -> None:
        def send(answer: tuple[int, bytes]) -> None:
            self._is_busy = False
            if not self._is_over:
                self.sendString(Byte(answer[0]) + UInt32(number) + answer[1])

        self._is_busy = True
        asked.addCallback(_told).addErrback(_refusal).addCallback(send)
        if self._is_busy:
            super().pauseProducing()
            asked.addCallback(lambda _: self._go_on())

    def pauseProducing(self) -> None:
        """The client doesn't take answers: begin no request."""
        self._has_room = False
        super().pauseProducing()

    def resumeProducing(self) -> None:
        """It does again."""
        self._has_room = True
        self._go_on()

    def _go_on(self) -> None:
        if self._has_room and not self._is_busy and not self._is_over:
            super().resumeProducing()
            if self._is_ending and not self.paused:
                self._close()

    def readConnectionLost(self) -> None:
        """The client has asked all that it will."""
        self._is_ending = True
        if not self.paused:
            self._close()

    def _close(self) -> None:
        self._is_over = self.paused = True
        self.transport.unregisterProducer()
        self.transport.loseConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """What is open is given up: uploads that weren't closed aren't whole."""
        self._is_over = self.paused = True
        self.files.giveUp()
