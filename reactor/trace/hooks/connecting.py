"""Clients on their way to a server."""

from __future__ import annotations

from typing import Any

from reactor.core.transports.connecting import Attempt, Connector
from reactor.trace import stable_text
from reactor.trace.hooks.watched import Watched, one_or_none
from reactor.trace.patches import Patches


def install(watched: Watched, patches: Patches) -> None:
    """Watch."""
    tape = watched.tape

    @patches.around(Connector, "connect")
    def _(original: Any, connector: Any) -> Any:
        program = watched.program_of(connector.reactor)
        if program is None or tape.is_elsewhere():
            return original(connector)
        name = tape.name(connector, "o", name=_destination(connector), program=program)
        tape.change(f"{name}.state", "connecting")
        with tape.span("connect.begun", name, program=program, at=tape.line(), text=_destination(connector)) as span:
            watched.connects[name] = span.number
            return original(connector)

    @patches.around(Connector, "_connected")
    def _(original: Any, connector: Any, *args: Any) -> None:
        if (name := tape.known(connector)) is not None:
            tape.change(f"{name}.state", "connected")
        original(connector, *args)

    @patches.around(Attempt, "doWrite")
    def _(original: Any, attempt: Any) -> Any:
        name = tape.known(attempt._connector)
        if name is None or tape.known(attempt) is not None:
            return original(attempt)
        tape.give_name(attempt, name)  # the loop knows the attempt by this name when the kernel has news
        return original(attempt)

    @patches.around(Attempt, "_leave")
    def _(original: Any, attempt: Any) -> None:
        tape.forget(attempt)
        original(attempt)

    for method, kind, handler in (
        ("_failed", "connect.failed", "clientConnectionFailed"),
        ("_lost", "connect.lost", "clientConnectionLost"),
    ):
        _watch_end(watched, patches, method, kind, handler)


def _watch_end(watched: Watched, patches: Patches, method: str, kind: str, handler: str) -> None:
    tape = watched.tape

    @patches.around(Connector, method)
    def _(original: Any, connector: Any, reason: Any) -> Any:
        name = tape.known(connector)
        if name is None:
            return original(connector, reason)
        tape.change(f"{name}.state", "disconnected")
        called = getattr(connector.factory, handler, None)
        because = one_or_none(watched.connects.get(name)) if kind == "connect.failed" else None
        at, text = tape.places.of(called), stable_text.error(reason.value)
        with tape.span(kind, name, because=because, at=at, text=text):
            return original(connector, reason)


def _destination(connector: Any) -> str:
    address = connector.getDestination()
    if hasattr(address, "port"):
        return f"{address.host}:{address.port}"
    return stable_text.shown(getattr(address, "name", None))
