"""A few of the many kills: servers of mail and news in processes of their own lose nothing, and a loss is found."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's queue and Maildir don't sync", allow_module_level=True)

ROOT = Path(__file__).parents[2]
FORGETS_BEFORE_IT_SENDS = """
from reactor.mail import relaymanager
from tests.mail import many_kills

send = relaymanager.OneLetter.run

async def forget_and_send(self):
    (self._queue.directory / f"{self._message}.json").unlink()
    await send(self)

relaymanager.OneLetter.run = forget_and_send
many_kills.main(60)
"""


def run(*words):
    """What a program prints, and says of its errors."""
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, timeout=300, cwd=ROOT)


def test_servers_that_are_killed_lose_nothing():
    done = run("-m", "tests.mail.many_kills", "8")
    assert done.returncode == 0, done.stderr
    assert "kills, nothing lost; told to be safe before: " in done.stdout


def test_a_queue_that_forgets_a_letter_before_it_has_arrived_is_found_out():
    done = run("-c", FORGETS_BEFORE_IT_SENDS)
    assert done.returncode == 1 and done.stdout.startswith("seed ")
    assert "a letter to elsewhere lost" in done.stderr or "No such file" in done.stderr
