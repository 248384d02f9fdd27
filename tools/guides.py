"""The programs and sessions that the guides show, cut out of the files that run as tests.

    python tools/guides.py            names the pages with a block that differs from its file; status 1 if there are any
    python tools/guides.py --write    updates these blocks

A block of a guide has a marker on the line above its fence. What the marker names is looked up in the folder
docs/guides/programs/PAGE, where PAGE is the name of the guide:

    <!-- server.py -->                   the whole file
    <!-- server.py: Room.close -->       one function, method or class; or a region between `# [name]` and `# [/name]`
    <!-- session.txt -->                 all commands, with what they print
    <!-- session.txt: python client -->  the one command that is equal to this, else the one that begins with it

Only blocks of shell commands to type (`sh`) and of Sphinx's directives may have no marker: neither claims to be
a program, or the output of one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lecture.errors import LectureError, Where
from lecture.programs import Examples

GUIDES = Path(__file__).parents[1] / "docs" / "guides"
SESSIONS = ("session.txt", "terminal.txt")  # `lecture` can't run the second, which runs `lecture` itself

_BLOCK = re.compile(
    r"^(?:<!-- (?P<file>[\w./-]+)(?:: (?P<piece>.+?))? -->\n)?"
    r"(?P<fence>`{3,})(?P<language>[^\n`]*)\n(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
_WITHOUT_A_FILE = re.compile(r"sh|\{.*")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page. file, piece: what its marker names; None without one. line: the number of its first."""

    file: str | None
    piece: str | None
    language: str
    text: str
    line: int


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    for found in _BLOCK.finditer(page):
        line = page.count("\n", 0, found.start()) + 1
        yield Block(found["file"], found["piece"], found["language"].strip(), found["text"], line)


def needs_a_marker(block: Block) -> bool:
    """Whether the block needs a marker and has none."""
    return block.file is None and not _WITHOUT_A_FILE.fullmatch(block.language)


def programs_of(page: Path) -> Path:
    """The folder that a page's markers refer to."""
    return page.parent / "programs" / page.stem


def shown(folder: Path, file: str, piece: str | None) -> tuple[str, str]:
    """What a marker names: the language of the block, and its text. Raises LectureError if it doesn't exist."""
    if Path(file).name in SESSIONS:
        return "console", _typed_and_printed(folder / file, piece)
    excerpt = Examples(folder.parent).excerpt(f"{folder.name}/{file}", piece)
    return excerpt.language, excerpt.text


def _typed_and_printed(session: Path, begins: str | None) -> str:
    """The commands of a session; with `begins`, only the one that begins with it."""
    text = session.read_text(encoding="utf-8")
    entries = re.findall(r"^\$ (?:(?!^\$ ).)*", text, re.MULTILINE | re.DOTALL)
    if begins is None:
        return "".join(entries).rstrip() + "\n"
    found = [entry for entry in entries if entry.startswith(f"$ {begins}")]
    found = [entry for entry in found if entry.partition("\n")[0] == f"$ {begins}"] or found
    if len(found) != 1:
        raise LectureError(
            f"{len(found)} commands of the session begin with {begins!r}: name one", where=Where(session, 1)
        )
    return found[0].rstrip() + "\n"


def renewed(page: Path) -> str:
    """The text of a page with all its blocks as their files are now. Raises LectureError, with the block's line."""
    text = page.read_text(encoding="utf-8")

    def renew(found: re.Match[str]) -> str:
        if found["file"] is None:
            return found[0]
        try:
            language, cut = shown(programs_of(page), found["file"], found["piece"])
        except (LectureError, OSError) as problem:
            line = text.count("\n", 0, found.start()) + 1
            raise LectureError(f"the block shows nothing: {problem}", where=Where(page, line)) from problem
        marker = found[0].partition("\n")[0]
        fence = "`" * max(3, *(len(ticks) + 1 for ticks in re.findall(r"^`{3,}", cut, re.MULTILINE)), 0)
        return f"{marker}\n{fence}{language}\n{cut}{fence}"

    return _BLOCK.sub(renew, text)


def pages() -> list[Path]:
    """All guides."""
    return sorted(GUIDES.glob("*.md"))


def main(write: bool) -> int:
    """Compare all pages with their files, or update them. Returns the exit status."""
    stale = [(page, new) for page in pages() if (new := renewed(page)) != page.read_text(encoding="utf-8")]
    for page, new in stale:
        print(f"{page.name} {'renewed' if write else 'is out of date: run python tools/guides.py --write'}")
        if write:
            page.write_text(new, encoding="utf-8")
    return 1 if stale and not write else 0


if __name__ == "__main__":
    try:
        sys.exit(main(write="--write" in sys.argv[1:]))
    except LectureError as problem:
        sys.exit(str(problem))
