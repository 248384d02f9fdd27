"""Echo over many connections: server CPU for each round trip, beside asyncio, uvloop, Twisted and bare C.

The server has one core to itself and the load another. What is quoted is the CPU time of the server process, user and
system, over the round trips made meanwhile: throughput would often be a figure about the load. In each round every
server is started afresh, sees one client first that warms it up (a cold asyncio reads its first 256 KiB through mmap),
and then takes its turn in each row. "Server busy" is the server's share of its core: near 100 % the load was ahead.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from _machine import Watch, importable, require_linux, server_and_load_core
from _measure import chosen, comparison, conditions, options, publish, take_turns

HERE = Path(__file__).parent
FLOOR = "C"
NEEDS = {"reactor": "reactor.protocol", "asyncio": "asyncio", "uvloop": "uvloop", "twisted": "twisted.internet"}
CONTENDERS = (*NEEDS, FLOOR)


@dataclass(frozen=True)
class Row:
    """One kind of work for a server.

    port: which of its two ports, "echo" or "answer". request, reply: bytes. mode: "keep" the connections, or "close"
        each after one round trip and make a new one.
    """

    title: str
    port: str
    request: int
    reply: int
    mode: str


ROWS = {
    "64": Row("echo of 64 bytes", "echo", 64, 64, "keep"),
    "16k": Row("echo of 16 KiB", "echo", 16384, 16384, "keep"),
    "accept": Row("accept, echo of 64 bytes, close", "echo", 64, 64, "close"),
    "writes": Row("a request answered by 100 writes of 20 bytes", "answer", 64, 2000, "keep"),
}


@dataclass(frozen=True)
class Sample:
    """What one server did in one turn. cpu_us: its CPU time for a round trip; busy: its share of its core."""

    cpu_us: float
    busy: float
    round_trips: int


class Bench:
    """The programs of one run: what to start as a server, and what as the load.

    programs: a folder for what the C compiler makes; without a compiler there is no floor, and the load is in Python.
    """

    def __init__(self, programs: Path, connections: int, seconds: float) -> None:
        self._connections, self._seconds = connections, seconds
        self._server_core, self._load_core = server_and_load_core()
        self.floor = compiled("floor", programs)
        native_load = compiled("load", programs)
        self._load = [str(native_load)] if native_load else [sys.executable, str(HERE / "_load.py")]
        self.load_is = "C" if native_load else "Python (no C compiler was found)"

    @contextmanager
    def server(self, contender: str) -> Iterator[tuple[int, dict[str, int]]]:
        """A warm server, alone on its core but for its idle rivals: its process id and its ports."""
        command = [str(self.floor)] if contender == FLOOR else [sys.executable, str(HERE / "servers.py"), contender]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                os.sched_setaffinity(process.pid, {self._server_core})
                assert process.stdout is not None
                announced = process.stdout.readline()
                if not announced:
                    sys.exit(f"the {contender} server ended before it listened; its error stands above")
                ports = json.loads(announced)
                self._run_load(process.pid, ports["echo"], connections=1, row=ROWS["64"], seconds=self._seconds / 10)
                yield process.pid, ports
            finally:
                process.kill()

    def sample(self, pid: int, port: int, row: Row) -> Sample:
        load = self._run_load(pid, port, self._connections, row, self._seconds)
        return Sample(
            cpu_us=load["server_cpu_ns"] / max(load["round_trips"], 1) / 1000,
            busy=load["server_cpu_ns"] / load["wall_ns"],
            round_trips=load["round_trips"],
        )

    def _run_load(self, pid: int, port: int, connections: int, row: Row, seconds: float) -> dict[str, int]:
        arguments = (port, pid, connections, row.request, row.reply, seconds, row.mode)
        with subprocess.Popen([*self._load, *map(str, arguments)], stdout=subprocess.PIPE, text=True) as process:
            os.sched_setaffinity(process.pid, {self._load_core})
            assert process.stdout is not None
            output = process.stdout.read()
        if process.returncode != 0:
            sys.exit(f"the load on port {port} failed; its error stands above")
        result: dict[str, int] = json.loads(output)
        return result


def compiled(name: str, folder: Path) -> Path | None:
    """native/NAME.c as a program in `folder`; None where there is no C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        return None
    program = folder / name
    subprocess.run([compiler, "-O2", "-o", program, HERE / "native" / f"{name}.c"], check=True)
    return program


def run_round(bench: Bench, contenders: Sequence[str], rows: Sequence[str]) -> dict[str, dict[str, Sample]]:
    """Start every server, then give each its turn in each row. Returns row → contender → sample."""
    with ExitStack() as stack:
        servers = {contender: stack.enter_context(bench.server(contender)) for contender in contenders}

        def measure(contender: str, row: Row) -> Sample:
            pid, ports = servers[contender]
            return bench.sample(pid, ports[row.port], row)

        return {row: {contender: measure(contender, ROWS[row]) for contender in contenders} for row in rows}


def busy_sentence(samples: dict[str, list[Sample]]) -> str:
    shares = (f"{name} {100 * median(sample.busy for sample in series):.0f} %" for name, series in samples.items())
    return f"Server busy, median: {', '.join(shares)}."


def main() -> None:
    parser = options(__doc__, rounds=9)
    parser.add_argument("--seconds", type=float, default=1.0, help="length of each measurement (1)")
    parser.add_argument("--connections", type=int, default=50, help="connections kept busy at once (50)")
    parser.add_argument("--rows", default=",".join(ROWS), help=f"rows to run, separated by commas ({','.join(ROWS)})")
    arguments = parser.parse_args()
    require_linux()
    rows = chosen(tuple(ROWS), arguments.rows)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), arguments.connections, arguments.seconds)
        wanted = chosen(CONTENDERS, arguments.only)
        present = [name for name in wanted if (bench.floor if name == FLOOR else importable(NEEDS[name]))]
        missing = [name for name in wanted if name not in present]
        watch = Watch(["tutorial-of-doom", "uvloop", "twisted"])
        rounds = take_turns(["all"], arguments.rounds, lambda _: run_round(bench, present, rows))["all"]
        machine = watch.report()

    samples = {row: {name: [one[row][name] for one in rounds] for name in present} for row in rows}
    sections = {}
    for row, by_contender in samples.items():
        cpu = {name: [sample.cpu_us for sample in series] for name, series in by_contender.items()}
        sections[ROWS[row].title] = comparison(cpu, "µs", missing) + "\n\n" + busy_sentence(by_contender)
    setting = f"{arguments.connections} connections, {arguments.seconds} s each, load written in {bench.load_is}. "
    sections["Conditions"] = setting + conditions(machine, arguments.rounds)
    raw = {row: {name: [asdict(s) for s in series] for name, series in by.items()} for row, by in samples.items()}
    result = {"unit": "µs of server CPU for a round trip", "machine": machine, "missing": missing, "samples": raw}
    publish("Echo: server CPU for a round trip", sections, result, arguments.json)


if __name__ == "__main__":
    main()
