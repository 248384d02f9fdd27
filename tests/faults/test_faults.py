"""A fixed number of seeds, as in CI, and tests of the suite itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reactor.trace import Recorder, Timeline
from tests.faults.__main__ import problems_of, replay
from tests.faults.plans import plan_for
from tests.faults.running import Run
from tests.faults.shrinking import shrunk

ROOT = Path(__file__).parents[2]
SEEDS = 320
PORTIONS = 8


@pytest.mark.parametrize("portion", range(PORTIONS))
def test_nothing_goes_wrong(portion):
    failed = {seed: found[0] for seed in range(portion, SEEDS, PORTIONS) if (found := problems_of(seed))}
    assert not failed, "replay with: python -m tests.faults --seed " + str(min(failed))


def run_here(seed):
    run = Run(plan_for(seed))
    run.go()
    return run.log


def run_elsewhere(seed, hash_seed):
    """The log of a run in another process."""
    program = f"import sys; from tests.faults.test_faults import run_here; sys.stdout.write(run_here({seed}))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def test_a_seed_is_always_the_same_run():
    for seed in range(20):
        assert run_here(seed) == run_here(seed), f"seed {seed}"


def test_a_seed_is_the_same_run_in_another_process():
    kinds = {talk.details.get("kind"): seed for seed in range(30) for talk in plan_for(seed).talks}
    for seed in sorted({kinds["tls"], kinds["starttls"], kinds["unix"]}):
        assert run_elsewhere(seed, "1") == run_elsewhere(seed, "2") == run_here(seed), f"seed {seed}"


def test_a_plan_that_fails_is_shrunk_to_what_the_failure_needs(monkeypatch):
    def fails_with_troubles_and_last_talk(run):
        return ["it fails"] if run.plan.troubles and run.plan.talks[-1] is not None else []

    monkeypatch.setattr(Run, "go", fails_with_troubles_and_last_talk)
    plan = next(plan for plan in map(plan_for, range(100)) if len(plan.talks) > 2 and len(plan.troubles) > 2)
    smaller = shrunk(plan)
    assert smaller.talks == (*[None] * (len(plan.talks) - 1), plan.talks[-1])
    assert len(smaller.troubles) == 1


def test_a_replay_leaves_a_trace_and_is_the_same_run(tmp_path):
    plan = plan_for(7)
    assert replay(plan, whole=False, trace=tmp_path / "7.json")
    timeline = Timeline.read(tmp_path / "7.json")
    assert len(timeline.steps) > 100 and timeline.left_out == 0
    assert {step["text"] for step in timeline.steps if step["kind"] == "program.ended"}
    quiet = Run(plan)
    quiet.go()
    watched = Run(plan)
    with Recorder(watched.world):
        watched.go()
    assert watched.log == quiet.log
