"""What an example did, step by step: the timeline of its session in the simulated world.

The cache remembers it as it does other runs, in a file beside the entry of the run.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from lecture.errors import LectureError, Where
from lecture.programs.cache import Cache, write_atomically
from lecture.programs.compare import Outcome, Result
from lecture.programs.session import SessionFile, read_session
from reactor.trace import BadTimeline, Timeline


def timeline_of(path: Path, cache: Cache) -> Timeline:
    """The timeline of a session. path: of its session.txt. Raises LectureError when it can't be simulated."""
    session = read_session(path)
    file = cache.file_of(session).with_suffix(".timeline")
    key = cache.key(session)
    if cache.load(session, key) is not None:
        try:
            return Timeline.read(file)
        except (OSError, BadTimeline):
            pass  # the file is gone or damaged: it is made anew
    started_ns = time.time_ns()
    outcome, timeline = _recorded(session)
    try:
        write_atomically(file, timeline.to_json().encode())
    except OSError:
        pass  # a cache that can't be written makes the build slow, and doesn't break it
    cache.store(session, key, outcome, started_ns)
    return timeline


def _recorded(session: SessionFile) -> tuple[Outcome, Timeline]:
    """Replay a session in a process of its own."""
    import subprocess  # an unchanged build has no use for it

    command = [sys.executable, "-m", "lecture.programs.simulation", "--timelines", str(session.path)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=session.deadline_s, check=False)
    except subprocess.TimeoutExpired:
        said = f"the replay in the simulated world was busy for {session.deadline_s:g} s, and was stopped"
        raise LectureError(said, where=Where(session.path, 1)) from None
    if done.returncode != 0 or not done.stdout:
        said = f"the session ended the replay in the simulated world: {done.stderr.strip()}"
        raise LectureError(said, where=Where(session.path, 1))
    answer = json.loads(done.stdout)
    if "error" in answer:
        said = f"there is no sequence of it to show: in the simulated world, {answer['error']}"
        raise LectureError(said, where=Where(session.path, answer["line"]))
    results = tuple(Result(**result) for result in answer["results"])
    outcome = Outcome(results, tuple(map(Path, answer["modules"])), tuple(answer["own"]))
    return outcome, Timeline.from_json(answer["timeline"])
