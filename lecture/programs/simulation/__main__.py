"""Replays sessions in the simulated world, each in a world of its own. Runs in a process of its own:

    python -m lecture.programs.simulation [--timelines] SESSION…

A session is named by the path of its file, and answered with one line of JSON: what its commands printed and how they
ended, or why it could not be replayed; with --timelines also each step on the way.
"""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from lecture.errors import LectureError
from lecture.programs.session import read_session
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
            recorders: list[Recorder] = []
            outcome = asdict(replay(read_session(path), recorded(recorders) if with_timelines else nullcontext))
            answer = outcome | {"modules": [str(module) for module in outcome["modules"]]}
            if recorders:
                answer["timeline"] = abridged(recorders[-1].timeline(), MOST_STEPS).to_json()
        except LectureError as error:
            answer = {"error": error.message, "line": error.where.line if error.where else 1}
        print(json.dumps({"session": str(path)} | answer), file=out, flush=True)


if __name__ == "__main__":
    main()
