"""Documents for tests of Lore, from what stands in their bodies."""

from pathlib import Path

from lecture.errors import Failed, LectureError
from lecture.lore.document import Document
from lecture.lore.lint import mistakes, read_all

START = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{title}</title></head>\n<body><h1>{title}</h1>\n'


def write(folder: Path, body: str, name: str = "soup.xhtml", title: str = "Soup") -> Path:
    """A document of this body, whose first line is the third."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{START.format(title=title)}{body}\n</body></html>", encoding="utf-8")
    return path


def read(folder: Path, body: str) -> Document:
    """The document of this body, which has no mistake."""
    [document] = read_all([write(folder, body)])
    return document


def said(path: Path) -> list[str]:
    """What lint says of a document: line, column and words of each mistake."""
    try:
        errors = mistakes(Document.of(path), {})
    except LectureError as error:
        errors = [error]
    return [str(error).removeprefix(f"{path}:") for error in errors]


def failures(function, *args) -> list[str]:
    """The messages with which a call fails."""
    try:
        function(*args)
    except Failed as failed:
        return [str(error) for error in failed.errors]
    return []
