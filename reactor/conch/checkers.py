"""Checkers for keys. The names of `twisted.conch.checkers`.

A line of a file of keys that has options (`command=`, `from=`) is left out, and the log says so: nobody here keeps
them, and who wrote them wanted to allow less than a whole login.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import asyncssh

from reactor import log
from reactor.conch.error import ValidPublicKey
from reactor.cred.credentials import ISSHPrivateKey
from reactor.cred.error import UnauthorizedLogin
from reactor.defer import Deferred, maybeDeferred

_TOO_WEAK = (b"ssh-rsa", b"ssh-dss")  # signatures of SHA-1; an RSA key signs by others, too
_LONGEST_FILE = 2**20


class IAuthorizedKeysDB(Protocol):
    """Knows whose key is whose."""

    def getAuthorizedKeys(self, avatarId: bytes, /) -> Iterable[Any]:
        """The public keys of this name, as asyncssh has them; or a Deferred of them."""


class InMemorySSHKeyDB:
    """mapping: name → keys."""

    def __init__(self, mapping: Mapping[bytes, Iterable[Any]]) -> None:
        self._mapping = mapping

    def getAuthorizedKeys(self, username: bytes) -> Iterable[Any]:
        """The keys of this name; none of one that isn't there."""
        return self._mapping.get(username, ())


class UNIXAuthorizedKeysFiles:
    """Each account's own files: .ssh/authorized_keys and .ssh/authorized_keys2 in its home."""

    def getAuthorizedKeys(self, username: bytes) -> Iterator[Any]:
        """The keys in them; none of an account that isn't there."""
        import pwd  # where there are accounts

        try:
            home = Path(pwd.getpwnam(username.decode()).pw_dir)
        except (KeyError, ValueError):
            return iter(())
        return (key for name in ("authorized_keys", "authorized_keys2") for key in readKeys(home / ".ssh" / name))


class AuthorizedKeysFolder:
    """A folder with a file for each name, in the format of authorized_keys."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def getAuthorizedKeys(self, username: bytes) -> Iterator[Any]:
        """The keys in the file of this name; none where there is no such file."""
        name = os.fsdecode(username)
        return readKeys(self.folder / name) if name[:1] not in ("", ".") and not {"/", "\0"} & {*name} else iter(())


def readKeys(path: Path) -> Iterator[Any]:
    """The keys in a file. One that others may write is left out, as are lines that can't be used; the log says so."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a fifo may have nobody who writes
    except PermissionError as problem:
        log.msg(f"{path} isn't used: {problem.strerror}")
        return
    except OSError:
        return
    try:
        status = os.fstat(descriptor)
        is_good = stat.S_ISREG(status.st_mode) and not status.st_mode & 0o022 and status.st_size <= _LONGEST_FILE
        lines = os.read(descriptor, _LONGEST_FILE).split(b"\n") if is_good else []
    finally:
        os.close(descriptor)
    if not is_good:
        log.msg(f"{path} isn't used: it is no file of at most a MiB that its owner alone may write")
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith(b"#"):
            try:
                yield asyncssh.import_public_key(line)
            except (ValueError, OverflowError):  # what cryptography thinks of numbers, asyncssh passes on
                log.msg(f"{path}, line {number} isn't used: it is no key, or has options")


class SSHPublicKeyChecker:
    """Lets in who signs with a key that belongs to the name. keydb: an IAuthorizedKeysDB."""

    credentialInterfaces = (ISSHPrivateKey,)

    def __init__(self, keydb: IAuthorizedKeysDB) -> None:
        self._keydb = keydb

    def requestAvatarId(self, credentials: Any) -> Deferred[bytes]:
        """The name. Fails with ValidPublicKey where a signature is all that is missing, else with UnauthorizedLogin."""
        return maybeDeferred(self._keydb.getAuthorizedKeys, credentials.username).addCallback(self._check, credentials)

    def _check(self, keys: Iterable[Any], credentials: Any) -> bytes:
        for key in keys:
            if key.public_data == credentials.blob:
                if credentials.signature is None:
                    raise ValidPublicKey
                size = int.from_bytes(credentials.signature[:4], "big")
                is_weak = credentials.signature[4 : 4 + size] in _TOO_WEAK
                if not is_weak and key.verify(credentials.sigData, credentials.signature):
                    return bytes(credentials.username)
        raise UnauthorizedLogin
