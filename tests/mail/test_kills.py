"""A Maildir after kill -9, at every step of a delivery, and of the end of a session: nothing is lost or half."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's Maildir doesn't sync", allow_module_level=True)

from tests.mail.killing import OLD, letter

ROOT = Path(__file__).parents[2]
OLDS = [(OLD % number).decode() for number in range(5)]


def kills(folder, what, size):
    """What each kill has left, and what was there in the end."""
    command = [sys.executable, "-m", "tests.mail.killing", str(folder), what, str(size)]
    output = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120, cwd=ROOT).stdout
    *killed, whole = map(json.loads, output.splitlines())
    assert all(one["killed"] and not one["told"] for one in killed) and whole["told"]
    return killed, whole


@pytest.mark.parametrize("size", [0, 100, 100_000])
def test_a_delivery_killed_at_any_step_leaves_a_whole_letter_or_none(tmp_path, size):
    killed, whole = kills(tmp_path, "deliver", size)
    new = letter(size).decode().replace("\r", "")
    assert len(killed) > 15
    assert whole["texts"] == [*OLDS, new] and whole["unfinished"] == 0
    for one in killed:
        assert one["texts"][:5] == OLDS, f"step {one['step']} lost a letter that was there before"
        assert one["texts"][5:] in ([], [new]), f"step {one['step']} left a part of a letter"
    assert [] in [one["texts"][5:] for one in killed] and [new] in [one["texts"][5:] for one in killed]


def test_an_expunge_killed_at_any_step_loses_no_letter_that_was_kept(tmp_path):
    killed, whole = kills(tmp_path, "expunge", 0)
    kept = [OLDS[1], OLDS[3]]
    assert len(killed) > 3
    assert whole["texts"] == kept
    for one in killed:
        assert [text for text in one["texts"] if text in kept] == kept, f"step {one['step']} lost a letter"
        assert set(one["texts"]) <= {*OLDS}
