"""The server's side of the mechanisms without arithmetic."""

from __future__ import annotations

from reactor.cred.credentials import Anonymous, External, UsernamePassword
from reactor.sasl.interfaces import IllegalClientResponse

LONGEST = 1024  # bytes of a name or a password


def _checked(what: str, value: bytes, may_be_empty: bool = False) -> bytes:
    if b"\0" in value or len(value) > LONGEST or not (value or may_be_empty):
        raise IllegalClientResponse(f"a {what} has 1 to {LONGEST} bytes and no NUL, and this one has {len(value)}")
    return value


class OneResponse:
    """A mechanism in which the client begins, and has said all then."""

    def getChallenge(self) -> bytes:
        """Nothing: the client knows what to send."""
        return b""

    def moreChallenges(self) -> bool:
        """No."""
        return False


class PLAINCredentials(OneResponse, UsernamePassword):
    """PLAIN (RFC 4616): `[authorization id] NUL name NUL password`, in one response.

    Nobody may log in as somebody and act as another: an authorization id must be the name.
    """

    def __init__(self) -> None:
        super().__init__(b"", b"")

    def setResponse(self, response: bytes) -> None:
        """Take the three parts. Raises IllegalClientResponse."""
        parts = response.split(b"\0")
        if len(parts) != 3:
            raise IllegalClientResponse("Malformed Response - wrong number of parts")
        acting, name, password = parts
        self.username, self.password = _checked("name", name), _checked("password", password)
        if acting not in (b"", name):
            raise IllegalClientResponse("the authorization id of PLAIN must be the name, or be left out")


class LOGINCredentials(UsernamePassword):
    """LOGIN: the name, then the password. It has no standard, and some clients have nothing else."""

    def __init__(self) -> None:
        super().__init__(b"", b"")
        self.challenges = [b"Password\0", b"User Name\0"]  # what clients of Microsoft's look for
        self._fields = ["password", "username"]

    def getChallenge(self) -> bytes:
        """What is wanted next."""
        return self.challenges.pop()

    def setResponse(self, response: bytes) -> None:
        """Take the name or the password. Raises IllegalClientResponse."""
        field = self._fields.pop()
        setattr(self, field, _checked(field, response))

    def moreChallenges(self) -> bool:
        """Whether the password is still to come."""
        return bool(self.challenges)


class ANONYMOUSCredentials(OneResponse, Anonymous):
    """ANONYMOUS (RFC 4505). trace: what the client says to be found by, its mail address say. It proves nothing."""

    trace = b""

    def setResponse(self, response: bytes) -> None:
        """Take the trace, at most 255 bytes."""
        if len(response) > 255:
            raise IllegalClientResponse(f"the trace of ANONYMOUS has at most 255 bytes, not {len(response)}")
        self.trace = response


class EXTERNALCredentials(OneResponse, External):
    """EXTERNAL (RFC 4422, appendix A): the name is proved already. username: by the certificate, say."""

    def setResponse(self, response: bytes) -> None:
        """Take the name that the client wants to act as; b"" is the same."""
        self.requested = _checked("name", response, may_be_empty=True)
