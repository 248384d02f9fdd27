"""Commands about the session itself: who somebody is, and what both sides can. As in `mailbox_commands`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from reactor.defer import maybeDeferred
from reactor.mail.imap4.server.conversation import Refused
from reactor.mail.imap4.tokens import ParseError, written
from reactor.mail.interfaces import IAccountIMAP
from reactor.protocols.policies.logins import mayTakePasswords
from reactor.sasl import LineLogin, ServerLogin
from reactor.sasl.mechanisms import Situation

if TYPE_CHECKING:
    from reactor.mail.imap4.server.protocol import IMAP4Server


async def capability(session: IMAP4Server) -> None:
    """Say what this server can."""
    session.say(b"* CAPABILITY " + b" ".join(session.listCapabilities()))


async def noop(session: IMAP4Server) -> None:
    """Do nothing; what is new is said after each command. CHECK is the same: nothing waits to be saved."""


async def identify(session: IMAP4Server, pairs: Any) -> None:
    """Say who we are (RFC 2971)."""
    session.say(b"* ID " + written([b"name", session.IDENT]))


async def logout(session: IMAP4Server) -> None:
    """Say goodbye."""
    session.say(b"* BYE until next time")
    session.unselect()
    session.afterwards = session.transport.loseConnection


async def starttls(session: IMAP4Server) -> None:
    """Begin TLS. What came in the clear behind this command is forgotten."""
    if not session.may_start_tls():
        raise ParseError("TLS can't begin here, or has begun already")
    session.afterwards = partial(session.transport.startTLS, session.contextFactory)


async def login(session: IMAP4Server, user: bytes, password: bytes) -> bytes:
    """Log in with a password."""
    if not mayTakePasswords(session.transport):
        raise Refused("a password isn't taken in the clear: begin with STARTTLS", b"PRIVACYREQUIRED")
    return session.welcome(*await maybeDeferred(session.authenticateLogin, user, password))


async def authenticate(session: IMAP4Server, mechanism: bytes, first: bytes | None) -> bytes:
    """Log in by SASL."""
    situation = Situation(mayTakePasswords(session.transport))
    exchange = LineLogin(ServerLogin(session.portal, mechanism.decode("ascii"), situation, None, IAccountIMAP))
    try:
        said = await exchange.respond(first)
        while isinstance(said, bytes):
            session.say(b"+ " + said)
            response = await session.next_line()
            if response == b"*":
                raise ParseError("you gave up")
            said = await exchange.respond(response)
    except BaseException:
        exchange.cancel()
        raise
    return session.welcome(said.interface, said.avatar, said.logout)


async def enable(session: IMAP4Server, names: list[bytes]) -> None:
    """Take note of what the client knows (RFC 5161)."""
    enabled = [name for name in names if name == b"CONDSTORE" and session.can(name)]
    session.knowsModseqs = session.knowsModseqs or bool(enabled)
    session.say(b" ".join([b"* ENABLED", *enabled]))


async def idle(session: IMAP4Server) -> None:
    """Say what is new as it happens, until DONE (RFC 2177)."""
    session.say(b"+ until you say DONE")
    session.begin_idling()
    try:
        line = await session.next_line()
    finally:
        session.end_idling()
    if line.upper() != b"DONE":
        raise ParseError("IDLE ends with DONE")
