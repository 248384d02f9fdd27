"""A few of the many kills: servers of LDAP in processes of their own lose nothing, and a loss is found."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no such server", allow_module_level=True)

ROOT = Path(__file__).parents[2]
WRITES_IN_PLACE = """
from pathlib import Path
from reactor.ldap import tree
from tests.ldap import many_kills

tree.replace_file = Path.write_bytes
many_kills.main(200)
"""


def run(*words):
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, timeout=300, cwd=ROOT)


def test_servers_that_are_killed_lose_nothing():
    done = run("-m", "tests.ldap.many_kills", "8")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "kills, nothing lost; told before: " in done.stdout


def test_a_tree_that_is_written_in_its_place_is_found_out():
    done = run("-c", WRITES_IN_PLACE)
    assert done.returncode == 1 and done.stdout.startswith("seed 0, LDIFTree"), done.stdout + done.stderr
