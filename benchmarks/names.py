"""Answers from a zone of a thousand names, over UDP: server CPU for each, beside BIND, knot, dnspython and Twisted.

The load is dnsperf, with as many questions on their way at once as it is told, from as many ports. As in web.py, what
is quoted first is the CPU time of the server over the questions answered meanwhile: its one process has a core to
itself, and dnsperf the other. BIND and knot are told to use one thread for queries. The server of dnspython has a loop
of asyncio around what the library does: read a message, find the records in a zone, make a message. Each contender
serves the same zone file; in each round it is started afresh, and warmed up before it is measured.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from _load import cpu_clock
from _machine import Watch, importable, require_linux, server_and_load_core
from _measure import chosen, comparison, conditions, number, options, publish, spread, table, take_turns

HERE = Path(__file__).parent
ORIGIN, HOSTS = "bench.test", 1000
PYTHONS = {"reactor": ("dns",), "twisted": ("twisted.names",), "dnspython": ("dns",)}
OTHERS = {"knot": "knotd", "bind": "named"}
NAMED = """options {{ directory "{folder}"; pid-file none; session-keyfile none; listen-on-v6 {{ none; }};
    listen-on port {port} {{ 127.0.0.1; }}; recursion no; dnssec-validation no; empty-zones-enable no; }};
controls {{ }};
zone "bench.test" {{ type primary; file "zone"; }};
"""
KNOT = """server:
    listen: 127.0.0.1@{port}
    rundir: "{folder}"
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
database:
    storage: "{folder}"
log:
  - target: stdout
    any: info
zone:
  - domain: bench.test
    storage: "{folder}"
    file: zone
"""
READY = {"knot": "server started", "bind": "all zones loaded"}


@dataclass(frozen=True)
class Sample:
    """What one server did in one turn. cpu_us: its CPU time for an answer; a_second: questions that were answered."""

    cpu_us: float
    a_second: float


def write_files(folder: Path) -> None:
    """The zone, and the questions."""
    hosts = [(f"h{place}", f"10.0.{place // 256}.{place % 256}") for place in range(HOSTS)]
    start = "$TTL 300\n@ IN SOA ns1 root 1 3600 600 86400 60\n@ IN NS ns1\nns1 IN A 192.0.2.1\n"
    (folder / "zone").write_text(start + "".join(f"{name} IN A {address}\n" for name, address in hosts))
    (folder / "questions").write_text("".join(f"{name}.{ORIGIN} A\n" for name, _ in hosts))


def command(contender: str, folder: Path, port: int) -> list[str]:
    """What starts a server that stays in the foreground."""
    if contender in PYTHONS:
        return [sys.executable, str(HERE / "names_servers.py"), contender, str(folder / "zone"), str(port)]
    configuration = folder / f"{contender}.conf"
    configuration.write_text((NAMED if contender == "bind" else KNOT).format(folder=folder, port=port))
    program = str(path_of(OTHERS[contender]))
    how = ["-g", "-n", "1"] if contender == "bind" else []
    return [program, *how, "-c", str(configuration)]


def path_of(program: str) -> str | None:
    """Where a program is; daemons are where only an administrator's PATH leads."""
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")


def free_port() -> int:
    """A port of 127.0.0.1 that is free now, over UDP."""
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(contender: str, folder: Path, port: int, core: int) -> Iterator[int]:
    """A server, alone on its core: its process id."""
    pinned = ["taskset", "-c", str(core), *command(contender, folder, port)]
    with subprocess.Popen(pinned, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if READY.get(contender, "ready") in line:
                    break
            else:
                sys.exit(f"the {contender} server ended before it listened")
            yield process.pid
        finally:
            process.kill()


class Load:
    """dnsperf, on a core of its own."""

    def __init__(self, folder: Path, core: int, seconds: float) -> None:
        self._folder, self._core, self._seconds = folder, core, seconds

    def sample(self, pid: int, port: int) -> Sample:
        clock = cpu_clock(pid)
        self._ask(port, 0.5)  # to warm up
        before, start = time.clock_gettime_ns(clock), time.perf_counter()
        answered = self._ask(port, self._seconds)
        cpu, seconds = time.clock_gettime_ns(clock) - before, time.perf_counter() - start
        return Sample(cpu / answered / 1000, answered / seconds)

    def _ask(self, port: int, seconds: float) -> int:
        """Ask for so long. Returns how many questions were answered."""
        many = ["-c", "20", "-q", "200", "-l", str(max(1, round(seconds)))]
        where = ["-s", "127.0.0.1", "-p", str(port), "-d", str(self._folder / "questions")]
        words = ["taskset", "-c", str(self._core), "dnsperf", *where, *many]
        output = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        answered = re.search(r"Queries completed: +(\d+)", output)
        if answered is None or "NOERROR" not in output or "NXDOMAIN" in output:
            sys.exit(f"the answers are no successes\n{output}")
        return int(answered[1])


def throughput(samples: dict[str, list[Sample]]) -> str:
    """Questions a second: as much a figure about dnsperf, when a server is quick."""
    figures = {name: [sample.a_second for sample in series] for name, series in samples.items()}
    rows = [(name, number(max(series)), spread(series)) for name, series in figures.items()]
    return table(("", "best, answers a second", "median (range)"), rows)


def main() -> None:
    parser = options(__doc__, rounds=5)
    parser.add_argument("--seconds", type=float, default=3.0, help="length of each measurement, at least 1 (3)")
    arguments = parser.parse_args()
    require_linux()
    if shutil.which("dnsperf") is None or shutil.which("taskset") is None:
        sys.exit("this benchmark needs dnsperf and taskset; on Debian and Ubuntu: sudo apt install dnsperf util-linux")
    wanted = chosen((*PYTHONS, *OTHERS), arguments.only)
    present = [name for name in wanted if name in OTHERS and path_of(OTHERS[name])]
    present = [name for name in wanted if name in present or all(map(importable, PYTHONS.get(name, ("?",))))]
    missing = [name for name in wanted if name not in present]
    server_core, load_core = server_and_load_core()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # BIND may give up root
        write_files(folder)
        load = Load(folder, load_core, arguments.seconds)

        def run(contender: str) -> Sample:
            port = free_port()
            with serving(contender, folder, port, server_core) as pid:
                return load.sample(pid, port)

        watch = Watch(["tutorial-of-doom", "dnspython", "twisted"])
        samples = take_turns(present, arguments.rounds, run)
        machine = watch.report()
    cpu = {name: [sample.cpu_us for sample in series] for name, series in samples.items()}
    setting = f"20 clients, 200 questions on their way, {arguments.seconds:g} s each. "
    sections = {
        "": f"{comparison(cpu, 'µs', missing)}\n\n{throughput(samples)}",
        "Conditions": setting + conditions(machine, arguments.rounds),
    }
    plain = {name: list(map(asdict, series)) for name, series in samples.items()}
    result = {"unit": "µs of server CPU", "machine": machine, "missing": missing, "samples": plain}
    publish("DNS: server CPU for an answer", sections, result, arguments.json)


if __name__ == "__main__":
    main()
