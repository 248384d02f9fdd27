"""A topic as cells: its slides, their programs in simulated worlds, and the exercises that practise it.

Where the notebook of a part saves programs and types commands into a terminal, that of a topic has all of a session in
one cell that begins with `%%world`: it needs no port, takes no time, and can be gone through with `%step`. A session
that a world can't have, since it needs the machine, stays in the notebook of its part.
"""

from __future__ import annotations

import re
from collections.abc import Container

from lecture.elements.listings import Code
from lecture.errors import LectureError, Where
from lecture.outputs.notebooks.cells import LIVE, Cells, slug
from lecture.outputs.notebooks.prose import fenced, plain
from lecture.programs import Examples
from lecture.programs.files import example_files
from lecture.programs.layout import SESSION_FILE
from lecture.programs.session import SessionFile, read_session
from lecture.slides import Topic

INTRODUCTION = """\
# {title}

A cell that begins with `%%world` runs its programs in a simulated world: with hosts, a network and a clock of their
own, so that half a minute is over at once, and every run is the same. Change a program, or the world, as in
`%%world seed=7 latency_s=0.05`, and run the cell. `%step` in a cell of its own goes through the run one event at a
time, `%step w` asks why. `%%original` above the text of a cell brings back what it was.

The next cell teaches this notebook these words. If it finds no `lecture`, type
`pip install --editable ".[notebooks]"` into a terminal first, in a clone of the repository.
"""
EXERCISES = (
    "## Exercises\n\nEach cell shows a task, and puts its program into a cell below, to be mended and run there."
)
_START = re.compile(r"python [\w.-]+\.py( [^&|<>$*?~`]*)?")
_FENCE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class TopicCells(Cells):
    """Makes the cells of a topic. not_simulated: examples that no world can have."""

    def __init__(self, examples: Examples, not_simulated: Container[str]) -> None:
        super().__init__(examples)
        self._not_simulated = not_simulated

    def add_topic(self, topic: Topic) -> None:
        """Add all its cells. Raises LectureError when something can't be shown."""
        self.introduce(topic.title, INTRODUCTION)
        if topic.live:
            self._live(topic)
        for slide in topic.slides:
            self.add(slide)
        if topic.exercises:
            self._text("exercises", EXERCISES)
        for number in topic.exercises:
            self._code(f"exercise-{number}", f"%exercise {number}")

    def _live(self, topic: Topic) -> None:
        assert topic.live is not None
        try:
            text = topic.live.read_text(encoding="utf-8")
        except OSError as error:
            where = Where(topic.live, 1)
            raise LectureError(
                f"the text of topic {topic.name!r} can't be read: {error.strerror}", where=where
            ) from None
        for number, part in enumerate(_FENCE.split(text)):  # words and blocks take turns
            if number % 2:
                self._code(f"{topic.name}-{number}", part.strip(), [LIVE])
            else:
                self._text(f"{topic.name}-{number}", part)

    def _excerpt(self, code: Code, title: str) -> None:
        """The piece alone: the whole file is in the cell of its session."""
        if code.file.endswith(SESSION_FILE):
            return
        excerpt = self.examples.excerpt(code.file, code.name)
        piece = f"`{code.name}` in `{code.file}`" if code.name else f"`{code.file}`"
        name = slug(f"{code.file} {code.name or ''}")
        self._text(f"{name}-shown", f"The slide shows {piece}:\n\n{fenced(excerpt.text, excerpt.language)}")

    def _session(self, example: str, title: str) -> None:
        session = read_session(self.examples.session_path(example))
        if example in self._not_simulated or not _fits_a_world(session):
            words = (
                f"The session of `{example}` needs a machine: it is in the notebook of its part, at “{plain(title)}”."
            )
            self._text(f"session-{slug(example)}", words)
            return
        programs = [
            f"# {name}\n{path.read_text(encoding='utf-8').rstrip()}"
            for name, path in example_files(session.path).items()
            if path != session.path
        ]
        commands = [f"$ {command.text}" for command in session.commands]
        self._code(slug(f"world {example}"), "\n".join([f"%%world {example}", *programs, *commands]))


def _fits_a_world(session: SessionFile) -> bool:
    files = [name for name, path in example_files(session.path).items() if path != session.path]
    started = all(_START.fullmatch(command.text.removesuffix(" &")) for command in session.commands)
    return started and not session.needs and all(name.endswith(".py") and "/" not in name for name in files)
