"""What makes servers, gives each what they share, and counts them."""

from __future__ import annotations

from typing import Any

from reactor.mail.smtp.addresses import dnsname
from reactor.mail.smtp.server import SMTP
from reactor.protocol import Factory
from reactor.protocols.policies import LoginLimits


class SMTPFactory(Factory[SMTP]):
    """Makes servers. portal: for each of them; None without. domain: their `host`; this machine's name unless set.

    timeout: in seconds of silence. maxSessions: connections at once; further ones are closed. contextFactory: for
    STARTTLS; None without. reactor: for time; the program's unless given.
    """

    protocol: Any = SMTP
    domain: bytes | None = None
    timeout: float | None = 300
    maxSessions = 1000
    contextFactory: Any = None

    def __init__(self, portal: Any = None, reactor: Any = None) -> None:
        self.portal, self.reactor = portal, reactor
        self.sessions = 0
        self.limits: LoginLimits | None = None

    def buildProtocol(self, addr: Any) -> Any:
        if self.sessions >= self.maxSessions:
            return None
        self.sessions += 1
        protocol: Any = super().buildProtocol(addr)
        protocol.portal, protocol.timeout = self.portal, self.timeout
        protocol.host = self.domain or dnsname()
        protocol.limits, protocol.whenOver = self.limits, self._over
        if self.contextFactory is not None:
            protocol.ctx = self.contextFactory
        return protocol

    def _over(self) -> None:
        self.sessions -= 1
