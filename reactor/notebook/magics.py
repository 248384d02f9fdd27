"""The words that IPython learns: `%%world`, `%step`, and where to get those that this package hasn't."""

from __future__ import annotations

import base64
import html
import shutil
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, ClassVar

from IPython.core.display_functions import publish_display_data
from IPython.core.error import UsageError
from IPython.core.magic import Magics, cell_magic, line_cell_magic, line_magic, magics_class, no_var_expand

from reactor.notebook.world import BadCell, Run, read_cell, run_cell
from reactor.sim import Link, SimulationError
from reactor.trace import Timeline
from reactor.trace.sequence import sequence_of
from reactor.trace.stepping import KINDS, Stepper
from reactor.trace.svg import draw

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

NEEDS_LECTURE = (
    "exercises and their grader are in the package `lecture`, which isn't installed here: "
    "pip install tutorial-of-doom, then load the extension again"
)


# HTML that shows a run to go through, from that of its picture: `show(picture, timeline, texts by name, title, at)`.
# at: how many steps have been made when it opens; None for the first line that runs.
ShowRun = Callable[[str, Timeline, Mapping[str, str], str, int | None], str]


@magics_class
class ReactorMagics(Magics):
    """Words about runs of the reactor.

    show_run: of a package that has a stepper for pages, which sets this; None without.
    """

    show_run: ClassVar[ShowRun | None] = None
    _stepper: Stepper | None = None  # of the last run

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self._folder = Path(mkdtemp(prefix="world-"))  # of the programs; `%step` shows their lines
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)

    @no_var_expand
    @cell_magic
    def world(self, line: str, cell: str) -> None:
        """Run this cell's programs in a simulated world: `%%world echo seed=7 latency_s=0.05 loss=0.1`.

        `# server.py` on a line of its own begins a program; `$ python server.py &` on a line starts one. Without such
        lines, each program is started in turn. A first word may name the run. `seed` chooses the dice; the other words
        are fields of `reactor.sim.Link`. Below the cell stands what the programs printed, and who sent what to whom;
        `%step` goes through it.
        """
        try:
            name, options = _options(line)
            seed = int(options.pop("seed", 0))
            programs = read_cell(cell)
            folder = Path(mkdtemp(dir=self._folder))
            run = run_cell(programs, folder, seed, options)
        except (BadCell, SimulationError) as problem:
            raise UsageError(str(problem)) from None
        except KeyboardInterrupt:
            raise UsageError("the world was stopped, and its programs with it") from None
        self._stepper = Stepper(run.timeline, folder)
        _tell(run)
        show_timeline(run.timeline, programs.programs, name or _title(run.timeline))

    @no_var_expand
    @line_magic
    def step(self, line: str) -> None:
        """Go on by one event in the run of the last `%%world`, or as the word says.

        %step        the next event             %step E       one back
        %step n, b   line of a program          %step t, T    turn of the loop
        %step p, P   packet                     %step o, O    output
        %step 41     the 41st step              %step l server.py:12   the next time that this line runs
        %step w      why?
        """
        if self._stepper is None:
            raise UsageError("there is no run to go through: run a cell that begins with %%world first")
        command = line.strip() or "e"
        if command == "w":
            print("\n".join(self._stepper.why()) or "that has no cause: somebody has begun it")
            return
        if command.isdecimal():
            command = f"g {command}"
        word = command.partition(" ")[0]
        if word.lower() not in (*KINDS, "b", "g", "l") or (word in "gl") != (" " in command):
            raise UsageError(f"{line.strip()!r} says nothing to %step: `%step?` lists what does")
        if not self._stepper.move(command):
            raise UsageError(
                f"there is no such step; this is {self._stepper.position} of {len(self._stepper.timeline.steps)}"
            )
        print("\n".join(self._stepper.shown()))

    @line_cell_magic
    def exercise(self, line: str, cell: str = "") -> None:
        """Show the task of an exercise. The package `lecture` brings the real one."""
        raise UsageError(NEEDS_LECTURE)

    @line_cell_magic
    def check(self, line: str, cell: str = "") -> None:
        """Grade a cell. The package `lecture` brings the real one."""
        raise UsageError(NEEDS_LECTURE)


def _options(line: str) -> tuple[str, dict[str, float]]:
    """The name beside `%%world`, and the options. Raises BadCell for one that isn't name=number."""
    options: dict[str, float] = {}
    words = line.split()
    has_name = bool(words) and "=" not in words[0] and words[0] not in ("seed", *Link.__dataclass_fields__)
    for word in words[has_name:]:
        name, _, value = word.partition("=")
        try:
            options[name] = int(value) if value.lstrip("-").isdigit() else float(value)
        except ValueError:
            raise BadCell(f"{word!r} can't be read: write a name and a number, as in seed=7 loss=0.1") from None
    return words[0] if has_name else "", options


def _tell(run: Run) -> None:
    print(run.transcript, end="", flush=True)
    if run.problem:
        print(f"It ended early: {run.problem}", flush=True)


def show_timeline(timeline: Timeline, files: Mapping[str, str], title: str, at: int | None = None) -> None:
    """Show a run below the cell: as words, as a picture, and in `ReactorMagics.show_run`.

    files: the texts of its programs, by name. at: see ShowRun.
    """
    sequence = sequence_of(timeline)
    words = "\n".join(sequence.told())
    picture = base64.b64encode(draw(sequence, title).encode()).decode("ascii")
    # A picture, and no SVG in the page: JupyterLab shows the one in notebooks that it doesn't trust yet, too.
    shown = f'<img alt="{html.escape(words)}" src="data:image/svg+xml;base64,{picture}">'
    if ReactorMagics.show_run is not None:
        shown = ReactorMagics.show_run(shown, timeline, files, title, at)
    publish_display_data({"text/plain": words, "text/html": shown})  # type: ignore[no-untyped-call]  # it has no types


def _title(timeline: Timeline) -> str:
    return " and ".join(str(program["name"]) for program in timeline.programs)
