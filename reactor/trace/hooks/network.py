"""Packets of a simulated world: sent, arrived, lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reactor.sim.host import Host
from reactor.sim.links import Link
from reactor.sim.network import Network
from reactor.sim.packets import place_text
from reactor.sim.udp import UDPSocket
from reactor.trace.hooks.watched import Watched, one_or_none
from reactor.trace.patches import Patches

_KEPT = 10_000  # packets on their way


def install(watched: Watched, patches: Patches) -> None:
    """Watch."""
    tape = watched.tape
    under_way: dict[int, tuple[Any, str, int | None]] = {}  # by id() of the packet, which is kept: name, and the step

    def sent(original: Any, network: Any, sender: Any, packet: Any, *more: Any) -> Any:
        if network is not watched.world.network:  # type: ignore[union-attr]  # there is a world
            return original(network, sender, packet, *more)
        name = tape.new_name("k")
        tape.describe(name, host=sender.name, here=place_text(packet.source), there=place_text(packet.target))
        data = tape.bytes(packet.data) if getattr(packet, "data", b"") else {}
        with tape.span("packet.sent", name, text=str(packet), **data) as span:
            if len(under_way) >= _KEPT:
                under_way.pop(next(iter(under_way)))
            under_way[id(packet)] = packet, name, span.number
            return original(network, sender, packet, *more)

    patches.around(Network, "send")(sent)
    patches.around(Network, "send_to_many")(sent)

    @patches.around(Link, "arrivals")
    def _(original: Any, link: Any, packet: Any, *more: Any) -> Any:
        times = original(link, packet, *more)
        if (known := under_way.get(id(packet))) is not None:
            if times:
                tape.change(f"{known[1]}.arrives", [round(time, 9) for time in times])
            else:
                tape.step("packet.lost", known[1], text="lost" if link.is_up else "the link is cut")
        return times

    @patches.around(UDPSocket, "recvfrom")
    def _(original: Any, socket: Any, *args: Any) -> Any:
        known = under_way.get(id(socket._waiting[0])) if socket._waiting else None
        sent_at = known[2] if known is not None else None
        watched.letters.opened = one_or_none(None if sent_at is None else tape.steps[sent_at].get("in"))
        return original(socket, *args)

    @patches.around(Host, "receive")
    def _(original: Any, host: Any, packet: Any) -> Any:
        known = under_way.get(id(packet))
        if known is None:
            return original(host, packet)
        _, name, step = known
        left = [time for time in tape.state.get(f"{name}.arrives") or [] if time > tape.seconds()]
        tape.change(f"{name}.arrives", left or None)
        with tape.span("packet.arrived", name, alone=True, because=one_or_none(step), text=f"{packet} at {host.name}"):
            return original(host, packet)


def keep_packets(patches: Patches, keep: Callable[[Any], object]) -> None:
    """Keep every packet that leaves a host."""
    for name in ("send", "send_to_many"):

        @patches.around(Network, name)
        def _(original: Any, network: Any, sender: Any, packet: Any, *more: Any) -> None:
            keep(packet)
            original(network, sender, packet, *more)
