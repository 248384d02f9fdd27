"""Count the reactor's tests by loop and by transport: how often each kind of transport is tested on each loop.

    .venv/bin/python tools/count_tests.py

The tests are collected, not run. A test belongs to the transport that its file is about (TRANSPORTS, below); files
about none in particular, such as those of timers and producers, use TCP where they need a connection.
"""

from __future__ import annotations

import contextlib
import io
import sys
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parents[1] / "tests"
TRANSPORTS = {  # the first one that matches a file's path below tests/
    "TLS": ("*/test_tls*", "*/test_starttls*", "*/test_framing_starttls*", "ssl/*"),
    "UDP": ("core/*/test_udp*", "protocol/test_datagram*"),
    "multicast": ("core/*/test_multicast*",),
    "UNIX datagrams": ("core/*/test_unix_datagrams*",),
    "UNIX streams": ("core/*/test_unix*", "behaviour/test_streams_over_unix*", "core/*/test_socket_peers*"),
    "child processes": ("core/*/test_process*", "modules/test_process*", "core/*/test_reaping*"),
    "standard input, output": ("core/*/test_stdio*",),
    "serial ports": ("core/*/test_serialport*",),
    "descriptors of others": ("core/*/test_descriptors_of_others*",),
    "TCP, and the loop itself": ("*",),
}
NO_LOOP = "without a loop"


def transport_of(file: str) -> str:
    """The transport that the tests in a file are about. file: its path below tests/, with slashes."""
    return next(name for name, patterns in TRANSPORTS.items() if any(fnmatchcase(file, one) for one in patterns))


class Counting:
    """A plugin of pytest that counts what is collected. counts: by transport and loop."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()

    def pytest_collection_finish(self, session: Any) -> None:
        for item in session.items:
            parameters = item.callspec.params if hasattr(item, "callspec") else {}
            loop = parameters.get("make_reactor", NO_LOOP)
            if isinstance(loop, str):  # else it is a mark of pytest's: the test has no loop to run on here
                self.counts[transport_of(item.path.relative_to(TESTS).as_posix()), loop] += 1


def collected() -> Counter[tuple[str, str]]:
    """How many tests there are, by transport and loop. Raises SystemExit, with what pytest said, if it can't tell."""
    counting, said = Counting(), io.StringIO()
    with contextlib.redirect_stdout(said):
        options = ["--reactor", "--collect-only", "-q", "-p", "no:cacheprovider"]
        status = pytest.main([str(TESTS), *options], plugins=[counting])
    if status != pytest.ExitCode.OK:
        raise SystemExit(f"pytest could not collect the tests:\n{said.getvalue()[-2000:]}")
    return counting.counts


def table(counts: Counter[tuple[str, str]]) -> str:
    """The counts in Markdown: a row for each loop, in the order in which they are tried, and the sums."""
    loops = list(dict.fromkeys(loop for _, loop in counts if loop != NO_LOOP))
    rows = [["", *TRANSPORTS, "all"]]
    for loop in [*loops, NO_LOOP]:
        row = [counts[transport, loop] for transport in TRANSPORTS]
        rows.append([loop, *map(str, row), str(sum(row))])
    sums = [sum(count for (name, _), count in counts.items() if name == transport) for transport in TRANSPORTS]
    rows.append(["all", *map(str, sums), str(sum(sums))])
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "| --- |" + " ---: |" * (len(TRANSPORTS) + 1), *lines[1:]])


def main() -> None:
    """Print the table, and which loops run against a double."""
    print(table(collected()))
    sys.path.insert(0, str(TESTS.parent))
    from tests.support import loops

    doubles = ", ".join(name for name, is_double in loops.DOUBLES.items() if is_double)
    print(f"\nAgainst a double of the kernel's part, on this machine: {doubles or 'none'}.")


if __name__ == "__main__":
    main()
