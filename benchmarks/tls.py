"""Echo over TLS: server CPU for each round trip and for each handshake, beside asyncio, uvloop and Twisted.

As in echo.py, what is quoted is the CPU time of the server process over the work done meanwhile; it has a core to
itself. The load keeps a number of connections busy: it asks on all of them, then takes all the answers. It is in
Python, and encrypts too, so that the server waits at times. The handshake is TLS 1.3 with a new connection each time,
no session is resumed, and the certificate's key is on the curve P-256.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from _load import cpu_clock
from _machine import Watch, importable, require_linux
from _measure import chosen, comparison, conditions, options, publish, take_turns
from _streams import NEEDS, Server, certificate, serving

ROWS = {"1k": "echo of 1 KiB", "16k": "echo of 16 KiB", "handshake": "connect, handshake, echo of 1 KiB, close"}


def cpu_us(server: Server, seconds: float, work: Callable[[], int]) -> float:
    """The server's CPU time for each unit of `work`, which returns how many it did, over some seconds."""
    clock = cpu_clock(server.pid)
    done, end, before = 0, time.monotonic() + seconds, time.clock_gettime_ns(clock)
    while time.monotonic() < end:
        done += work()
    return (time.clock_gettime_ns(clock) - before) / done / 1000


def echo(server: Server, connections: int, size: int, seconds: float) -> float:
    """µs for a round trip of `size` bytes."""
    request, buffer = bytes(size), bytearray(size)
    with ExitStack() as stack:
        busy = [stack.enter_context(server.connect()) for _ in range(connections)]

        def work() -> int:
            for connection in busy:
                connection.sendall(request)
            for connection in busy:
                received = 0
                while received < size:
                    received += connection.recv_into(memoryview(buffer)[received:])
            return connections

        cpu_us(server, seconds / 5, work)  # to warm up
        return cpu_us(server, seconds, work)


def handshakes(server: Server, seconds: float) -> float:
    """µs for a connection from beginning to end."""

    def work() -> int:
        with server.connect() as connection:
            connection.sendall(bytes(1024))
            received = 0
            while received < 1024:
                received += len(connection.recv(1024))
            connection.unwrap().close()  # type: ignore[attr-defined]  # over TLS it has that
        return 1

    cpu_us(server, seconds / 5, work)
    return cpu_us(server, seconds, work)


def run(contender: str, pem: Path, connections: int, seconds: float) -> dict[str, float]:
    """One contender's turn: a figure for each row."""
    with serving(contender, "echo", "tls", pem) as server:
        return {
            "1k": echo(server, connections, 1024, seconds),
            "16k": echo(server, connections, 16 * 1024, seconds),
            "handshake": handshakes(server, seconds),
        }


def main() -> None:
    parser = options(__doc__, rounds=7)
    parser.add_argument("--seconds", type=float, default=1.0, help="length of each measurement (1)")
    parser.add_argument("--connections", type=int, default=50, help="connections kept busy at once (50)")
    arguments = parser.parse_args()
    require_linux()
    wanted = chosen(tuple(NEEDS), arguments.only)
    present = [name for name in wanted if all(map(importable, NEEDS[name]))]
    missing = [name for name in wanted if name not in present]
    with tempfile.TemporaryDirectory() as folder:
        pem = certificate(folder)
        watch = Watch(["tutorial-of-doom", "uvloop", "twisted", "pyOpenSSL"])
        rounds = take_turns(
            present, arguments.rounds, lambda name: run(name, pem, arguments.connections, arguments.seconds)
        )
        machine = watch.report()
    samples = {row: {name: [one[row] for one in series] for name, series in rounds.items()} for row in ROWS}
    sections = {ROWS[row]: comparison(by_contender, "µs", missing) for row, by_contender in samples.items()}
    setting = f"{arguments.connections} connections, {arguments.seconds} s each, load written in Python. "
    sections["Conditions"] = setting + conditions(machine, arguments.rounds)
    result = {"unit": "µs of server CPU", "machine": machine, "missing": missing, "samples": samples}
    publish("TLS: server CPU for a round trip", sections, result, arguments.json)


if __name__ == "__main__":
    main()
