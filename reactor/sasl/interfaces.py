"""What a mechanism promises, on either side. The names are those of `twisted.mail.interfaces`."""

from __future__ import annotations

from typing import Protocol

from reactor.cred.error import LoginFailed


class IllegalClientResponse(LoginFailed):
    """A response that the mechanism doesn't have. (A failed login, so that whoever handles those handles this.)"""


class IChallengeResponse(Protocol):
    """The server's side of a mechanism: credentials that are made of responses."""

    def getChallenge(self) -> bytes:
        """The next challenge."""

    def setResponse(self, response: bytes) -> None:
        """Take the response to it. Raises IllegalClientResponse, or another LoginFailed."""

    def moreChallenges(self) -> bool:
        """Whether there is another challenge, or these are credentials by now."""


class IClientAuthentication(Protocol):
    """The client's side of a mechanism."""

    def getName(self) -> bytes:
        """Its name, such as b"CRAM-MD5"."""

    def challengeResponse(self, secret: bytes, challenge: bytes) -> bytes:
        """The response to a challenge; b"" is the challenge of a server that waits for the client to begin.

        secret: the password. Raises LoginFailed for a challenge that no honest server sends.
        """
