"""The keys of hosts that somebody has vouched for, as OpenSSH keeps them in ~/.ssh/known_hosts.

    host.example,192.0.2.7 ssh-ed25519 AAAA…         a name or several, and a key; a host may have many lines
    [host.example]:2222 ssh-ed25519 AAAA…            another port than 22
    *.example,!old.example ssh-rsa AAAA…             patterns
    |1|salt|hash ssh-ed25519 AAAA…                   a name that the file doesn't give away
    @cert-authority *.example ssh-ed25519 AAAA…      who may sign the certificates of these hosts
    @revoked * ssh-rsa AAAA…                         a key that was stolen: refused, whoever vouches for it

Source: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT". asyncssh reads the lines. Two rules are ours. The name counts, and the
address that it leads to doesn't: who forges DNS would else only need some host that is known. And a line that can't be
read is an error: it may be the one that revokes.
"""

from __future__ import annotations

import base64
import hmac
import os
from pathlib import Path
from typing import Any, NamedTuple

from reactor.conch.error import HostKeyChanged, InvalidEntry, UserRejectedKey
from reactor.extras import installed_by

with installed_by("tutorial-of-doom[ssh]"):
    import asyncssh

KINDS = ("key", "authority", "revoked")  # in asyncssh's order


class Entry(NamedTuple):
    """A key that a line has for a host. kind: one of KINDS. line: its number, from 1."""

    kind: str
    key: Any
    line: int


class KnownHostsFile:
    """Keys of hosts. This one begins empty, and `save` replaces the file; `fromPath` reads one, and `save` adds to it.

    Names are as in the file: `host.example`, or `[host.example]:2222`. Keys are asyncssh's.
    """

    def __init__(self, savePath: str | os.PathLike[str]) -> None:
        self.savePath = Path(savePath)
        self._lines: list[asyncssh.SSHKnownHosts] = []  # each line by itself, so that errors can name it
        self._unsaved, self._mode = b"", "wb+"

    @classmethod
    def fromPath(cls, path: str | os.PathLike[str]) -> KnownHostsFile:
        """What is in a file; a missing file is an empty one. Raises OSError, and InvalidEntry for a bad line."""
        known = cls(path)
        known._mode = "ab+"
        text = known.savePath.read_text("utf-8", "replace") if known.savePath.exists() else ""
        for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
            try:  # asyncssh passes over a key with an umlaut in its comment, and it may be a revoked one
                known._lines.append(asyncssh.import_known_hosts(line.encode("ascii", "backslashreplace").decode()))
            except (ValueError, OverflowError) as problem:
                raise InvalidEntry(f"{path}, line {number}: {problem}") from problem
        return known

    def entries(self, hostname: str) -> list[Entry]:
        """What is known of a host. One at another port than 22 that has no key of its own has those of its name."""
        name = hostname.lower()
        found = self._entries(name)
        if name.startswith("[") and all(entry.kind == "revoked" for entry in found):
            found += self._entries(name[1:].partition("]")[0])
        return found

    def _entries(self, name: str) -> list[Entry]:
        return [
            Entry(kind, key, number)
            for number, line in enumerate(self._lines, 1)
            for kind, keys in zip(KINDS, line.match(name, "", None), strict=False)
            for key in keys
        ]

    def hasHostKey(self, hostname: str, key: Any) -> bool:
        """Whether this is a key of the host, or of an authority for it; False when none is known.

        Raises UserRejectedKey when it has been revoked, HostKeyChanged when there are others.
        """
        entries = self.entries(hostname)
        for entry in entries:
            if (entry.kind, entry.key) == ("revoked", key):
                raise UserRejectedKey(f"{_described(hostname, key)}, is revoked by {self.savePath}, line {entry.line}")
        if any(entry.key == key for entry in entries):
            return True
        for entry in entries:
            if entry.kind != "revoked":
                raise HostKeyChanged(entry, self.savePath, entry.line, _described(hostname, key))
        return False

    def verifyHostKey(self, hostname: str, key: Any) -> None:
        """Raises as `hasHostKey`, and UserRejectedKey for an unknown key: nobody is asked, and nothing is added."""
        if not self.hasHostKey(hostname, key):
            raise UserRejectedKey(
                f"{_described(hostname, key)}, is unknown: ask whoever runs it for its fingerprint, and if that is the "
                f"same, add this line to {self.savePath}: {hostname} {_exported(key)}"
            )

    def addHostKey(self, hostname: str, key: Any) -> None:
        """Vouch for a key, with the name hashed. It counts at once; `save` writes it."""
        salt = os.urandom(20)
        hashed = hmac.digest(salt, hostname.lower().encode(), "sha1")
        parts = (base64.b64encode(part).decode() for part in (salt, hashed))
        line = f"|1|{'|'.join(parts)} {_exported(key)}\n"
        self._unsaved += line.encode()
        self._lines.append(asyncssh.import_known_hosts(line))

    def save(self) -> None:
        """Write what was added; a new file is for its owner only. Raises OSError."""
        self.savePath.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(self.savePath, self._mode, opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            if file.tell() and file.seek(-1, os.SEEK_END) and file.read(1) != b"\n":
                file.write(b"\n")  # an editor left the last line without its end
            file.write(self._unsaved)
        self._unsaved, self._mode = b"", "ab+"


def _described(hostname: str, key: Any) -> str:
    return f"the host key of {hostname}, {key.get_algorithm()} {key.get_fingerprint()}"


def _exported(key: Any) -> str:
    return " ".join(key.export_public_key().decode().split()[:2])  # without its comment
