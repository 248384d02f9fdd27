"""How the two ends of a connection are told apart.

On a network, addresses are enough. A machine's address to itself is not: every simulated host has 127.0.0.1.
"""

from __future__ import annotations

from typing import Any


def ends_of(transport: Any) -> tuple[Any, Any]:
    """This end and the other one, in a form that compares; None for a connection without names."""
    pair = getattr(getattr(transport, "socket", None), "_end", None)
    if pair is not None:  # a simulated UNIX socket: the client's has no name, but the two refer to each other
        return pair, pair.peer
    host = getattr(getattr(transport.reactor.system, "host", None), "name", "")
    here, there = address_of(transport, "getHost"), address_of(transport, "getPeer")
    return (end(host, here), end(host, there)) if here and there else (None, None)


def end(host: str, place: tuple[str, int]) -> tuple[str, str, int]:
    """One end. host: the name of the host whose address it is."""
    address, port = place
    is_own = address.startswith("127.") or address == "::1"
    return (host if is_own else "", address.removeprefix("::ffff:"), port)


def address_of(transport: Any, method: str) -> tuple[str, int] | None:
    """The result of getHost or getPeer, if it is an address with a port."""
    try:
        address = getattr(transport, method)()
    except Exception:  # it has no address, or none any more
        return None
    host, port = getattr(address, "host", None), getattr(address, "port", None)
    return (host, port) if isinstance(host, str) and isinstance(port, int) else None


def address_text(place: tuple[str, int] | None) -> str | None:
    """An address as text."""
    if place is None:
        return None
    host, port = place
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
