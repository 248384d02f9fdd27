"""What a portal asks of a checker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

ANONYMOUS: tuple[()] = ()
"""The avatar id of somebody who doesn't say who they are. No name can be mistaken for it: an empty one, say."""


class ICredentialsChecker(Protocol):
    """Says who somebody is."""

    @property
    def credentialInterfaces(self) -> Sequence[type]:
        """The kinds of credentials that it can check."""

    def requestAvatarId(self, credentials: Any) -> Any:
        """Who this is, as bytes or ANONYMOUS, or a Deferred of it. It fails with UnauthorizedLogin if it isn't so."""
