""".ci/run, with a make that only writes down what it was asked for."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "run"
STEPS = [
    *("make setup", "make loops", "make pyodide", "make lint", "make site-check", "make slides", "make docs"),
    *("lecture check", "lecture exercises check", "lecture notebooks --check", "make twisted"),
    "lecture check --against simulation",
    *("make oracle", "make test"),
    "make simulate SEEDS=0 NEW=300",
]

# "make X" or "lecture X Y" as a diary entry; the step in $BREAKS fails. Says which CI it was told of.
FAKE = """#!/bin/sh
echo "${0##*/} $*" >>"$DIARY"
[ "$CI" = true ] || exit 3
[ "${0##*/} $*" != "$BREAKS" ] || { echo "it broke"; exit 2; }
"""


@pytest.fixture
def clone(tmp_path):
    """A clone with our .ci/run, and programs named make and lecture that are the fake."""
    for program in (tmp_path / "bin" / "make", tmp_path / ".venv" / "bin" / "lecture"):
        program.parent.mkdir(parents=True)
        program.write_text(FAKE)
        program.chmod(0o755)
    (tmp_path / ".ci").mkdir()
    shutil.copy(SCRIPT, tmp_path / ".ci" / "run")
    for name in ("bash", "dirname", "sh", "git"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name))
    return tmp_path


def run(clone: Path, breaks: str = "") -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(clone / "bin"), "DIARY": str(clone / "diary"), "BREAKS": breaks}
    return subprocess.run(["bash", ".ci/run"], cwd=clone, env=environment, capture_output=True, text=True, check=False)


def diary(clone: Path) -> list[str]:
    return (clone / "diary").read_text().splitlines()


def test_all_steps_run_in_order_with_ci_set(clone):
    result = run(clone)
    assert result.returncode == 0, result.stdout + result.stderr
    assert diary(clone) == STEPS
    assert result.stdout.endswith("\nAll is well.\n")


@pytest.mark.parametrize("broken", STEPS)
def test_the_first_step_that_fails_ends_the_run_and_is_named(clone, broken):
    result = run(clone, breaks=broken)
    assert result.returncode == 2
    assert diary(clone) == STEPS[: STEPS.index(broken) + 1]
    last = result.stdout.splitlines()[-1]
    assert last.startswith(f"FAILED: {broken}")
    assert last.endswith("(exit status 2)")


def test_without_make_it_says_what_to_install(clone):
    os.remove(clone / "bin" / "make")
    result = run(clone)
    assert result.returncode == 1
    assert "make is missing" in result.stdout
    assert "sudo apt install make" in result.stdout
