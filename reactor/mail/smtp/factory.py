"""What makes servers, and gives each what they share."""

from __future__ import annotations

from typing import Any

from reactor.mail.smtp.addresses import dnsname
from reactor.mail.smtp.server import SMTP
from reactor.protocol import Factory


class SMTPFactory(Factory[SMTP]):
    """Makes servers. portal: for each of them; None without. domain: their `host`; this machine's name unless set.

    timeout: in seconds of silence. reactor: for time; the program's unless given.
    """

    protocol: Any = SMTP
    domain: bytes | None = None
    timeout: float | None = 300

    def __init__(self, portal: Any = None, reactor: Any = None) -> None:
        self.portal, self.reactor = portal, reactor

    def buildProtocol(self, addr: Any) -> Any:
        protocol: Any = super().buildProtocol(addr)
        protocol.portal = self.portal
        protocol.timeout = self.timeout
        protocol.host = self.domain or dnsname()
        return protocol
