"""A long stream to a reader that is slower than the server: throughput, CPU and memory, over TCP and TLS.

The reader takes nothing for a moment, so that all buffers fill; then it reads, with a nap after every few MiB. A server
that keeps what the reader does not take grows by the size of the stream; one that waits stays as it is. Memory is the
server's peak above what it held before, so it has the library's own buffers in it and not the interpreter. All servers
are the same push producer (stream_servers.py), with the marks that each library has by itself.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from _load import cpu_clock
from _machine import Watch, importable, require_linux
from _measure import chosen, comparison, conditions, options, publish, take_turns
from _streams import NEEDS, certificate, serving

MIB = 1024 * 1024
TRANSPORTS = ("tcp", "tls")
COLUMNS = {"seconds": "s", "cpu": "s of server CPU", "memory": "MiB above what it held before"}


@dataclass(frozen=True)
class Sample:
    """One stream. seconds: from the first byte read to the last. cpu: the server's, in seconds. memory: MiB."""

    seconds: float
    cpu: float
    memory: float


def stream(contender: str, transport: str, pem: Path, size: int, nap_s: float) -> Sample:
    """Read one stream slowly, to its end."""
    buffer = bytearray(256 * 1024)
    with serving(contender, "stream", transport, pem, MIB) as server, server.connect() as first:
        while first.recv_into(buffer):  # a short stream, to warm up
            pass
    with serving(contender, "stream", transport, pem, size) as server:
        clock, before = cpu_clock(server.pid), server.memory_kib("VmRSS")
        server.forget_peak()
        cpu = time.clock_gettime_ns(clock)
        with server.connect() as connection:
            time.sleep(100 * nap_s)
            start, received, awake = time.perf_counter(), 0, 0
            while count := connection.recv_into(buffer):
                received, awake = received + count, awake + count
                if awake >= 4 * MIB:
                    awake = 0
                    time.sleep(nap_s)
            seconds = time.perf_counter() - start
        assert received == size, f"{contender} sent {received} bytes of {size} over {transport}"
        cpu = time.clock_gettime_ns(clock) - cpu
        return Sample(seconds, cpu / 1e9, (server.memory_kib("VmHWM") - before) / 1024)


def main() -> None:
    parser = options(__doc__, rounds=3)
    parser.add_argument("--mib", type=int, default=1024, help="length of the stream in MiB (1024)")
    parser.add_argument("--nap", type=float, default=0.002, help="seconds that the reader naps every 4 MiB (0.002)")
    arguments = parser.parse_args()
    require_linux()
    wanted = chosen(tuple(NEEDS), arguments.only)
    present = [name for name in wanted if all(map(importable, NEEDS[name]))]
    missing = [name for name in wanted if name not in present]
    with tempfile.TemporaryDirectory() as folder:
        pem = certificate(folder)

        def measure(contender: str) -> dict[str, Sample]:
            return {each: stream(contender, each, pem, arguments.mib * MIB, arguments.nap) for each in TRANSPORTS}

        watch = Watch(["tutorial-of-doom", "uvloop", "twisted", "pyOpenSSL"])
        rounds = take_turns(present, arguments.rounds, measure)
        machine = watch.report()
    sections = {}
    for transport in TRANSPORTS:
        for column, unit in COLUMNS.items():
            figures = {name: [getattr(one[transport], column) for one in series] for name, series in rounds.items()}
            sections[f"{arguments.mib} MiB over {transport.upper()}, {unit}"] = comparison(figures, unit, missing)
    setting = f"The reader naps {arguments.nap} s after every 4 MiB, and {100 * arguments.nap:.2g} s before the first. "
    sections["Conditions"] = setting + conditions(machine, arguments.rounds)
    raw = {name: [{key: asdict(one[key]) for key in TRANSPORTS} for one in series] for name, series in rounds.items()}
    result = {"mib": arguments.mib, "machine": machine, "missing": missing, "samples": raw}
    publish("A long stream to a slow reader", sections, result, arguments.json)


if __name__ == "__main__":
    main()
