"""DCC: what two clients of IRC say to each other directly, after one has offered it to the other in a message.

An offer comes from a stranger. So ports under 1,024 are refused (they are of services that one could be sent to annoy),
a file's name is only its last part, and nothing is connected to unless an override of `dccDo…` does.
"""

from __future__ import annotations

import ipaddress
import os
import shlex
import struct
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from reactor.failure import Failure
from reactor.protocol import ClientFactory, Protocol, connectionDone
from reactor.protocols.basic import LineOnlyReceiver
from reactor.words.protocols.irc.wire import IRCBadMessage

LOWEST_PORT = 1024


def dccParseAddress(address: str) -> str:
    """The address in an offer: a number, or as it is. Raises IRCBadMessage."""
    try:
        is_number = address.isascii() and address.isdigit() and len(address) < 12
        return str(ipaddress.IPv4Address(int(address)) if is_number else ipaddress.ip_address(address))
    except ValueError:
        raise IRCBadMessage(f"Indecipherable address {address[:60]!r}") from None


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and LOWEST_PORT <= int(text[:6]) < 65_536):
        raise IRCBadMessage(f"a port of DCC is a number from {LOWEST_PORT} to 65535, not {text[:20]!r}")
    return int(text)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1


def _last_part(name: str) -> str:
    found = name.replace("\\", "/").rpartition("/")[2].strip()
    if found in ("", ".", "..") or "\0" in found or len(found.encode("utf-8", "replace")) > 255:
        raise IRCBadMessage(f"{name[:60]!r} is no file's name")
    return found


class DccOffers:
    """The offers that an IRCClient gets. Each calls a method that does nothing unless it is overridden."""

    quirkyMessage: Callable[[str], None]

    def ctcpQuery_DCC(self, user: str, channel: str, data: str | None) -> None:
        """An offer. What can't be read is told to `quirkyMessage`."""
        kind, _, rest = (data or "").partition(" ")
        handler = getattr(self, f"dcc_{kind.upper()}", None)
        try:
            if handler is None:
                raise IRCBadMessage(f"unknown kind {kind[:20]!r}")
            try:
                words = shlex.split(rest)  # a name may have spaces, in quotes
            except ValueError:
                words = rest.split()
            if len(words) < 3:
                raise IRCBadMessage(f"malformed request: {rest[:200]!r}")
            handler(user, channel, words)
        except IRCBadMessage as problem:
            self.quirkyMessage(f"a DCC offer of {user}: {problem}")

    def dcc_SEND(self, user: str, channel: str, data: list[str]) -> None:
        """A file."""
        size = _number(data[3]) if data[3:] else -1
        self.dccDoSend(user, dccParseAddress(data[1]), _port(data[2]), _last_part(data[0]), size, data)

    def dcc_ACCEPT(self, user: str, channel: str, data: list[str]) -> None:
        """Our wish to go on with a file is granted."""
        self.dccDoAcceptResume(user, _last_part(data[0]), _port(data[1]), _number(data[2]))

    def dcc_RESUME(self, user: str, channel: str, data: list[str]) -> None:
        """They wish to go on with a file."""
        self.dccDoResume(user, _last_part(data[0]), _port(data[1]), _number(data[2]))

    def dcc_CHAT(self, user: str, channel: str, data: list[str]) -> None:
        """A talk."""
        self.dccDoChat(user, channel, dccParseAddress(data[1]), _port(data[2]), data)

    def dccDoSend(self, user: str, address: str, port: int, fileName: str, size: int, data: list[str]) -> None:
        """Somebody offers a file. fileName: without a folder. size: -1 if it isn't said. Connect a DccFileReceive."""

    def dccDoAcceptResume(self, user: str, fileName: str, port: int, resumePos: int) -> None:
        """They grant our wish."""

    def dccDoResume(self, user: str, file: str, port: int, resumePos: int) -> None:
        """They wish to go on."""

    def dccDoChat(self, user: str, channel: str, address: str, port: int, data: list[str]) -> None:
        """Somebody offers a talk. Connect a DccChatFactory."""


class DccFileReceiveBasic(Protocol):
    """Tells the sender how much has come: four bytes, so that 4 GiB begin again from 0."""

    def __init__(self, resumeOffset: int = 0) -> None:
        self.bytesReceived, self.resume = resumeOffset, resumeOffset != 0

    def dataReceived(self, data: bytes) -> None:
        """Some of the file has come."""
        self.bytesReceived += len(data)
        self.transport.write(struct.pack("!I", self.bytesReceived & 0xFFFFFFFF))


class DccFileReceive(DccFileReceiveBasic):
    """Writes a file that is sent. fileSize: what was offered, -1 if nothing; more of it isn't taken.

    filename: its last part counts. overwrite: whether a file of that name may be replaced; else the connection ends.
    """

    overwrite: bool | int = False

    def __init__(
        self, filename: str, fileSize: int = -1, queryData: Any = None, destDir: str = ".", resumeOffset: int = 0
    ) -> None:
        super().__init__(resumeOffset)
        self.set_filename(filename)
        self.destDir, self.fileSize, self.queryData = destDir, fileSize, queryData
        self.fromUser = queryData[0] if queryData else None
        self.file: IO[bytes] | None = None

    def set_directory(self, directory: str) -> None:
        """Where to put it. Raises OSError if that is no folder that we may write in."""
        if not os.path.isdir(directory) or not os.access(directory, os.X_OK | os.W_OK):
            raise NotADirectoryError(20, "no folder that we may write in", directory)
        self.destDir = directory

    def set_filename(self, filename: str) -> None:
        """What to call it. Raises IRCBadMessage for what is no name."""
        self.filename = _last_part(filename)

    def set_overwrite(self, boolean: bool) -> None:
        """Whether a file that is there may be replaced."""
        self.overwrite = boolean

    def connectionMade(self) -> None:
        """Open the file. Raises FileExistsError, FileNotFoundError."""
        path = Path(self.destDir, self.filename)
        if self.resume:
            self.file = path.open("rb+")
            self.file.seek(self.bytesReceived)
            self.file.truncate()
        else:
            self.file = path.open("wb" if self.overwrite else "xb")

    def dataReceived(self, data: bytes) -> None:
        """Write it down."""
        assert self.file is not None
        if 0 <= self.fileSize < self.bytesReceived + len(data):
            self.transport.loseConnection()
            return
        self.file.write(data)
        super().dataReceived(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Close the file."""
        if self.file is not None:
            self.file.close()


class DccChat(LineOnlyReceiver):
    """A talk. Its lines are the client's `privmsg`, from whom offered it to the client's own name."""

    delimiter = b"\n"

    def __init__(self, client: Any, queryData: Any = None) -> None:
        self.client, self.queryData = client, queryData
        self.remoteParty = queryData[0] if queryData else None

    def lineReceived(self, line: bytes) -> None:
        """They say something."""
        text = line.rstrip(b"\r").decode("utf-8", "surrogateescape")
        self.client.privmsg(self.remoteParty, self.client.nickname, text)

    def sendLine(self, line: bytes) -> None:
        """Say something."""
        super().sendLine(line + b"\r")


class DccChatFactory(ClientFactory):
    """Makes one talk."""

    protocol = DccChat
    noisy = False

    def __init__(self, client: Any, queryData: Any) -> None:
        self.client, self.queryData = client, queryData

    def buildProtocol(self, addr: Any) -> Any:
        """It."""
        chat = self.protocol(self.client, self.queryData)
        chat.factory = self
        return chat
