"""A worker's order to build: the site, or what is wrong with it, and which files it depends on."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from lecture.decks.load import deck_folder, load_deck
from lecture.errors import Failed, LectureError
from lecture.outputs.build import build_site, shown_on
from lecture.programs import Examples
from lecture.programs.against_simulation import also_in_simulation
from lecture.programs.checks import Check, check_sessions
from lecture.programs.examples import find_folder
from lecture.programs.progress import Progress
from lecture.serve.what_is_read import FilesRead
from lecture.serve.worker import Tell


def build(order: dict[str, Any], tell: Tell) -> None:
    """Build, and tell of it.

    order: deck; output, the folder of the site; examples, cache: folders, or None for the usual ones.
    The answer: `errors`, none when the site was written; `files` that were read. If there is a site: `seconds` that it
        took; how many `slides`; `folder` of the examples; `shown`, the examples whose sessions stand on a slide.
    """
    output, cache = Path(order["output"]), order["cache"] and Path(order["cache"])
    read = FilesRead([output.parent, cache or Path(".cache")])
    answer: dict[str, Any] = {}
    errors: list[LectureError] = []
    progress = Progress()
    try:
        _build(order, output, cache, progress, answer)
    except Failed as failed:
        errors = failed.errors
    except LectureError as problem:
        errors = [problem]
    for error in errors:
        progress.error(error)
    tell({**answer, "errors": list(map(_as_json, errors)), "files": read.paths()})


def _build(order: dict[str, Any], output: Path, cache: Path | None, progress: Progress, answer: dict[str, Any]) -> None:
    began = time.monotonic()
    lecture = load_deck(order["deck"])
    examples = Examples(Path(order["examples"] or find_folder(deck_folder(lecture))), cache)
    answer["folder"] = str(examples.root.resolve())
    answer["shown"] = sorted({example for example, _, _ in shown_on(lecture)[1]})

    def done(check: Check) -> None:
        if check.verdict not in ("cached", "not run"):
            progress.session(check)

    try:
        checks = also_in_simulation(examples, check_sessions(examples, os.cpu_count() or 1, progress.begin, done))
    finally:
        progress.end()
    # Whether slides fit is for `lecture build` to measure: in a browser that takes longer than all the rest.
    build_site(lecture, examples, checks, output, measure=False)
    answer["slides"] = len(lecture.slides)
    answer["seconds"] = time.monotonic() - began


def _as_json(error: LectureError) -> dict[str, Any]:
    where = error.where
    return {
        "message": error.message,
        "file": str(where.file) if where else "",
        "line": where.line if where else 0,
        "slide": error.slide or "",
        "diff": error.diff or "",
    }
