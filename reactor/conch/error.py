"""What goes wrong in a shell from afar. The names of `twisted.conch.error`."""

from __future__ import annotations

from pathlib import Path
from typing import Any


class ConchError(Exception):
    """Something can't be had. value: what is wrong. data: a number of the protocol's, if there is one."""

    def __init__(self, value: object, data: object = None) -> None:
        super().__init__(value, data)
        self.value, self.data = value, data

    def __str__(self) -> str:
        return str(self.value)


class ValidPublicKey(ConchError):
    """A key would do, if its owner signed with it: the answer to credentials without a signature."""

    def __init__(self, value: object = "a signature is missing", data: object = None) -> None:
        super().__init__(value, data)


class AuthenticationFailed(Exception):
    """A server let the user in by nothing that was shown."""


class UserRejectedKey(Exception):
    """Nobody has vouched for a host's key, or somebody has revoked it."""


class InvalidEntry(Exception):
    """A line in a file of known hosts can't be read."""


class HostKeyChanged(Exception):
    """A host has another key than the one that is known.

    offendingEntry: what is known, an Entry; path, lineno: where it stands.
    """

    def __init__(self, offendingEntry: Any, path: Path, lineno: int, what: str = "the host key") -> None:
        super().__init__(
            f"{what}, is not the one in {path}, line {lineno}: somebody may stand in between; if whoever runs the host "
            "says that its key is new, remove that line and add the new key"
        )
        self.offendingEntry, self.path, self.lineno = offendingEntry, path, lineno
