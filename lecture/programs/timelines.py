"""What an example did, step by step: the timeline of its session in the simulated world.

The cache remembers it as it does other runs, in a file beside the entry of the run.

What programs print stands in it as their session has it: an ellipsis for what the session leaves open, as on slides.
Otherwise the times and addresses that they print would make two builds differ.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from lecture.errors import LectureError, Where
from lecture.programs.cache import Cache, write_atomically
from lecture.programs.compare import Outcome, Result, line_fits
from lecture.programs.session import SessionFile, is_open, literal, pieces, read_session, shown
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
    timeline = Timeline.from_json(answer["timeline"])
    _elide(timeline, [line for command in session.commands for line in command.expected])
    return outcome, timeline


def _elide(timeline: Timeline, expected: Sequence[str]) -> None:
    """Leave out of what was printed what the expected lines leave open, and count it anew."""
    known = {literal(line) for line in expected if not is_open(line)}
    printed: Counter[int] = Counter()
    for step in timeline.steps:
        if step["kind"] == "output":
            is_cut = step["size"] > len(step["data"])
            lines = step["data"].split("\n")
            step["data"] = "\n".join(
                _shown(line, expected, known, is_cut and number == len(lines)) for number, line in enumerate(lines, 1)
            )
            step["size"] = len(step["data"]) + is_cut
            printed[step["program"]] += step["size"]
        for name in step.get("set", ()):
            program, _, what = name.partition(".")
            if what == "printed":
                step["set"][name] = printed[int(program[1:])]


def _shown(line: str, expected: Sequence[str], known: set[str], is_cut: bool) -> str:
    """A printed line as readers see it. is_cut: it went on, and the timeline doesn't have the rest."""
    said = literal(line.rstrip())
    patterns = list(filter(is_open, expected))
    if not line or not patterns or said in known or (is_cut and any(other.startswith(said) for other in known)):
        return line
    for pattern in patterns:
        if line_fits(pattern, line.rstrip()) or (is_cut and line.startswith(pieces(pattern)[0])):
            return shown(pattern)
    return "…"  # it was printed as a session leaves it open, and a trace has no addresses of objects
