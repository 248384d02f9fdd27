"""Pictures: found beside the deck that names them, copied into the site, drawn without a jump of the page.

A picture gets a name made of its own and of its content, so that two decks may both have a `diagram.svg`, and a browser
never shows yesterday's. The code that writes a site copies them (see attachments.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from lecture.elements.attachments import attach
from lecture.elements.element import Element, escape
from lecture.errors import LectureError

KINDS = frozenset({".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".ico", ".bmp"})


@dataclass(frozen=True)
class Picture:
    """A picture of the site.

    address: where pages find it, relative to themselves, ready for an attribute.
    size: width and height in pixels, None if the file doesn't say.
    """

    address: str
    size: tuple[int, int] | None


class Image(Element):
    """A picture.

    path: a PNG, JPEG, GIF, WebP, AVIF or SVG file, relative to the deck file in which the Image is written.
    alt: what it shows, for readers who can't see it. If missing, its file name in plain words.
    """

    role = "exhibit"

    def __init__(self, path: str, alt: str = "") -> None:
        self.path = path
        self.alt = alt

    def toHTML(self) -> str:
        picture = publish_image(self.where.file.parent, self.path)
        size = f' width="{picture.size[0]}" height="{picture.size[1]}"' if picture.size else ""
        alt = escape(self.alt or in_words(self.path))
        return f'<figure class="picture"><img src="{picture.address}" alt="{alt}"{size}></figure>\n'


def in_words(path: str) -> str:
    """A file name as a phrase: `img/event-loop_2.svg` is "event loop 2"."""
    return re.sub(r"[-_.\s]+", " ", Path(path).stem).strip()


def publish_image(folder: Path, name: str) -> Picture:
    """Have the picture `name` in `folder` copied into the site that is being written, if one is.

    Raises LectureError when there is no such file, or when it is no picture.
    """
    path = folder / name
    if path.suffix.lower() not in KINDS or "://" in name:
        raise LectureError(f"{name!r} is no picture file of a kind that browsers show ({', '.join(sorted(KINDS))})")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise LectureError(f"the image {name!r} cannot be read from {path}: {error.strerror or error}") from error
    address = f"images/{path.stem}-{_digest(content)}{path.suffix.lower()}"
    attach(address, path)
    return Picture(escape(quote(address)), size_of(content, path.suffix.lower()))


def _digest(content: bytes) -> str:
    from hashlib import sha256

    return sha256(content).hexdigest()[:8]


def size_of(content: bytes, suffix: str) -> tuple[int, int] | None:
    """Width and height in pixels as the file itself states them; None when it doesn't, or in a format we don't read."""
    if content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) >= 24:
        return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    if content[:4] == b"GIF8" and len(content) >= 10:
        return int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little")
    if content[:2] == b"\xff\xd8":
        return _jpeg_size(content)
    return _svg_size(content[:4096].decode("utf-8", "replace")) if suffix == ".svg" else None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    # A JPEG is a chain of segments: 0xFF, a kind, a length. Kinds C0 to CF start a frame and hold the size, but for
    # C4, C8 and CC, which are tables (ITU-T T.81, table B.1).
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        kind, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(content[at + 7 : at + 9], "big"), int.from_bytes(content[at + 5 : at + 7], "big")
        at += 2 + length
    return None


def _svg_size(text: str) -> tuple[int, int] | None:
    root = re.search(r"<svg\b[^>]*>", text)
    if root is None:
        return None
    sides = [re.search(rf'\s{side}\s*=\s*["\']([\d.]+)(?:px)?["\']', root.group()) for side in ("width", "height")]
    if sides[0] and sides[1]:
        return round(float(sides[0].group(1))), round(float(sides[1].group(1)))
    box = re.search(r'\sviewBox\s*=\s*["\'][\d.-]+[\s,]+[\d.-]+[\s,]+([\d.]+)[\s,]+([\d.]+)', root.group())
    return (round(float(box.group(1))), round(float(box.group(2)))) if box else None
