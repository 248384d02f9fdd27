"""Closing the connection of a peer that has gone too far, and logging why: otherwise it looks like any other end."""

from __future__ import annotations

from typing import Any

from reactor import log


def refuse(protocol: Any, what: str) -> None:
    """Close the protocol's connection, in order, and log why.

    what: what the peer did wrong, and what the program could change in order to accept it.
    """
    get_peer = getattr(protocol.transport, "getPeer", None)
    peer = f" from {get_peer()}" if get_peer is not None else ""
    log.msg(f"{type(protocol).__name__} closes its connection{peer}: {what}")
    protocol.transport.loseConnection()
