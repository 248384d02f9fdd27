"""Ports that take connections."""

from __future__ import annotations

from typing import Any

from reactor.core.transports.listening import ListeningPort
from reactor.trace.hooks.watched import Watched
from reactor.trace.patches import Patches


def install(watched: Watched, patches: Patches) -> None:
    """Watch."""
    tape = watched.tape

    @patches.around(ListeningPort, "adopt")
    def _(original: Any, port: Any, listener: Any) -> None:
        original(port, listener)
        program = watched.program_of(port.reactor)
        if program is None or tape.is_elsewhere():
            return
        where = str(port._where())
        name = tape.name(port, "l", name=where, program=program)
        tape.change(f"{name}.state", "listening")
        tape.step(
            "port.listening", name, program=program, at=tape.line(), text=f"{type(port.factory).__name__} on {where}"
        )

    @patches.around(ListeningPort, "welcome")
    def _(original: Any, port: Any, *args: Any) -> Any:
        name = tape.known(port)
        if name is None:
            return original(port, *args)
        with tape.span("port.accepted", name, at=tape.places.of(getattr(port.factory, "buildProtocol", None))):
            return original(port, *args)

    @patches.around(ListeningPort, "connectionLost")
    def _(original: Any, port: Any, reason: Any) -> Any:
        name = tape.known(port)
        if name is None or not port.connected:
            return original(port, reason)
        tape.change(f"{name}.state", None)
        tape.forget(port)
        with tape.span("port.closed", name):
            return original(port, reason)
