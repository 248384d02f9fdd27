"""tools/count_tests.py: which file is about which transport, and the table."""

import importlib.util
from collections import Counter
from fnmatch import filter as matching
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("count_tests", ROOT / "tools" / "count_tests.py")
count_tests = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(count_tests)

PATTERNS = [(name, pattern) for name, patterns in count_tests.TRANSPORTS.items() for pattern in patterns]


@pytest.mark.parametrize(
    ("file", "transport"),
    [
        ("core/transports/test_tls_flow.py", "TLS"),
        ("core/transports/test_unix_datagrams.py", "UNIX datagrams"),
        ("core/transports/test_unix_locks.py", "UNIX streams"),
        ("core/loop/test_timers.py", "TCP, and the loop itself"),
    ],
)
def test_a_file_is_about_the_first_transport_that_fits(file, transport):
    assert count_tests.transport_of(file) == transport


@pytest.mark.parametrize(("name", "pattern"), PATTERNS)
def test_each_pattern_still_finds_a_file_of_its_transport(name, pattern):
    files = [path.relative_to(count_tests.TESTS).as_posix() for path in count_tests.TESTS.rglob("test_*.py")]
    assert name in {count_tests.transport_of(file) for file in matching(files, pattern)}


def test_the_table_has_a_row_for_each_loop_and_the_sums():
    counts = Counter({("TLS", "epoll"): 3, ("UDP", "epoll"): 1, ("TLS", "qt"): 2, ("UDP", count_tests.NO_LOOP): 5})
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in count_tests.table(counts).splitlines()]
    assert [row[0] for row in rows] == ["", "---", "epoll", "qt", "without a loop", "all"]
    assert [(row[1], row[2], row[-1]) for row in rows[2:]] == [
        ("3", "1", "4"),
        ("2", "0", "2"),
        ("0", "5", "5"),
        ("5", "6", "11"),
    ]
