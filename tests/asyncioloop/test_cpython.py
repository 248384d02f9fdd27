"""CPython's own suite has the last word on what an asyncio loop is.

tests/support/cpython_asyncio.py runs other modules of it, by hand."""

import importlib.util
import pathlib
import subprocess
import sys

import pytest

# Every module of test.test_asyncio that is about what a loop does, and needs less than a few seconds.
QUICK = ("test_buffered_proto", "test_server", "test_sock_lowlevel", "test_streams", "test_waitfor")
ROOT = pathlib.Path(__file__).parents[2]
MISSING = importlib.util.find_spec("test") is None or importlib.util.find_spec("test.test_asyncio") is None


@pytest.mark.own_promise("it is no asyncio loop")
@pytest.mark.skipif(MISSING, reason="this Python came without its own tests")
@pytest.mark.parametrize("module", QUICK)
def test_cpythons_own_tests_pass(module):
    ran = subprocess.run(
        [sys.executable, "-m", "tests.support.cpython_asyncio", module],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
