"""What the playground of the page asks Python for: a run, its verdict, its proof. JSON goes in, and JSON comes out.

The page's sliders speak of what a reader knows: milliseconds, and per cent. `faults` alone says what that means for
the simulated network, so that a mission which a test has won is won by the same sliders in the page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from lecture.errors import LectureError
from lecture.programs.compare import Result, command_fits
from lecture.programs.session import STILL_WAITING, parse_session
from lecture.programs.simulation.running import Run, run_files
from reactor.sim import SimulationError
from reactor.trace import Probe

# What each slider goes up to.
MOST = {"latency": 2000, "loss": 30, "cuts": 100, "reset": 5000, "duplication": 100, "reordering": 100}
JITTER_S = 0.02  # pieces that arrive in one instant are one read again, and nobody overtakes anybody in no time


def faults(sliders: Mapping[str, float]) -> dict[str, Any]:
    """The arguments `link` and `reset_s` of `run_files` for these sliders; one that isn't named is at 0.

    latency: milliseconds for each packet. loss: per cent of the packets. cuts: per cent of the segments that are cut in
    two, whose parts don't arrive together. reset: all connections are reset after so many milliseconds; 0 is never.
    duplication, reordering: per cent of the datagrams that arrive twice, and that later ones may overtake.
    Raises LectureError for another slider, or a value that it can't have.
    """
    for name, value in sliders.items():
        if name not in MOST:
            raise LectureError(f"there is no slider {name!r}: there are {', '.join(MOST)}")
        if not 0 <= value <= MOST[name]:
            raise LectureError(f"the slider {name!r} can't be at {value}: it goes from 0 to {MOST[name]}")
    latency, loss, cuts, reset, duplication, reordering = (float(sliders.get(name, 0)) for name in MOST)
    link = {"latency_s": latency / 1000, "loss": loss / 100, "shred": cuts / 100}
    link |= {"duplication": duplication / 100, "reordering": reordering / 100}
    if cuts or reordering:
        link["jitter_s"] = JITTER_S
    return {"link": link, "reset_s": reset / 1000 if reset else None}


def holds(run: Run, session: str) -> bool:
    """Whether a run did what a session says, to its end."""
    commands = parse_session(session, Path("session.txt")).commands
    results = [Result(output, STILL_WAITING if status is None else status) for output, status in _ends(run)]
    return not run.problem and len(results) == len(commands) and all(map(command_fits, commands, results))


def _ends(run: Run) -> zip[tuple[str, int | None]]:
    return zip(run.output, run.exits, strict=True)


def play(request: str, printed: Callable[[int, str], object]) -> str:
    """Answer a request of the page. printed: as `run_files` has it.

    The request has `files`, `session` (the plan; outputs in it are what is expected), `seed`, `sliders` and, to ask a
    run, `probe`: file, line, expression. The answer has `output`, `exits`, `problem`, `holds`, `timeline` with its
    `hash`, and `values`, which `probe` has; or else `error`, if the request makes no sense.
    """
    asked = json.loads(request)
    try:
        probe = Probe(**asked["probe"]) if asked.get("probe") else None
        settings = faults(asked.get("sliders", {}))
        if not isinstance(asked["seed"], int):
            raise LectureError(f"the seed is {asked['seed']!r}, which is no number")
        run = run_files(asked["files"], asked["session"], asked["seed"], probe=probe, printed=printed, **settings)
    except SyntaxError as problem:
        return json.dumps({"error": f"{asked['probe']['expression']!r} is no expression: {problem.msg}"})
    except (LectureError, SimulationError) as problem:
        return json.dumps({"error": problem.message if isinstance(problem, LectureError) else str(problem)})
    timeline = run.timeline.to_json()
    answer = {
        "output": run.output,
        "exits": run.exits,
        "problem": run.problem,
        "holds": holds(run, asked["session"]),
        "hash": sha256(timeline.encode()).hexdigest(),
        "values": probe.values if probe else [],
    }
    return f'{json.dumps(answer)[:-1]}, "timeline": {timeline}}}'
