"""The machine under a benchmark: which cores, which clocks, and how quiet it was.

A figure means little without the interpreter that gave it and what else ran meanwhile. `Watch` notes both: it compares
all the work the machine did during a run with the work of our own processes, and the rest is what others did. The load
average would not do, since a benchmark raises it by itself.
"""

from __future__ import annotations

import os
import platform
import resource
import sys
import time
from collections.abc import Iterable
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path


def require_linux() -> None:
    """Stop with an explanation where there are no pinned cores and no CPU clocks of other processes."""
    if sys.platform != "linux":
        sys.exit(f"this benchmark pins processes to cores and reads /proc, so it needs Linux; this is {sys.platform}")


def server_and_load_core() -> tuple[int, int]:
    """The core for the server and the core for its load; the same one where there is only one."""
    cores = sorted(os.sched_getaffinity(0))
    return cores[0], cores[-1]


def importable(module: str) -> bool:
    """Whether `module` (dotted name) can be found, without importing more than its parents."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


class Watch:
    """Notes what ran, from construction until `report()`.

    distributions: the installed ones whose versions matter for the figures.
    """

    def __init__(self, distributions: Iterable[str] = ()) -> None:
        self._distributions = tuple(distributions)
        self._wall = time.monotonic()
        self._machine = _busy_seconds_of_machine()
        self._ours = _busy_seconds_of_ours()

    def report(self) -> dict[str, object]:
        """Versions, interpreter and cores; and the share of all cores that other processes used meanwhile."""
        cores = os.cpu_count() or 1
        wall = max(time.monotonic() - self._wall, 1e-9)
        others = (_busy_seconds_of_machine() - self._machine) - (_busy_seconds_of_ours() - self._ours)
        return {
            "python": f"{platform.python_implementation()} {platform.python_version()}, {platform.python_compiler()}",
            "build": " ".join(platform.python_build()),
            "versions": {name: _version(name) for name in self._distributions},
            "system": f"{platform.system()} {platform.release()} {platform.machine()}",
            "processor": _processor(),
            "cores": cores,
            "seconds": round(wall, 1),
            "others_used_percent": round(max(0.0, 100 * others / (wall * cores)), 1),
        }


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "missing"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _busy_seconds_of_machine() -> float:
    """CPU seconds of everything since boot: proc(5), /proc/stat; stolen time counts, waiting does not."""
    try:
        fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    except OSError:
        return 0.0
    user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, fields[:8])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def _busy_seconds_of_ours() -> float:
    """CPU seconds of this process and of the children that it has waited for."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )
