"""The table of mechanisms, and which of them a server may offer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from reactor.cred.credentials import (
    CramMD5Credentials,
    IAnonymous,
    IExternal,
    IStoredPassword,
    IUsernameHashedPassword,
    IUsernamePassword,
)
from reactor.cred.portal import Portal
from reactor.sasl import scram
from reactor.sasl.scram import Binding, ScramCredentials
from reactor.sasl.simple import ANONYMOUSCredentials, EXTERNALCredentials, LOGINCredentials, PLAINCredentials


class Situation(NamedTuple):
    """What a server knows of a connection.

    isPrivate: whether a password may come over it in the clear (policies.mayTakePasswords). binding: of its TLS, if
    there is any. external: the name that something else has proved, b"" without one. host: the server's own name.
    """

    isPrivate: bool = False
    binding: Binding | None = None
    external: bytes = b""
    host: bytes = b"localhost"


class Mechanism(NamedTuple):
    """One mechanism.

    kind: of credentials, for which the portal must have a checker. make: its server's side, for a situation.
    clientBegins: whether the first message is the client's. may: whether a situation allows it.
    """

    name: str
    kind: type
    make: Callable[[Situation], Any]
    clientBegins: bool = True
    may: Callable[[Situation], bool] = lambda situation: True


def _scram(name: str) -> Mechanism:
    def may(situation: Situation) -> bool:
        return scram.is_installed() and (not name.endswith("-PLUS") or situation.binding is not None)

    return Mechanism(name, IStoredPassword, lambda situation: ScramCredentials(name, situation.binding), may=may)


def _is_private(situation: Situation) -> bool:
    return situation.isPrivate


MECHANISMS = {  # the strongest first: clients choose the first that they can
    mechanism.name: mechanism
    for mechanism in (
        Mechanism(
            "EXTERNAL",
            IExternal,
            lambda situation: EXTERNALCredentials(situation.external),
            may=lambda situation: bool(situation.external),
        ),
        *map(_scram, ("SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1")),
        Mechanism("CRAM-MD5", IUsernameHashedPassword, lambda it: CramMD5Credentials(it.host), clientBegins=False),
        Mechanism("PLAIN", IUsernamePassword, lambda situation: PLAINCredentials(), may=_is_private),
        Mechanism("LOGIN", IUsernamePassword, lambda it: LOGINCredentials(), clientBegins=False, may=_is_private),
        Mechanism("ANONYMOUS", IAnonymous, lambda situation: ANONYMOUSCredentials()),
    )
}


def offered(portal: Portal, situation: Situation) -> list[str]:
    """The mechanisms that this server can check and this connection may have, the strongest first."""
    kinds = portal.listCredentialsInterfaces()
    return [it.name for it in MECHANISMS.values() if it.kind in kinds and it.may(situation)]
