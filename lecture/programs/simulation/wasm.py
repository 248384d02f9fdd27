"""What Python lacks in WebAssembly, and a simulated world needs: addresses of IPv6 as text and as bytes.

There the system has no IPv6, so `socket.inet_pton` refuses it; a simulated network has it everywhere.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import Any


def complete_sockets() -> None:
    """Let `socket` convert addresses of IPv6. Does nothing where it can."""
    try:
        socket.inet_pton(socket.AF_INET6, "::1")
    except OSError:
        to_bytes, to_text = socket.inet_pton, socket.inet_ntop
        names = socket.__dict__
        names["inet_pton"] = _also(to_bytes, lambda text: ipaddress.IPv6Address(_without_scope(text)).packed)
        names["inet_ntop"] = _also(to_text, lambda packed: str(ipaddress.IPv6Address(bytes(packed))))


def _also(known: Callable[[int, Any], Any], converted: Callable[[Any], Any]) -> Callable[[int, Any], Any]:
    def convert(family: int, address: Any) -> Any:
        if family != socket.AF_INET6:
            return known(family, address)
        try:
            return converted(address)
        except ValueError as problem:
            raise OSError(f"illegal IPv6 address {address!r}") from problem

    return convert


def _without_scope(text: str) -> str:
    if "%" in text:
        raise ValueError("a scope is no part of the address")
    return text
