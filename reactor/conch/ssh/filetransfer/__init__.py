"""SFTP, version 3 (draft-ietf-secsh-filexfer-02): files through SSH, or through any other stream.

`FileTransferServer` is a Protocol, for the subsystem `sftp`; it serves an `IFTPShell`, such as a `vfs.Folder`, as FTP
does. `SFTPClient` is the other end.

    avatar.subsystemLookup[b"sftp"] = lambda data, avatar: FileTransferServer(data, Folder("pub"))

How messages look is asyncssh's business. Its server isn't used: it answers however little a client reads, opens as much
as a client likes, copies a file into itself for ever when it is asked to, and tells clients what Python says.
"""

from reactor.conch.ssh.filetransfer.client import SFTPClient
from reactor.conch.ssh.filetransfer.server import FileTransferServer

__all__ = ["FileTransferServer", "SFTPClient"]
