"""Slides as cells of a notebook: the slide, what is told about it, the programs, their sessions, and a question.

What the speaker says is told to the reader, cues to the speaker are not; a question has its answer folded below it.

A program is one cell with the whole file, at the first slide that shows some of it or whose session needs it; a
slide that shows it again quotes the piece and says where the cell is. A session is a cell with the commands, so that a
student sees what is typed, and can type something else.

The name (`id`) of a cell is made from what it holds, so that the same deck gives the same notebook.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from lecture.elements.element import Bullet, Element
from lecture.elements.listings import Code, Session
from lecture.elements.markup import Notes
from lecture.elements.questions import Ask
from lecture.elements.wrong import Wrong
from lecture.errors import LectureError
from lecture.outputs.notebooks.prose import authored, fenced, folded, heading, plain, prose
from lecture.outputs.notebooks.wrong import wrong
from lecture.programs import Examples
from lecture.programs.excerpt import LANGUAGES
from lecture.programs.files import example_files
from lecture.programs.layout import SESSION_FILE
from lecture.programs.session import read_session

LOAD = "%reload_ext lecture.notebook"
LIVE = "live"  # tag of a cell that runs in the notebook itself, and may display what it likes
OF_THIS_BUILD = "of-this-build"  # tag of a cell whose content may be different in every build

INTRODUCTION = """\
# {title}

The programs in this notebook are yours to change. A cell that begins with `%%program` saves a program into a folder of
your own; a cell that begins with `%%session` types commands into a terminal there, and shows below it what the programs
printed. They are real processes, and talk over this machine's own network. What you see now is what came when the
notebook was made; if your programs do something else, the cell says what. `%%original` above the text of a cell brings
back what it was.

The next cell teaches this notebook these words. If it finds no `lecture`, type
`pip install --editable ".[notebooks]"` into a terminal first, in a clone of the repository.
"""


class Cells:
    """Makes the cells of one notebook; every program that it has shown is known by its file."""

    def __init__(self, examples: Examples) -> None:
        self.examples = examples
        self.cells: list[dict[str, Any]] = []
        self._shown: dict[str, str] = {}  # file of a program: title of the slide where its cell is
        self._ids: set[str] = set()

    def introduce(self, title: str, words: str = INTRODUCTION) -> None:
        """Add the first two cells: what the notebook is, and the extension that it loads."""
        self._text("introduction", words.format(title=plain(title)))
        self._code("load", LOAD)

    def add(self, slide: Any) -> None:
        """Add the cells of a slide. Raises LectureError, which names the slide, when something on it can't be shown."""
        name = slug(slide.title)
        try:
            tags = [OF_THIS_BUILD] if getattr(slide, "of_this_build", False) else []
            self._text(name, f"{heading(slide.title)}\n\n{prose(slide)}", tags)
            parts = list(Bullet(slide).walk())
            told = [part for part in parts if isinstance(part, Notes) and part.for_readers]
            self._text(f"{name}-told", "\n\n".join(map(authored, told)))
            for part in parts:
                self._exhibit(part, slide.title)
            for part in parts:
                if isinstance(part, Ask):
                    self._text(f"{name}-question", folded(part), ["question"])
        except LectureError as problem:
            problem.slide = problem.slide or slide.title
            raise

    def _exhibit(self, part: Element, title: str) -> None:
        try:
            if isinstance(part, Code):
                self._excerpt(part, title)
            elif isinstance(part, Session):
                self._session(part.example, title)
            elif isinstance(part, Wrong):
                self._text(f"wrong-{slug(part.example)}-{slug(part.name)}", wrong(part, self.examples), ["wrong"])
        except LectureError as problem:
            problem.where = problem.where or part.where
            raise

    def _excerpt(self, code: Code, title: str) -> None:
        excerpt = self.examples.excerpt(code.file, code.name)
        piece = f"`{code.name}` in `{code.file}`" if code.name else f"`{code.file}`"
        where = self._shown.get(code.file)
        name = slug(f"{code.file} {code.name or ''}")
        if where is None and not code.file.endswith(SESSION_FILE):
            self._text(f"{name}-shown", f"The slide shows {piece}:")
            self._program(code.file, title)
            return
        place = f", whose cell is {_above(where, title)}" if where else ""
        quoted = f":\n\n{fenced(excerpt.text, excerpt.language)}" if code.name or not where else "."
        self._text(f"{name}-again", f"The slide shows {piece}{place}{quoted}")

    def _program(self, file: str, title: str) -> None:
        self._shown[file] = title
        text = "\n".join(self.examples.program(file).lines)
        self._code(slug(file), f"%%program {file}\n{text}")

    def _session(self, example: str, title: str) -> None:
        session = read_session(self.examples.session_path(example))
        for path in example_files(session.path).values():
            file = path.relative_to(self.examples.root).as_posix()
            if path.suffix in LANGUAGES and path != session.path and file not in self._shown:
                self._text(f"{slug(file)}-needed", f"The session below needs `{file}` too:")
                self._program(file, title)
        elsewhere = [line for line, _ in session.beside]  # a notebook shows one run
        remarks = [line for at, line in enumerate(session.preamble, 1) if line and at not in elsewhere]
        commands = [f"$ {command.text}" for command in session.commands]
        self._code(slug(f"session {example}"), "\n".join([f"%%session {example}", *remarks, *commands]))

    def _text(self, name: str, source: str, tags: Iterable[str] = ()) -> None:
        if source.strip():
            self._cell("markdown", name, source.strip(), metadata={"tags": list(tags)} if tags else {})

    def _code(self, name: str, source: str, tags: Iterable[str] = ()) -> None:
        metadata = {"tags": list(tags)} if tags else {}
        self._cell("code", name, source, metadata=metadata, execution_count=None, outputs=[])

    def _cell(self, kind: str, name: str, source: str, **fields: Any) -> None:
        self.cells.append({"cell_type": kind, "id": self._id(name), "source": source, **fields})

    def _id(self, name: str) -> str:
        name = name[:60].strip("-")
        for known in _numbered(name):
            if known not in self._ids:
                self._ids.add(known)
                return known
        raise AssertionError("there are enough numbers")


def _above(where: str, title: str) -> str:
    return "just above" if where == title else f"above, at “{plain(where)}”"


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}-{number}" for number in range(2, 1000))


def slug(text: str) -> str:
    """The text as a name that may stand in addresses and ids: ASCII letters, digits and dashes."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-") or "x"
