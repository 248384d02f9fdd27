"""The keys that a server shows: made when it starts for the first time, and then the same for ever."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import asyncssh

KINDS: dict[str, Any] = {"ssh-ed25519": {}, "ssh-rsa": {"key_size": 3072}}  # the second for clients from before 2014


def hostKeys(folder: Path) -> list[Any]:
    """The keys in `folder`, as asyncssh has them; those that are missing are made.

    Each is in a file of its own, ssh_host_KIND_key, that its owner alone can read; it appears whole or not at all.
    Raises ValueError for a file that others can read, or that is no key.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return [_key(folder / f"ssh_host_{kind.removeprefix('ssh-')}_key", kind) for kind in KINDS]


def _key(path: Path, kind: str) -> Any:
    if not path.exists():
        _make(path, kind)
    if path.stat().st_mode & 0o077:
        raise ValueError(f"{path} may be read by others: chmod 600 {path}")
    try:
        return asyncssh.read_private_key(path)
    except asyncssh.KeyImportError as problem:
        raise ValueError(f"{path} is no private key: {problem}") from None


def _make(path: Path, kind: str) -> None:
    key = asyncssh.generate_private_key(kind, **KINDS[kind])
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(key.export_private_key())
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, path)  # another one that starts at the same time keeps what it has shown
    except FileExistsError:
        pass
    finally:
        beside.unlink()
