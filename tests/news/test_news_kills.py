"""A store of news after kill -9, at every step of taking an article: it is in all of its groups, or in none."""

import json
import subprocess
import sys
from pathlib import Path

from tests.news.killing import NEW, OLD

ROOT = Path(__file__).parents[2]
WITHOUT = {"places": {"doom.kitchen": [1], "doom.cellar": []}, "high": [0, 1], "new": False, "waiting": [OLD]}
WITH = {"places": {"doom.kitchen": [1, 2], "doom.cellar": [1]}, "high": [1, 2], "new": True, "waiting": [OLD, NEW]}


def test_an_article_is_in_all_of_its_groups_or_in_none_and_safe_when_the_server_says_so(tmp_path):
    command = [sys.executable, "-m", "tests.news.killing", str(tmp_path)]
    output = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120, cwd=ROOT).stdout
    *killed, whole = map(json.loads, output.splitlines())
    assert len(killed) > 12 and whole["told"] and {name: whole[name] for name in WITH} == WITH
    outcomes = [{name: one[name] for name in WITH} for one in killed]
    for one, outcome in zip(killed, outcomes, strict=True):
        assert one["killed"] and not one["told"] and one["old"]
        assert outcome in (WITHOUT, WITH), f"step {one['step']} left a part of an article"
    assert WITHOUT in outcomes and WITH in outcomes
