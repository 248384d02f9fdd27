"""FTP (RFC 959, 2428, 3659; over TLS: 4217), both sides. The names of `twisted.protocols.ftp`.

wire           lines, paths and addresses; no connection
listings       lists of files, written and read
data           the server's data connections
conversation   a server's session: replies, errors, TLS, logins, one transfer at a time
server         what each command does; the shell, which a portal gave, decides about files
house          the factory, the realm, the shells
client         the other side
client_data    its data connections
"""

from reactor.protocols.ftp.client import (
    BadResponse,
    CommandFailed,
    ConnectionLost,
    FTPClient,
    FTPClientBasic,
    FTPError,
)
from reactor.protocols.ftp.client_data import SenderProtocol
from reactor.protocols.ftp.data import DTP, DTPFactory
from reactor.protocols.ftp.house import (
    BaseFTPRealm,
    FTPAnonymousShell,
    FTPFactory,
    FTPRealm,
    FTPShell,
    SystemFTPRealm,
)
from reactor.protocols.ftp.listings import FTPFileListProtocol
from reactor.protocols.ftp.server import FTP
from reactor.protocols.ftp.wire import (
    InvalidPath,
    decodeExtendedAddress,
    decodeHostPort,
    encodeHostPort,
    parsePWDResponse,
    toSegments,
)
from reactor.vfs import IFTPShell, IReadFile, IWriteFile

__all__ = [
    "DTP",
    "FTP",
    "BadResponse",
    "BaseFTPRealm",
    "CommandFailed",
    "ConnectionLost",
    "DTPFactory",
    "FTPAnonymousShell",
    "FTPClient",
    "FTPClientBasic",
    "FTPError",
    "FTPFactory",
    "FTPFileListProtocol",
    "FTPRealm",
    "FTPShell",
    "IFTPShell",
    "IReadFile",
    "IWriteFile",
    "InvalidPath",
    "SenderProtocol",
    "SystemFTPRealm",
    "decodeExtendedAddress",
    "decodeHostPort",
    "encodeHostPort",
    "parsePWDResponse",
    "toSegments",
]
