"""What the kernels of a simulated world hold: bytes still to send, and bytes that no program has read yet."""

from __future__ import annotations

from typing import Any

from reactor.sim.tcp import Endpoint, State
from reactor.sim.unix import UNIXStream
from reactor.trace.hooks.ends import address_text, end
from reactor.trace.hooks.watched import Watched
from reactor.trace.patches import Patches


def install(watched: Watched, patches: Patches) -> None:
    """Watch."""
    _install_tcp(watched, patches)
    _install_unix(watched, patches)


def _install_tcp(watched: Watched, patches: Patches) -> None:
    tape = watched.tape

    def note(endpoint: Any) -> None:
        name = tape.known(endpoint)
        if name is None:
            return
        is_over = endpoint.state is State.CLOSED
        outgoing, incoming = endpoint.outgoing, endpoint.incoming
        for what, waiting in (("kernel_out", outgoing._data), ("kernel_in", incoming._data)):
            tape.change(f"{name}.{what}", None if is_over else tape.preview(waiting, len(waiting)))
        tape.change(f"{name}.tcp", None if is_over else endpoint.state.value)
        if is_over:
            tape.forget(endpoint)

    @patches.around(Endpoint, "_enter")
    def _(original: Any, endpoint: Any, state: Any) -> None:
        original(endpoint, state)
        if endpoint.host in watched.world.network.hosts:  # type: ignore[union-attr]  # there is a world
            host = endpoint.host.name
            name = tape.name(
                endpoint, "c", host=host, here=address_text(endpoint.local), there=address_text(endpoint.remote)
            )
            watched.ways.between(name, end(host, endpoint.local), end(host, endpoint.remote))
            note(endpoint)

    def around(original: Any, endpoint: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(endpoint, *args, **kwargs)
        note(endpoint)
        return result

    for method in ("write", "read", "shut_write", "close", "receive", "_again", "_end_if"):
        patches.around(Endpoint, method)(around)


def _install_unix(watched: Watched, patches: Patches) -> None:
    tape = watched.tape

    def around(original: Any, socket: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(socket, *args, **kwargs)
        one = socket._end
        for end_ in (one, one.peer) if one is not None else ():
            name = watched.ways.find(end_, end_.peer)
            if name is not None:
                tape.change(f"{name}.kernel_in", tape.preview(end_.incoming, len(end_.incoming)))
        return result

    for method in ("send", "recv"):
        patches.around(UNIXStream, method)(around)
