"""What makes servers, and gives each what they share."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from reactor.default import the_reactor
from reactor.mail.smtp.addresses import dnsname
from reactor.mail.smtp.server import SMTP
from reactor.protocols.policies import LimitedFactory, LoginLimits


class SMTPFactory(LimitedFactory[SMTP]):
    """Makes servers. portal: for each of them; None without. domain: their `host`; this machine's name unless set.

    timeout: in seconds of silence. contextFactory: for STARTTLS; None without. reactor: for time; the program's unless
    given. How many connections there may be: see LimitedFactory.
    """

    protocol: Any = SMTP
    domain: bytes | None = None
    timeout: float | None = 300
    tooMany = b"421 4.7.0 Too many connections, here or from you: come again later\r\n"
    contextFactory: Any = None

    def __init__(self, portal: Any = None, reactor: Any = None) -> None:
        self.portal, self.reactor = portal, reactor

    @cached_property
    def limits(self) -> LoginLimits:
        """What slows down those who guess passwords, at all sessions together."""
        return LoginLimits(the_reactor(self.reactor))

    def buildSession(self, addr: Any) -> Any:
        protocol = super().buildSession(addr)
        protocol.portal, protocol.timeout = self.portal, self.timeout
        protocol.host = self.domain or dnsname()
        protocol.limits = None if self.portal is None else self.limits
        if self.contextFactory is not None:
            protocol.ctx = self.contextFactory
        return protocol
