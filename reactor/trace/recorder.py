"""Starts and stops a recording, and gives its result."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any

from reactor.trace.hooks import (
    connecting,
    datagrams,
    deferreds,
    errors,
    loop,
    output,
    ports,
    producers,
    streams,
    timers,
)
from reactor.trace.hooks.watched import Watched
from reactor.trace.patches import Patches
from reactor.trace.probe import Probe
from reactor.trace.tape import Tape
from reactor.trace.timeline import Timeline

if TYPE_CHECKING:
    from reactor.sim import World

_HOOKS = (loop, timers, ports, connecting, streams, producers, datagrams, deferreds, errors)


class Recorder:
    """Records what reactors do, from `start()` to `stop()`, or while a `with` block runs.

    world: a simulated world, all of which is watched, the network and the kernels too; if left out, the reactors of
        this process that are in no such world.
    name: the program's name, if there is no world; the name of its file by default.
    most_steps: how many steps are kept; later ones are only counted. data_bytes: how many bytes of each piece of data
        are kept. packet_bytes: how many bytes of packets are kept for `write_pcap`, which needs them whole.
    lines: whether each line of the programs is a step too, each function that they enter, with the variables that
        change, and each decision of a loop to sleep. It makes programs slower, and timelines long.
    probe: is asked at its line, if `lines`.
    There is one recorder at a time: a second one's `start` raises RuntimeError.
    """

    _active: Recorder | None = None

    def __init__(
        self,
        world: World | None = None,
        name: str | None = None,
        most_steps: int = 20_000,
        data_bytes: int = 256,
        packet_bytes: int = 16 * 1024 * 1024,
        lines: bool = False,
        probe: Probe | None = None,
    ) -> None:
        self._world = world
        self._begun = time.monotonic()
        self._tape = Tape(world.seconds if world is not None else self._seconds, most_steps, data_bytes)
        self._watched = Watched(self._tape, world)
        self._patches = Patches()
        self._packet_bytes = packet_bytes
        self._lines = lines
        self._probe = probe
        self._name = name or os.path.basename(sys.argv[0]) or "program"
        self.packets: list[tuple[float, Any]] = []
        self.packets_left_out = 0

    def add_folder(self, path: str) -> None:
        """Add a folder of the program: its files are named relative to it. A world's scripts don't need this."""
        self._tape.places.add(path)

    def _seconds(self) -> float:
        return time.monotonic() - self._begun

    def start(self) -> None:
        """Begin to watch."""
        if Recorder._active is not None:
            raise RuntimeError("another recorder is at work: stop it first, they would write down each other's doings")
        Recorder._active = self
        try:
            for hook in _HOOKS:
                hook.install(self._watched, self._patches)
            if self._world is not None:
                from reactor.trace.hooks import kernel, network, programs

                for one in (programs, network, kernel):
                    one.install(self._watched, self._patches)
                network.keep_packets(self._patches, self._keep)
            else:
                self._watched.main_program(self._name)
                output.install(self._watched, self._patches)
            if self._lines:  # last: what the others do when they begin is no doing of the program's
                from reactor.trace.hooks import lines

                lines.install(self._watched, self._patches, self._probe)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop watching: every class is as it was before. A second call does nothing."""
        if Recorder._active is self:
            Recorder._active = None
            self._patches.restore()

    def __enter__(self) -> Recorder:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, where: TracebackType | None
    ) -> None:
        self.stop()

    def timeline(self) -> Timeline:
        """What has been recorded so far."""
        tape = self._tape
        return Timeline(
            world={"kind": "real"} if self._world is None else {"kind": "simulated", "seed": self._world.seed},
            programs=[dict(program) for program in tape.programs],
            things={name: dict(thing) for name, thing in tape.things.items()},
            limits={"steps": tape.most_steps, "data_bytes": tape.data_bytes},
            left_out=tape.left_out,
            steps=[dict(step) for step in tape.steps],
        )

    def write_pcap(self, path: str | os.PathLike[str]) -> None:
        """Write the packets of the simulated world into a file for Wireshark. Raises ValueError without a world."""
        if self._world is None:
            raise ValueError("packets can be written for a simulated world only: for real ones there is tcpdump")
        from reactor.trace.pcap import write

        write(path, self.packets)

    def _keep(self, packet: Any) -> None:
        if packet.size > self._packet_bytes:
            self.packets_left_out += 1
        else:
            self._packet_bytes -= packet.size
            self.packets.append((self._tape.seconds(), packet))
