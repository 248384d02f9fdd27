"""What an example did, step by step: the timeline of its session in the simulated world.

The cache remembers it as it does other runs, in a file beside the entry of the run; and so it does with those in other
worlds that stand beside it (beside.py).

What programs print stands in it as their session has it: an ellipsis for what the session leaves open, as on slides.
Otherwise the times and addresses that they print would make two builds differ.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from lecture.errors import LectureError, Where
from lecture.programs.cache import Cache, write_atomically
from lecture.programs.compare import Outcome, Result, line_fits
from lecture.programs.session import SessionFile, is_open, literal, pieces, read_session, shown
from reactor.trace import BadTimeline, Timeline
from reactor.trace.abridging import only

_TLS_HANDSHAKE = "\x16\x03"  # how the first record of a TLS connection begins, RFC 8446 section 5.1

Timelines: TypeAlias = list[Timeline]  # of the session itself, and of those in other worlds, in their order
_Recorded: TypeAlias = tuple[Outcome, Timelines]


def timelines_of(paths: Iterable[Path], cache: Cache) -> dict[Path, Timelines | LectureError]:
    """The timelines of sessions, by their files; or why one can't be simulated. Those not remembered run together."""
    sessions = {path: read_session(path) for path in paths}
    keys = {path: cache.key(session) for path, session in sessions.items()}
    known: dict[Path, Timelines | LectureError] = {}
    for path, session in sessions.items():
        if (timelines := _remembered(session, keys[path], cache)) is not None:
            known[path] = timelines
    started_ns = time.time_ns()
    for session, answer in _recorded([session for path, session in sessions.items() if path not in known]):
        if isinstance(answer, LectureError):
            known[session.path] = answer
            continue
        outcome, known[session.path] = answer
        try:
            for place, timeline in enumerate(answer[1]):
                write_atomically(_file(session, place, cache), timeline.to_json().encode())
        except OSError:
            pass  # a cache that can't be written makes the build slow, and doesn't break it
        cache.store(session, keys[session.path], outcome, started_ns)
    return known


def _file(session: SessionFile, place: int, cache: Cache) -> Path:
    return cache.file_of(session).with_suffix(f".beside{place}.timeline" if place else ".timeline")


def _remembered(session: SessionFile, key: str, cache: Cache) -> Timelines | None:
    if cache.load(session, key) is None:
        return None
    try:
        return [Timeline.read(_file(session, place, cache)) for place in range(1 + len(session.beside))]
    except (OSError, BadTimeline):
        return None  # the file is gone or damaged: it is made anew


def _recorded(sessions: Sequence[SessionFile]) -> Iterator[tuple[SessionFile, _Recorded | LectureError]]:
    """Replay sessions in a process of their own."""
    if not sessions:
        return
    import subprocess  # an unchanged build has no use for it

    command = [sys.executable, "-m", "lecture.programs.simulation", "--timelines", *(str(one.path) for one in sessions)]
    patience_s = sum(session.deadline_s for session in sessions)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=patience_s, check=False)
        said, trouble = done.stdout, f"the session ended the replay in the simulated world: {done.stderr.strip()}"
    except subprocess.TimeoutExpired as slow:
        said = (slow.stdout or b"").decode()
        trouble = f"the replay in the simulated world was busy for {patience_s:g} s, and was stopped"
    answers = {answer["session"]: answer for answer in map(json.loads, said.splitlines())}
    for session in sessions:
        answer = answers.get(str(session.path))
        if answer is None:
            yield session, LectureError(trouble, where=Where(session.path, 1))
        elif "error" in answer:
            reason = f"there is no timeline of it to show: in the simulated world, {answer['error']}"
            yield session, LectureError(reason, where=Where(session.path, answer["line"]))
        else:
            yield session, _understood(session, answer)


def _understood(session: SessionFile, answer: dict[str, Any]) -> _Recorded:
    results = tuple(Result(**result) for result in answer["results"])
    timelines = [Timeline.from_json(text) for text in answer["timelines"]]
    for timeline in timelines:
        _elide(timeline, [line for command in session.commands for line in command.expected])
    outcome = Outcome(results, tuple(map(Path, answer["modules"])), tuple(answer["own"]))
    return outcome, [_without_encrypted(timeline) for timeline in timelines]


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


def _without_encrypted(timeline: Timeline) -> Timeline:
    """Leave out the packets of connections that TLS encrypts: their bytes, and how many, are others in each run."""
    packets = [step for step in timeline.steps if step["kind"].startswith("packet.")]
    begun = [timeline.things[step["thing"]] for step in packets if step.get("data", "").startswith(_TLS_HANDSHAKE)]
    if not begun:
        return timeline
    encrypted = {frozenset((thing["here"], thing["there"])) for thing in begun}
    things = {name for name, thing in timeline.things.items() if frozenset(_ends(thing)) in encrypted}
    for step in timeline.steps:
        for name in list(step.get("set", {})):
            thing, _, what = name.partition(".")
            if thing in things and what in ("kernel_in", "kernel_out", "arrives"):
                del step["set"][name]
    return only(timeline, lambda step: not (step["kind"].startswith("packet.") and step["thing"] in things))


def _ends(thing: Mapping[str, str]) -> tuple[str, str]:
    return thing.get("here", ""), thing.get("there", "")


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
