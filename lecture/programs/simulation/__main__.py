"""Replays sessions in the simulated world, each in a world of its own. Runs in a process of its own:

    python -m lecture.programs.simulation [--timelines] SESSION…

A session is named by the path of its file, and answered with one line of JSON: what its commands printed and how they
ended, or why it could not be replayed; with --timelines also each step on the way, and each step of the same session in
the other worlds that stand beside it.
"""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from lecture.errors import LectureError
from lecture.programs.beside import Beside, besides
from lecture.programs.session import SessionFile, read_session
from lecture.programs.simulation.playing import faults
from lecture.programs.simulation.stage import recorded, replay
from reactor.trace.abridging import abridged

if TYPE_CHECKING:
    from reactor.trace import Recorder

MOST_STEPS = 1200  # of a timeline; it lies beside a slide, and a person looks at it


def main() -> None:
    """Replay the sessions on the command line."""
    out = sys.stdout
    with_timelines = sys.argv[1:2] == ["--timelines"]
    for path in map(Path, sys.argv[2:] if with_timelines else sys.argv[1:]):
        try:
            session = read_session(path)
            recorders: list[Recorder] = []
            outcome = asdict(replay(session, recorded(recorders) if with_timelines else nullcontext))
            answer = outcome | {"modules": [str(module) for module in outcome["modules"]]}
            if with_timelines:
                for one in besides(session):
                    _replay_beside(session, one, recorders)
                answer["timelines"] = [abridged(one.timeline(), MOST_STEPS).to_json() for one in recorders]
        except LectureError as error:
            answer = {"error": error.message, "line": error.where.line if error.where else 1}
        print(json.dumps({"session": str(path)} | answer), file=out, flush=True)


def _replay_beside(session: SessionFile, beside: Beside, recorders: list[Recorder]) -> None:
    try:
        replay(session, recorded(recorders), beside.seed, **faults(beside.sliders))
    except LectureError as error:
        raise LectureError(f"beside it, {beside.words!r}: {error.message}", where=beside.where) from error


if __name__ == "__main__":
    main()
