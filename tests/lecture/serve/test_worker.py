"""A worker by itself: whenever the server ends it, it ends without a word on the server's terminal."""

import subprocess
import sys

import pytest

ENDED_BY_SIGTERM = 128 + 15


@pytest.mark.parametrize("moment", ["_import_what_every_build_needs", "_hold_leash", "_carry_out"])
def test_a_worker_that_is_ended_says_nothing(moment):
    program = (
        "import os, signal\n"
        "os.dup2(1, 3)\n"
        "from lecture.serve import worker\n"
        f"worker.{moment} = lambda *order: os.kill(os.getpid(), signal.SIGTERM)\n"
        "worker.main()\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], input=b'{"do": "build"}\n', capture_output=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (ENDED_BY_SIGTERM, b"", b"")
