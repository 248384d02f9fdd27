""".ci/run, with a make that only writes down what it was asked for."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "run"
BESIDE = ["make lint", "make site-check", "make mutants-sample", "make docs"]  # these go on while others run
STEPS = [
    *("make setup", "make loops", "make play", "make slides"),
    *("lecture check", "lecture exercises check", "lecture notebooks --check", "make twisted"),
    *("lecture check --against simulation", "make oracle"),
    *("make test", "make simulate SEEDS=0 NEW=300"),  # when those have ended
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


def diary(clone: Path) -> tuple[list[str], list[str]]:
    """Which steps have run, in order; and which beside them."""
    lines = (clone / "diary").read_text().splitlines()
    return [line for line in lines if line not in BESIDE], [line for line in lines if line in BESIDE]


def assert_it_says(result: subprocess.CompletedProcess[str], broken: str) -> None:
    assert result.returncode == 2
    last = result.stdout.splitlines()[-1]
    assert last.startswith(f"FAILED: {broken}")
    assert last.endswith("(exit status 2)")


def test_all_steps_run_in_order_with_ci_set(clone):
    result = run(clone)
    assert result.returncode == 0, result.stdout + result.stderr
    assert diary(clone) == (STEPS, BESIDE)
    assert result.stdout.endswith("\nAll is well.\n")


@pytest.mark.parametrize("broken", STEPS)
def test_the_first_step_that_fails_ends_the_run_and_is_named(clone, broken):
    assert_it_says(run(clone, breaks=broken), broken)
    steps, beside = diary(clone)
    assert steps == STEPS[: STEPS.index(broken) + 1]
    assert beside == BESIDE[: len(beside)]


@pytest.mark.parametrize("broken", BESIDE)
def test_a_step_that_fails_beside_others_ends_the_run_before_the_tests(clone, broken):
    assert_it_says(run(clone, breaks=broken), broken)
    assert diary(clone) == (STEPS[: STEPS.index("make test")], BESIDE[: BESIDE.index(broken) + 1])


def test_without_make_it_says_what_to_install(clone):
    os.remove(clone / "bin" / "make")
    result = run(clone)
    assert result.returncode == 1
    assert "make is missing" in result.stdout
    assert "sudo apt install make" in result.stdout
