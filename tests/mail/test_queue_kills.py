"""The queue after kill -9, at every step: a letter that was taken is never lost, and never half there."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's queue doesn't sync", allow_module_level=True)

from tests.mail.killing_queue import LETTER

ROOT = Path(__file__).parents[2]
WHOLE = {"ann@a": [["later@b", "never@b"], LETTER.decode()]}


def kills(folder, what):
    command = [sys.executable, "-m", "tests.mail.killing_queue", str(folder), what]
    output = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300, cwd=ROOT).stdout
    *killed, last = map(json.loads, output.splitlines())
    assert all(one["killed"] and not one["told"] for one in killed) and last["told"]
    assert not any(one["rests"] for one in [*killed, last])
    return killed, last


def test_a_letter_killed_while_it_is_added_is_whole_or_not_there(tmp_path):
    killed, last = kills(tmp_path, "add")
    assert len(killed) > 10
    assert last["found"] == WHOLE
    for one in killed:
        assert one["found"] in ({}, WHOLE), f"step {one['step']} left a part of a letter"


def test_a_letter_that_is_done_is_forgotten_or_still_whole(tmp_path):
    killed, last = kills(tmp_path, "done")
    assert last["found"] == {}
    assert all(one["found"] in ({}, WHOLE) for one in killed)


def test_a_recipient_leaves_the_envelope_only_when_the_sender_is_told(tmp_path):
    killed, last = kills(tmp_path, "settle")
    assert len(killed) > 20
    for one in [*killed, last]:
        recipients, text = one["found"]["ann@a"]
        assert text == LETTER.decode()
        assert "later@b" in recipients, f"step {one['step']} lost somebody"
        bounce = one["found"].get("", [[], ""])
        assert "never@b" in recipients or (bounce[0] == ["ann@a"] and "550 5.1.1 never" in bounce[1]), one["step"]
    assert last["found"]["ann@a"][0] == ["later@b"]
