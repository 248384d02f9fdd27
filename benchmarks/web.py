"""Hello over HTTP: server CPU for each request, beside twisted.web, aiohttp and uvicorn. The load is wrk.

As in echo.py, what is quoted first is the CPU time of the server process over the requests answered meanwhile: it has a
core to itself and wrk the other. The connections are kept, and each asks again when it has its answer. Three kinds of
request: as short as wrk's own, one with the headers that a browser sends, and a form of 1 KiB by POST. In each round
every server is started afresh, and is warmed up before it is measured. Nobody keeps an access log; "twisted" is its
Site as it is, which formats the lines even so, "twisted+silent" one that doesn't.
"""

from __future__ import annotations

import os
import re
import shutil
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
NEEDS = {
    "reactor": ("h11",),
    "twisted": ("twisted.web",),
    "twisted+silent": ("twisted.web",),
    "aiohttp": ("aiohttp",),
    "uvicorn+httptools": ("uvicorn", "httptools"),
    "uvicorn+h11": ("uvicorn", "h11"),
}
ROWS = {
    "short": "a request of two lines",
    "browser": "a request as a browser sends it, ten lines",
    "form": "a form of 1 KiB, by POST",
}
BROWSERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br",
    "Accept-Language": "en-GB,en;q=0.9,de;q=0.8",
    "Cache-Control": "max-age=0",
    "Connection": "keep-alive",
    "Referer": "http://127.0.0.1/",
    "Upgrade-Insecure-Requests": "1",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
}
FORM = """wrk.method = "POST"
wrk.body = "text=" .. string.rep("x", 1019)
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
"""


@dataclass(frozen=True)
class Sample:
    """What one server did in one turn. cpu_us: its CPU time for a request; a_second: requests that were answered."""

    cpu_us: float
    a_second: float


@contextmanager
def serving(contender: str, core: int) -> Iterator[tuple[int, int]]:
    """A server, alone on its core: its process id and its port."""
    command = [sys.executable, str(HERE / "web_servers.py"), contender]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            os.sched_setaffinity(process.pid, {core})
            assert process.stdout is not None
            announced = process.stdout.readline()
            if not announced:
                sys.exit(f"the {contender} server ended before it listened; its error stands above")
            yield process.pid, int(announced)
        finally:
            process.kill()


class Load:
    """wrk, on a core of its own."""

    def __init__(self, folder: Path, core: int, connections: int, seconds: float) -> None:
        self._core, self._connections, self._seconds = core, connections, seconds
        self._form = folder / "form.lua"
        self._form.write_text(FORM)

    def sample(self, pid: int, port: int, row: str) -> Sample:
        clock = cpu_clock(pid)
        self._wrk(port, row, 0.3)  # to warm up
        before, start = time.clock_gettime_ns(clock), time.perf_counter()
        requests = self._wrk(port, row, self._seconds)
        cpu, seconds = time.clock_gettime_ns(clock) - before, time.perf_counter() - start
        return Sample(cpu / requests / 1000, requests / seconds)

    def _wrk(self, port: int, row: str, seconds: float) -> int:
        """Ask for so long. Returns how many requests were answered; an answer that is no success ends the program."""
        how = {"short": [], "form": ["-s", str(self._form)], "browser": headers(BROWSERS)}[row]
        many = [f"-c{self._connections}", "-t1", f"-d{max(1, round(seconds))}s"]
        command = ["taskset", "-c", str(self._core), "wrk", *many, *how, f"http://127.0.0.1:{port}/"]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        answered = re.search(r"(\d+) requests in", output)
        if answered is None or "Non-2xx" in output or "Socket errors" in output:
            sys.exit(f"{row}: the answers are no successes\n{output}")
        return int(answered[1])


def headers(lines: dict[str, str]) -> list[str]:
    """Options for wrk."""
    return [part for name, value in lines.items() for part in ("-H", f"{name}: {value}")]


def run(contender: str, load: Load, core: int) -> dict[str, Sample]:
    """One contender's turn: a sample for each row."""
    with serving(contender, core) as (pid, port):
        return {row: load.sample(pid, port, row) for row in ROWS}


def throughput(samples: dict[str, list[Sample]]) -> str:
    """Requests a second: as much a figure about wrk, when a server is quick."""
    figures = {name: [sample.a_second for sample in series] for name, series in samples.items()}
    rows = [(name, number(max(series)), spread(series)) for name, series in figures.items()]
    return table(("", "best, requests a second", "median (range)"), rows)


def main() -> None:
    parser = options(__doc__, rounds=5)
    parser.add_argument("--seconds", type=float, default=3.0, help="length of each measurement, at least 1 (3)")
    parser.add_argument("--connections", type=int, default=50, help="connections kept busy at once (50)")
    arguments = parser.parse_args()
    require_linux()
    if shutil.which("wrk") is None or shutil.which("taskset") is None:
        sys.exit("this benchmark needs wrk and taskset; on Debian and Ubuntu: sudo apt install wrk util-linux")
    wanted = chosen(tuple(NEEDS), arguments.only)
    present = [name for name in wanted if all(map(importable, NEEDS[name]))]
    missing = [name for name in wanted if name not in present]
    server_core, load_core = server_and_load_core()
    with tempfile.TemporaryDirectory() as folder:
        load = Load(Path(folder), load_core, arguments.connections, arguments.seconds)
        watch = Watch(["tutorial-of-doom", "h11", "twisted", "aiohttp", "uvicorn", "httptools"])
        rounds = take_turns(present, arguments.rounds, lambda name: run(name, load, server_core))
        machine = watch.report()
    samples = {row: {name: [one[row] for one in series] for name, series in rounds.items()} for row in ROWS}
    sections = {}
    for row, by_contender in samples.items():
        cpu = {name: [sample.cpu_us for sample in series] for name, series in by_contender.items()}
        sections[ROWS[row]] = f"{comparison(cpu, 'µs', missing)}\n\n{throughput(by_contender)}"
    setting = f"{arguments.connections} connections, {arguments.seconds:g} s each. "
    sections["Conditions"] = setting + conditions(machine, arguments.rounds)
    plain = {
        row: {name: list(map(asdict, series)) for name, series in by_contender.items()}
        for row, by_contender in samples.items()
    }
    result = {"unit": "µs of server CPU", "machine": machine, "missing": missing, "samples": plain}
    publish("HTTP: server CPU for a request", sections, result, arguments.json)


if __name__ == "__main__":
    main()
