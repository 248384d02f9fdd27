"""Files for protocols: one interface, Twisted's `IFTPShell`, with a folder on disk behind it, or one in memory.

A path is a list of names, not a text: `["pub", "menu.txt"]`. So there is no spelling of one to be clever with, and each
name is looked up in the folder before it (`folder`), through no link: whatever a client asks for, and whatever
somebody does to the folder meanwhile, nothing outside of it is read or written.

Every method returns a Deferred. It fails with the OSError that the system gives, such as FileNotFoundError, so that a
protocol has one table from these to its own codes. FTP, SFTP and finger share this.
"""

from reactor.vfs.folder import Folder
from reactor.vfs.interfaces import IFTPShell, IReadFile, IWriteFile
from reactor.vfs.memory import MemoryFolder
from reactor.vfs.transfers import contents
from reactor.vfs.uploads import part_of

__all__ = ["Folder", "IFTPShell", "IReadFile", "IWriteFile", "MemoryFolder", "contents", "part_of"]
