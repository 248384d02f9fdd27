"""What a run says at its end of what it cost (tests/support/costs.py), on a little suite of its own."""

import os
import subprocess
import sys

import pytest

from tests.support import costs

BURN = "import time; began = time.process_time()\nwhile time.process_time() < began + 0.3: pass"


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    """Two files: one whose fixture lets a program work, one that does nothing."""
    pytester.makepyfile(
        test_dear=f"""
        import subprocess, sys, pytest
        @pytest.fixture(scope="module")
        def worker():
            yield
            subprocess.run([sys.executable, "-c", {BURN!r}], check=True)
        def test_one(worker): pass
        def test_other(worker): pass
        """,
        test_cheap="def test_it(): pass",
    )
    return pytester


def run(suite: pytest.Pytester, *arguments: str) -> list[str]:
    """The table: what is said of how much, and of each file."""
    result = suite.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:lecture", "-p", costs.__name__, *arguments)
    result.assert_outcomes(passed=3)
    lines = [line for line in result.outlines if line]
    return next((lines[number + 1 : -1] for number, line in enumerate(lines) if " costs " in line), [])


@pytest.mark.parametrize("processes", [[], ["-n", "2"]])
def test_the_dearest_file_comes_first_with_all_that_its_fixtures_and_its_programs_cost(suite, processes):
    total, _heads, dear, cheap = run(suite, "--costs", "9", *processes)
    assert total.startswith("3 tests took ") and total.endswith(" s of CPU. The dearest files:")
    cpu, seconds, tests, name = dear.split()
    assert float(cpu) >= 0.3 and float(seconds) >= 0.3
    assert (tests, name) == ("2", "test_dear.py")
    assert cheap.split()[2:] == ["1", "test_cheap.py"]


def test_it_names_so_many_files_as_are_asked_for_and_none_unasked(suite):
    assert len(run(suite, "--costs", "1")) == 3
    assert run(suite) == []


@pytest.mark.skipif(sys.platform != "linux", reason="nothing else tells which processes a process has started")
def test_programs_that_go_on_are_counted_with_what_they_started():
    script = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BURN!r}])\nprint(flush=True)\ninput()"
    before = costs.cpu_s()
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        assert program.stdout.readline() == os.linesep.encode()
        assert costs.cpu_s() - before >= 0.3
        program.stdin.close()
