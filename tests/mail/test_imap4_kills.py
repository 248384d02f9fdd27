"""A mailbox of IMAP after kill -9, at every step of APPEND, STORE, EXPUNGE, COPY and MOVE: the next look mends it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no IMAP mailbox on a disk", allow_module_level=True)

from tests.mail.killing_imap import KEPT, NEW, OLD

ROOT = Path(__file__).parents[2]
TEXTS = {str(number): (OLD % number).decode() for number in range(1, 5)}


def kills(folder, what):
    """What each kill has left, and what was there in the end."""
    command = [sys.executable, "-m", "tests.mail.killing_imap", str(folder), what]
    output = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120, cwd=ROOT).stdout
    *killed, whole = map(json.loads, output.splitlines())
    assert all(one["killed"] and not one["told"] for one in killed) and whole["told"]
    assert len(killed) > 5 and all(one["validity"] for one in [*killed, whole])
    return killed, whole


def texts(found):
    return sorted(text for _, text in found.values())


def test_an_APPEND_killed_at_any_step_leaves_a_whole_message_or_none(tmp_path):
    killed, whole = kills(tmp_path, "append")
    assert whole["inbox"]["5"] == [[r"\Seen"], NEW.decode()]
    for one in killed:
        new = one["inbox"].pop("5", None)
        assert {uid: flags for uid, (flags, _) in one["inbox"].items()} == KEPT, one["step"]
        assert new in (None, [[r"\Seen"], NEW.decode()]), one["step"]
        assert one["next"] == (5 if new is None else 6)


def test_a_STORE_killed_at_any_step_leaves_each_message_with_its_UID_and_its_old_flags(tmp_path):
    killed, whole = kills(tmp_path, "store")
    done = {uid: sorted({*flags, r"\Flagged", "urgent"}) if uid != "4" else flags for uid, flags in KEPT.items()}
    assert {uid: flags for uid, (flags, _) in whole["inbox"].items()} == done
    for one in killed:
        assert {uid: text for uid, (_, text) in one["inbox"].items()} == TEXTS, one["step"]
        for uid, (flags, _) in one["inbox"].items():
            assert {*KEPT[uid]} <= {*flags} <= {*done[uid]}, one["step"]


def test_an_EXPUNGE_killed_at_any_step_removes_nothing_that_was_not_deleted(tmp_path):
    killed, whole = kills(tmp_path, "expunge")
    assert [*whole["inbox"]] == ["2", "4"]
    for one in killed:
        assert {"2", "4"} <= {*one["inbox"]} <= {*TEXTS}, one["step"]
        assert all(text == TEXTS[uid] for uid, (_, text) in one["inbox"].items())


def test_a_COPY_killed_at_any_step_takes_nothing_away(tmp_path):
    killed, whole = kills(tmp_path, "copy")
    assert texts(whole["there"]) == [TEXTS["1"], TEXTS["2"], TEXTS["3"]]
    for one in killed:
        assert {uid: flags for uid, (flags, _) in one["inbox"].items()} == KEPT, one["step"]
        assert {*texts(one["there"])} <= {*TEXTS.values()}


def test_of_a_MOVE_killed_at_any_step_each_message_is_here_or_there_and_never_both(tmp_path):
    killed, whole = kills(tmp_path, "move")
    assert [*whole["inbox"]] == ["4"] and whole["there"]["1"] == [["work"], TEXTS["1"]]
    for one in killed:
        assert sorted(texts(one["inbox"]) + texts(one["there"])) == sorted(TEXTS.values()), one["step"]
        assert all(text == TEXTS[uid] for uid, (_, text) in one["inbox"].items()), one["step"]
