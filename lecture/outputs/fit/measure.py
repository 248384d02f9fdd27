"""What a browser says: one headless Chromium measures every step of every slide, and remembers nothing between builds.

Its answer for a deck is kept under a digest of all that it saw, so that an unchanged deck is not measured again.
"""

from __future__ import annotations

import contextlib
import hashlib
import html
import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lecture.errors import LectureError
from lecture.outputs import chromium
from lecture.programs.cache import write_atomically
from lecture.programs.temporary import temporary_folder

_SCRIPT = Path(__file__).with_name("measure.js")
_OF_THE_DECK = re.compile(
    r'<script src=[^>]*></script>|<link rel="stylesheet"[^>]*>|<meta http-equiv="Content-Sec[^>]*>'
)

# The script measures at once: nothing fades in, and stacks lie open.
_AT_ONCE = """
* { transition: none !important }
.reveal .slides .stack { display: block !important; position: static !important }
"""


@dataclass(frozen=True)
class Misfit:
    """Something that doesn't fit.

    id: of the slide's section. step: the first at which it shows, of so many steps.
    side: "bottom" or "right", the edge of the canvas that it goes over by `px` pixels; "drawing" for letters of only so
        many pixels; "sizes" for so many sizes of type on one slide.
    what: the listing, session or other thing that goes over.
    """

    id: str
    step: int
    steps: int
    side: str
    px: int
    what: str

    def __str__(self) -> str:
        step = f"at step {self.step} of {self.steps}, " if self.steps > 1 else ""
        if self.side == "drawing":
            return f"{step}letters in a drawing are {self.px} px high: draw less, or on a slide of its own"
        if self.side == "sizes":
            return f"{step}there are {self.px} sizes of type ({self.what}): a slide has three at most"
        edge = "lower edge" if self.side == "bottom" else "right edge"
        more = "show a part of it, or make two slides" if self.side == "bottom" else "break its longest lines"
        return f"{step}{self.what} is {self.px} px over the {edge} of the canvas: {more}"


def measured(deck: Path, cache: Path) -> list[Misfit] | None:
    """Everything that doesn't fit on a deck that was written; None where no browser is.

    deck: the path of deck.html, with its stylesheet and pictures beside it. cache: a folder for answers.
    Raises LectureError when the browser can't be run, or gives no answer in time.
    """
    program = chromium.browser()
    if program is None:
        return None
    remembered = cache / f"{_digest(deck, program)}.json"
    with contextlib.suppress(OSError, ValueError, TypeError):
        return [Misfit(**misfit) for misfit in json.loads(remembered.read_text())]
    misfits = _first_of_each([Misfit(**misfit) for misfit in _ask(program, deck)])
    with contextlib.suppress(OSError):
        write_atomically(remembered, json.dumps([asdict(misfit) for misfit in misfits]).encode())
    return misfits


def _digest(deck: Path, program: str) -> str:
    whole = hashlib.sha256(f"{program} {os.stat(program).st_mtime_ns}".encode())
    for path in (deck, deck.with_name("deck.css"), _SCRIPT):
        whole.update(path.read_bytes())
    return whole.hexdigest()[:32]


def _first_of_each(misfits: list[Misfit]) -> list[Misfit]:
    """Of what goes over at several steps of a slide, the step at which it does so most."""
    worst: dict[tuple[str, str, str], Misfit] = {}
    for misfit in misfits:
        place = (misfit.id, misfit.side, misfit.what)
        if place not in worst or misfit.px > worst[place].px:
            worst[place] = misfit
    return list(worst.values())


def _ask(program: str, deck: Path) -> list[dict[str, Any]]:
    """What the script finds. The browser's own files go into a folder that goes with it."""
    base = f'<base href="{deck.parent.resolve().as_uri()}/">'
    style = deck.with_name("deck.css").read_text(encoding="utf-8")
    page = _OF_THE_DECK.sub("", deck.read_text(encoding="utf-8"))
    page = page.replace("<head>", f"<head>{base}<style>{style}{_AT_ONCE}</style>", 1)
    page = page.replace("</body>", f"<script>{_SCRIPT.read_text()}</script></body>")
    with temporary_folder("fit") as folder:
        copy = folder / "deck.html"
        copy.write_text(page, encoding="utf-8")
        try:
            dumped = chromium.run(program, copy, "--window-size=1280,720", "--dump-dom")
        except LectureError as problem:
            raise LectureError(f"{problem.message}; build with --no-measure to go without") from problem
    answer = re.search(r"<html[^>]*>(\[.*\])</html>", dumped, re.DOTALL)
    if answer is None:
        raise LectureError(f"{program} gave no measure of the deck; build with --no-measure to go without")
    found: list[dict[str, Any]] = json.loads(html.unescape(answer[1]))
    return found
