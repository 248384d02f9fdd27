"""What can go wrong with names. What a server answers is a DomainError, what can't be read a DNSDecodeError."""

from __future__ import annotations

from reactor.defer import TimeoutError

__all__ = [
    "AuthoritativeDomainError",
    "DNSDecodeError",
    "DNSFormatError",
    "DNSNameError",
    "DNSNotImplementedError",
    "DNSQueryRefusedError",
    "DNSQueryTimeoutError",
    "DNSServerError",
    "DNSUnknownError",
    "DomainError",
    "ResolverError",
]


class DNSDecodeError(ValueError):
    """Bytes that are no DNS message, or break a limit: the one error that reading them raises."""


class DomainError(ValueError):
    """This resolver has no answer: no such name, or it knows nothing about it. The next one may."""


class AuthoritativeDomainError(ValueError):
    """The zone that the name belongs to says that there is no such name. Nobody else need be asked."""


class DNSQueryTimeoutError(TimeoutError):
    """A server has not answered in time. id: of the question."""

    def __init__(self, id: int) -> None:
        super().__init__(f"no answer to question {id}")
        self.id = id


class DNSFormatError(DomainError):
    """The server could not read the question (FORMERR)."""


class DNSServerError(DomainError):
    """The server could not find out (SERVFAIL)."""


class DNSNameError(DomainError):
    """There is no such name (NXDOMAIN)."""


class DNSNotImplementedError(DomainError):
    """The server does not do this (NOTIMP)."""


class DNSQueryRefusedError(DomainError):
    """The server will not answer us (REFUSED)."""


class DNSUnknownError(DomainError):
    """Any other response code."""


class ResolverError(Exception):
    """A resolver gave up: too many questions for one name, or a circle."""
