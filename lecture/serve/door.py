"""Who may come in, and who may speak.

The server listens on loopback, but that keeps nobody out who can make the presenter's browser ask it:

- A page of another site may open a WebSocket to 127.0.0.1. Its requests say so in `Origin`.
- A page of another site may change the address of its own name to 127.0.0.1 (DNS rebinding). Its requests are then of
  one origin with us, but say that name in `Host`. So every request must name us, the plain pages too.
- The speaker's link has a token that nobody can guess. Only a browser that was opened with it, on this machine, speaks.

An audience elsewhere comes through a tunnel or a proxy, by an address that `lecture serve --audience-at` was told. By
that address nobody speaks, token or not.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lecture.errors import LectureError

if TYPE_CHECKING:
    from reactor.web.server import Request


class Role(Enum):
    """What one may do who came in."""

    SPEAKER = auto()
    FOLLOWER = auto()


@dataclass(frozen=True)
class Door:
    """The rules above. port: where we listen. audience_at: "https://talk.example.org", or "" for this machine alone.

    token: the speaker's. server_id: tells this run of the server from others, and is no secret.
    """

    port: int
    audience_at: str = ""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    server_id: str = field(default_factory=lambda: secrets.token_hex(4))

    def knows_host(self, request: Request) -> bool:
        """Whether the request names us as its host. All that don't are refused."""
        return _header(request, b"host") in self._hosts() | self._audience_hosts()

    def is_here(self, request: Request) -> bool:
        """Whether the request came by this machine's own name for us, and not through a tunnel or proxy."""
        return _header(request, b"host") in self._hosts()

    def role(self, request: Request) -> Role | None:
        """What the sender of a WebSocket's handshake may do; None for one who is to be refused."""
        origins = request.requestHeaders.getRawHeaders(b"origin", [])
        ours = {f"http://{host}" for host in self._hosts()}
        if b"token" in request.args:
            is_ours = self.is_here(request) and len(origins) == 1 and _text(origins[0]) in ours
            return Role.SPEAKER if is_ours and self._is_token(request.args[b"token"]) else None
        known = ours | ({self.audience_at.lower()} if self.audience_at else set())
        return Role.FOLLOWER if all(_text(origin) in known for origin in origins) else None

    def _is_token(self, values: list[bytes]) -> bool:
        return len(values) == 1 and hmac.compare_digest(values[0], self.token.encode("ascii"))

    def _hosts(self) -> set[str]:
        names = {f"127.0.0.1:{self.port}", f"localhost:{self.port}"}
        return names | ({"127.0.0.1", "localhost"} if self.port == 80 else set())

    def _audience_hosts(self) -> set[str]:
        return {urlsplit(self.audience_at).netloc.lower()} if self.audience_at else set()

    def speakers_link(self, page: str) -> str:
        """The link to a page for the speaker."""
        return f"http://127.0.0.1:{self.port}/{page}?token={self.token}"

    def audience_link(self, page: str) -> str:
        """The link to a page for everybody else."""
        return f"{self.audience_at or f'http://127.0.0.1:{self.port}'}/{page}"


def checked_address(address: str) -> str:
    """An address for `audience_at`, without a final slash. Raises LectureError for one that isn't of that form."""
    try:
        parts = urlsplit(address)
        is_one = parts.scheme in ("http", "https") and parts.hostname and (parts.port or True)
    except ValueError:  # brackets, or a port that is no number
        is_one = False
    if not is_one or "@" in parts.netloc or parts.path.strip("/") or parts.query or parts.fragment:
        raise LectureError(f"{address!r} is no address of a site: write it as https://talk.example.org")
    return f"{parts.scheme}://{parts.netloc}".lower()


def _header(request: Request, name: bytes) -> str:
    return _text(request.requestHeaders.last(name) or b"")


def _text(value: bytes) -> str:
    return value.decode("latin-1").lower()
