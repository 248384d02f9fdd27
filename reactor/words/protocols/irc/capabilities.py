"""How a client settles with a server what both understand (IRCv3 CAP), and logs in by SASL before it registers."""

from __future__ import annotations

from typing import Any

from reactor.cred.error import LoginFailed
from reactor.protocols.policies.logins import mayTakePasswords
from reactor.sasl import LineAuthentication, choose

_PIECE = 400  # characters of base64 in one AUTHENTICATE
_MOST_OFFERS = 200
_LONGEST_CHALLENGE = 12_288


class Negotiation:
    """From CAP LS to CAP END. client: an IRCClient. enabled: what the server has agreed to."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._offers: dict[str, str] = {}
        self._login: LineAuthentication | None = None
        self._challenge = b""
        self._is_over = False
        self.enabled: set[str] = set()

    def cap(self, params: list[str]) -> None:
        """A CAP of the server's."""
        if self._is_over or len(params) < 3:
            return
        word, names = params[1].upper(), params[-1].split()
        if word == "LS" and len(self._offers) < _MOST_OFFERS:
            self._offers.update(it.partition("=")[::2] for it in names)
            if params[2] != "*":
                self._ask()
        elif word == "ACK":
            self.enabled.update(names)
            self._log_in() if "sasl" in names else self._finish()
        elif word == "NAK":
            self.end(self._client.account is None)

    def _ask(self) -> None:
        wanted = [it for it in self._client.capabilities if it in self._offers]
        if self._client.account is not None:
            if "sasl" not in self._offers:
                self.end(False)
                return
            wanted += ["sasl"] if "sasl" not in wanted else []
        if wanted:
            self._client.sendLine(f"CAP REQ :{' '.join(wanted)}")
        else:
            self._finish()

    def _log_in(self) -> None:
        client = self._client
        if client.account is None:
            self._finish()
            return
        offers = (self._offers["sasl"] or "PLAIN").split(",")
        try:
            mechanism: Any = choose(offers, client.account.encode(), mayTakePasswords(client.transport))
        except LoginFailed as problem:
            client.quirkyMessage(str(problem))
            self.end(False)
            return
        self._login = LineAuthentication(mechanism, (client.accountPassword or "").encode())
        client.sendLine(f"AUTHENTICATE {mechanism.getName().decode()}")

    def authenticate(self, text: str) -> None:
        """A challenge, or a piece of one."""
        if self._login is None:
            return
        self._challenge += b"" if text == "+" else text.encode()
        if len(text) == _PIECE and len(self._challenge) < _LONGEST_CHALLENGE:
            return
        challenge, self._challenge = self._challenge, b""
        try:
            response = self._login.respond(challenge).decode()
        except LoginFailed as problem:
            self._client.quirkyMessage(str(problem))
            self._client.sendLine("AUTHENTICATE *")
            return
        for at in range(0, len(response) + 1, _PIECE):
            self._client.sendLine(f"AUTHENTICATE {response[at : at + _PIECE] or '+'}")

    def end(self, is_in: bool) -> None:
        """The login is over. A server that should have proved something, and hasn't, is left."""
        login, self._login = self._login, None
        if is_in and login is not None:
            try:
                login.proved(None)
            except LoginFailed as problem:
                self._client.quirkyMessage(str(problem))
                is_in = False
        if not is_in:
            self._client.saslFailed()
        self._finish()

    def _finish(self) -> None:
        if not self._is_over:
            self._is_over = True
            self._client.sendLine("CAP END")
