"""Missions of the playground: a program that works, until the reader spoils the network; then it is to be mended.

    missions/one_chunk/
        fragile/client.py       in place of the example's own: what breaks
        mended/client.py        what doesn't
        session.txt             what must be printed; the example's own session without

A test wins each of them: with its seed and its sliders the fragile program fails, and the mended one holds; where the
network is good, both do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lecture.errors import LectureError
from lecture.programs import Examples
from lecture.programs.files import example_files
from lecture.programs.layout import SESSION_FILE

PATIENCE_S = 300  # of the simulated world's time


@dataclass(frozen=True)
class Mission:
    """What the reader is asked to do, and proof that it can be done.

    name: of its folder, and in links. title: for a list. task: in words. program: the example. seed, sliders: what
    breaks it, as `lecture.programs.simulation.playing` has them.
    """

    name: str
    title: str
    task: str
    program: str
    seed: int
    sliders: Mapping[str, float]

    def folder(self, examples: Examples) -> Path:
        """Where its files are: the missions lie beside the examples."""
        return examples.root.parent / "missions" / self.name

    def files(self, kind: str, examples: Examples) -> dict[str, str]:
        """The files of a kind, "fragile" or "mended", among those of the example. Raises LectureError for no such."""
        folder = self.folder(examples) / kind
        own = {path.name: path for path in sorted(folder.glob("*.py"))}
        if not own:
            raise LectureError(f"the mission {self.name} has no program in {folder}")
        found = example_files(examples.session_path(self.program)) | own
        return {name: path.read_text("utf-8") for name, path in found.items()}

    def session(self, examples: Examples) -> str:
        """What must be printed, for which there are PATIENCE_S: a bad network is slow, and that is no fault."""
        own = self.folder(examples) / SESSION_FILE
        text = (own if own.is_file() else examples.session_path(self.program)).read_text("utf-8")
        return f"# deadline: {PATIENCE_S}\n{text}"
