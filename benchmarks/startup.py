"""What an import costs: CPU time over a bare start of the interpreter, and memory.

Each start is a process of its own, by the virtual environment's own interpreter, without the `.pth` files that editable
installs and others put there: those cost time of their own, and hide what they import already. A bare start imports
nothing but what every interpreter start does (`site`). Compiled modules are on disk before the first turn.

Memory is given three ways: resident (pages in RAM, shared ones too), private (pages that only this process has: what
one more process costs), and Python objects (what tracemalloc sees allocated during the import).
"""

from __future__ import annotations

import os
import site
import sys
from pathlib import Path
from statistics import median

from _machine import Watch, importable
from _measure import chosen, conditions, number, options, publish, ratios, run_process, spread, table, take_turns

BARE = "bare start"
STATEMENTS = {
    BARE: "pass",
    "import reactor": "import reactor",
    "from reactor import reactor": "from reactor import reactor",
    "import asyncio": "import asyncio",
    "asyncio with a loop": "import asyncio; asyncio.new_event_loop()",
    "import uvloop": "import uvloop",
    "from twisted.internet import reactor": "from twisted.internet import reactor",
}
NEEDS = {
    "from reactor import reactor": "reactor.protocol",
    "import uvloop": "uvloop",
    "from twisted.internet import reactor": "twisted.internet",
}
OURS = "from reactor import reactor"
PAGES = """
import os
def kilobytes(name):
    return sum(int(line.split()[1]) for line in open("/proc/self/smaps_rollup") if line.startswith(name))
print(kilobytes("Rss:"), kilobytes("Private_"))
os._exit(0)
"""
OBJECTS = "import tracemalloc; tracemalloc.start(); {}; print(tracemalloc.get_traced_memory()[0] // 1024)"
MEMORY = ("resident", "private", "objects")


def command(statement: str) -> list[str]:
    return [sys.executable, "-S", "-c", f"import site; {statement}"]


def environment() -> dict[str, str]:
    """Ours, with the repository and the installed packages on the path, which `-S` leaves out."""
    folders = [str(Path(__file__).parent.parent), *site.getsitepackages()]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(folders), "PYTHONDONTWRITEBYTECODE": ""}


def measure(name: str) -> dict[str, float]:
    """One start of each kind. Returns CPU time in ms, and memory in KiB where the system tells."""
    statement, env = STATEMENTS[name], environment()
    sample = {"cpu": 1000 * run_process(command(statement), env=env).cpu}
    sample["objects"] = float(run_process(command(OBJECTS.format(statement)), env=env).output)
    if Path("/proc/self/smaps_rollup").exists():
        resident, private = run_process(command(statement + PAGES), env=env).output.split()
        sample |= {"resident": float(resident), "private": float(private)}
    return sample


def over_bare(samples: dict[str, list[dict[str, float]]], name: str, figure: str) -> list[float]:
    """A figure for each round, less that of the best bare start. Never below 0.01, which is far below noise."""
    bare = min(sample[figure] for sample in samples[BARE])
    return [max(sample[figure] - bare, 0.01) for sample in samples[name]]


def imports(samples: dict[str, list[dict[str, float]]]) -> list[str]:
    return [name for name in samples if name != BARE]


def cpu_table(samples: dict[str, list[dict[str, float]]], missing: list[str]) -> str:
    rows = [(BARE, *figures([sample["cpu"] for sample in samples[BARE]]), "", "")]
    for name in imports(samples):
        series = over_bare(samples, name, "cpu")
        against = ratios(over_bare(samples, OURS, "cpu"), series) if OURS in samples and name != OURS else ("", "")
        rows.append((name, *figures(series), *against))
    rows += [(name, "missing", "", "", "") for name in missing]
    return table(("", "best, ms", "median (range)", "ours ÷ it, best", "in each round"), rows)


def figures(series: list[float]) -> tuple[str, str]:
    return number(min(series)), spread(series)


def memory_table(samples: dict[str, list[dict[str, float]]], missing: list[str]) -> str:
    kinds = [kind for kind in MEMORY if kind in samples[BARE][0]]
    rows = [(BARE, *(number(median(sample[kind] for sample in samples[BARE])) for kind in kinds))]
    for name in imports(samples):
        rows.append((name, *("+ " + number(median(over_bare(samples, name, kind))) for kind in kinds)))
    rows += [(name, "missing", *("" for _ in kinds[1:])) for name in missing]
    return table(("", *(f"{kind}, KiB" for kind in kinds)), rows)


def main() -> None:
    arguments = options(__doc__, rounds=15).parse_args()
    wanted = chosen(tuple(STATEMENTS), arguments.only)
    if BARE not in wanted:
        wanted.insert(0, BARE)
    missing = [name for name in wanted if name in NEEDS and not importable(NEEDS[name])]
    present = [name for name in wanted if name not in missing]
    watch = Watch(["tutorial-of-doom", "uvloop", "twisted"])
    for name in present:
        run_process(command(STATEMENTS[name]), env=environment())
    samples = take_turns(present, arguments.rounds, measure)
    machine = watch.report()
    sections = {
        "CPU time over a bare start": cpu_table(samples, missing),
        "Memory over a bare start, median": memory_table(samples, missing),
        "Conditions": conditions(machine, arguments.rounds),
    }
    result = {"unit": "ms of CPU; KiB", "machine": machine, "missing": missing, "samples": samples}
    publish("What an import costs", sections, result, arguments.json)


if __name__ == "__main__":
    main()
