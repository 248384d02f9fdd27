"""Ports for datagrams, over UDP and UNIX sockets."""

from __future__ import annotations

from typing import Any

from reactor.core.transports import udp, unix_datagrams
from reactor.core.transports.datagrams import DatagramPort
from reactor.trace.hooks.ends import address_of
from reactor.trace.hooks.watched import Watched
from reactor.trace.patches import Patches
from reactor.trace.stable_text import name_of, shown

_WRITERS = (udp.Port, unix_datagrams.UNIXDatagramPort, unix_datagrams.ConnectedUNIXDatagramPort)
_DELIVERERS = (DatagramPort, udp.Port, unix_datagrams.ConnectedUNIXDatagramPort)


def install(watched: Watched, patches: Patches) -> None:
    """Watch."""
    _install_lives(watched, patches)
    for kind in _WRITERS:
        _install_write(watched, patches, kind)
    for taker in _DELIVERERS:
        _install_deliver(watched, patches, taker)


def _install_lives(watched: Watched, patches: Patches) -> None:
    tape = watched.tape

    @patches.around(DatagramPort, "adopt")
    def _(original: Any, port: Any, skt: Any) -> Any:
        program = watched.program_of(port.reactor)
        if program is None or tape.is_elsewhere():
            return original(port, skt)
        protocol = type(port.protocol).__name__
        name = tape.name(port, "u", name=f"{protocol} on {_where(skt)}", program=program)
        tape.change(f"{name}.state", "open")
        with tape.span("port.opened", name, program=program, at=tape.line(), text=protocol):
            return original(port, skt)

    @patches.around(DatagramPort, "connectionLost")
    def _(original: Any, port: Any, *reason: Any, **more: Any) -> Any:
        name = tape.known(port)
        if name is None or not port.connected:
            return original(port, *reason, **more)
        tape.change(f"{name}.state", None)
        tape.forget(port)
        with tape.span("port.closed", name):
            return original(port, *reason, **more)


def _where(skt: Any) -> str:
    """The port, or the path."""
    name = skt.getsockname()
    return str(name[1]) if isinstance(name, tuple) else shown(name)


def _install_write(watched: Watched, patches: Patches, kind: type) -> None:
    tape = watched.tape

    @patches.around(kind, "write")
    def _(original: Any, port: Any, datagram: Any, *address: Any, **more: Any) -> Any:
        name = tape.known(port)
        if name is None or not isinstance(datagram, (bytes, bytearray, memoryview)):
            return original(port, datagram, *address, **more)
        with tape.span("datagram.written", name, at=tape.line(), **tape.bytes(datagram)) as span:
            original(port, datagram, *address, **more)
        place = address_of(port, "getHost")
        watched.letters.wrote(place[1] if place else 0, bytes(datagram), span.number)
        return None


def _install_deliver(watched: Watched, patches: Patches, kind: type) -> None:
    tape = watched.tape

    @patches.around(kind, "_deliver")
    def _(original: Any, port: Any, datagram: bytes, sender: Any) -> Any:
        name = tape.known(port)
        if name is None:
            return original(port, datagram, sender)
        because = watched.letters.read(name, sender[1] if isinstance(sender, tuple) else 0, datagram)
        handler = port.protocol.datagramReceived
        at, text = tape.places.of(handler), name_of(handler)
        with tape.span("datagram.received", name, because=because, at=at, text=text, **tape.bytes(datagram)):
            return original(port, datagram, sender)
