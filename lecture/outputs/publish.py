"""Files into a directory, so that a reader never meets half of one.

All of them are written into a hidden folder beside their places first and then moved, each move atomic. A full disk or
a lost permission therefore shows before the first page of the old site is replaced.

Stylesheets belong to their author. Ours carries a mark with a digest of the rest of the file: a copy that a user
edited no longer fits its mark, and is theirs from then on.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from lecture.errors import LectureError

# Bytes to write, or a file to copy.
Content: TypeAlias = bytes | Path

_RUNTIME = Path(__file__).parent / "runtime"  # what site/ makes
_MARK = "/* lecture's stylesheet %s: edit it as you like, an edited copy is never overwritten */\n"


def publish(files: Mapping[str, Content], directory: Path) -> None:
    """Put every file in its place below `directory`, making folders as needed.

    files: relative names with "/" between folders.
    Raises LectureError when the directory can't be written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".lecture-", dir=directory) as folder:
            _write(files, folder)
            _move(files, folder, str(directory))
    except OSError as error:
        raise LectureError(f"cannot write the pages into {directory}: {error}") from error


def _write(files: Mapping[str, Content], folder: str) -> None:
    made = {""}
    for name, content in files.items():
        parent = name.rpartition("/")[0]
        if parent not in made:
            os.makedirs(os.path.join(folder, parent), exist_ok=True)
            made.add(parent)
        if isinstance(content, bytes):
            with open(os.path.join(folder, name), "wb", buffering=0) as file:
                file.write(content)
        else:
            shutil.copyfile(content, os.path.join(folder, name))


def _move(files: Mapping[str, Content], folder: str, directory: str) -> None:
    for parent in {name.rpartition("/")[0] for name in files} - {""}:
        os.makedirs(os.path.join(directory, parent), exist_ok=True)
    for name in files:
        os.replace(f"{folder}/{name}", f"{directory}/{name}")


def own_file(name: str) -> bytes:
    """A file that comes with the library."""
    return (_RUNTIME / name).read_bytes()


def stylesheet(css: str | None, own: str, directory: Path, deck_folder: Path) -> tuple[str, bytes | None]:
    """The name of the stylesheet to link to, and what to write under it; None if it is there and not ours to touch.

    css: what the author asked for: a file in `directory`, or beside the deck, or just a name for ours.
    own: the name if the author asked for none.
    Raises LectureError for a stylesheet that is on another host, or neither exists nor is a name to write.
    """
    name = own if css is None else css
    if not isinstance(name, str) or not name.endswith(".css") or ":" in name or name.startswith("/"):
        raise LectureError(f"the stylesheet {css!r} is unknown: give a name that ends in .css, relative to the pages")
    outside = ".." in PurePosixPath(name).parts
    existing = Path(os.path.normpath(directory / name))  # the directory itself may not be there yet
    if existing.is_file():
        return name, _ours() if is_ours(existing.read_bytes()) and not outside else None
    if outside:
        raise LectureError(f"the stylesheet {css!r} is unknown: there is no file {existing}")
    beside_deck = deck_folder / name
    if css is not None and beside_deck.is_file():
        return name, beside_deck.read_bytes()
    return name, _ours()


def _ours() -> bytes:
    body = own_file("lecture.css")
    return _marked(body)


def _marked(body: bytes) -> bytes:
    from hashlib import sha256

    return (_MARK % sha256(body).hexdigest()[:16]).encode() + body


def is_ours(content: bytes) -> bool:
    """True if this stylesheet is one of ours, of any version, unchanged."""
    return content == _marked(content.partition(b"\n")[2])
