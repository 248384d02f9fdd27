"""GPS: the CPU time that a sentence of NMEA takes, from its bytes to a position, beside Twisted, pynmeagps and pynmea2.

The sentences are RMC and GGA by turns, from a receiver that drives a circle; they come in reads of a few of them. Ours
and Twisted's protocols tell a positioning receiver. pynmeagps (which reads the NMEA for pyubx2) and pynmea2 have no
protocol: they are given line by line, and asked for latitude and longitude; pynmea2 converts no other field. Each turn
of a contender is a process of its own; the clock is the CPU time of that process.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from _machine import Watch, importable
from _measure import chosen, comparison, conditions, options, positive, publish, run_process, take_turns

from reactor.positioning.plugin import driven

NEEDS = {
    "reactor": "reactor.positioning",
    "twisted": "twisted.positioning",
    "pynmeagps": "pynmeagps",
    "pynmea2": "pynmea2",
}
WORKER = "--worker"
NOON = datetime(2026, 12, 1, 12, 0)
SECONDS = 60  # once around; two sentences each


def protocols(root: str) -> Callable[[list[bytes]], int]:
    """Reads by an NMEAProtocol, ours or Twisted's. Returns what gives the number of positions."""
    base, nmea = (import_module(f"{root}.positioning.{name}") for name in ("base", "nmea"))
    transport: Any = import_module("reactor.testing" if root == "reactor" else "twisted.internet.testing")

    class Boat(base.BasePositioningReceiver):  # type: ignore[misc,name-defined]  # of either
        positions = 0

        def positionReceived(self, latitude: Any, longitude: Any) -> None:
            self.positions += 1

    def read(pieces: list[bytes]) -> int:
        boat = Boat()
        protocol = nmea.NMEAProtocol(nmea.NMEAAdapter(boat))
        protocol.makeConnection(transport.StringTransport())
        for piece in pieces:
            protocol.dataReceived(piece)
        return boat.positions

    return read


def parsers(parse: Callable[[bytes], tuple[Any, Any]]) -> Callable[[list[bytes]], int]:
    """Reads line by line."""
    return lambda pieces: sum(None not in parse(line) for piece in pieces for line in piece.splitlines(keepends=True))


def reader_named(name: str) -> Callable[[list[bytes]], int]:
    if name == "pynmeagps":
        from pynmeagps import NMEAReader

        def parse(line: bytes) -> tuple[Any, Any]:
            message = NMEAReader.parse(line)
            return message.lat, message.lon

        return parsers(parse)
    if name == "pynmea2":
        import pynmea2

        def parse_again(line: bytes) -> tuple[Any, Any]:
            message = pynmea2.parse(line.decode("ascii"), check=True)
            return message.latitude, message.longitude

        return parsers(parse_again)
    return protocols(name)


def work(name: str, count: int) -> None:
    """One turn of one contender: what the worker process does."""
    read = reader_named(name)
    pieces = [driven(NOON + timedelta(seconds=second), 52.5, 13.4, 200) for second in range(SECONDS)]
    turns = -(-count // (2 * SECONDS))
    read(pieces)  # warm
    clock = time.process_time_ns()
    for _ in range(turns):
        assert read(pieces) == 2 * SECONDS
    print(json.dumps((time.process_time_ns() - clock) / (turns * 2 * SECONDS) / 1000))


def measure(contender: str, count: int) -> float:
    """Microseconds a sentence."""
    command = [sys.executable, __file__, WORKER, contender, str(count)]
    return float(json.loads(run_process(command).output))


def main() -> None:
    parser = options(__doc__, rounds=5)
    parser.add_argument("--count", type=positive, default=20_000, help="how many sentences a round (20,000)")
    arguments = parser.parse_args()
    wanted = chosen(tuple(NEEDS), arguments.only)
    present = [name for name in wanted if importable(NEEDS[name])]
    missing = [name for name in wanted if name not in present]
    watch = Watch(["tutorial-of-doom", "twisted", "pynmeagps", "pynmea2"])
    samples = take_turns(present, arguments.rounds, lambda name: measure(name, arguments.count))
    machine = watch.report()
    sections = {
        f"A sentence of NMEA, of {arguments.count:,}": comparison(samples, "µs of CPU", missing),
        "Conditions": conditions(machine, arguments.rounds),
    }
    result = {"unit": "µs of CPU for one", "machine": machine, "missing": missing, "samples": samples}
    publish("GPS", sections, result, arguments.json)


if __name__ == "__main__":
    if sys.argv[1:2] == [WORKER]:
        work(sys.argv[2], int(sys.argv[3]))
    else:
        main()
