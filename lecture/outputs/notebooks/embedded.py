"""Pictures inside the text, for outputs that are one file.

Such a picture is an <img> with a `data:` address, drawings included: readers of notebooks remove SVG that stands in
the text, and JupyterLab doesn't show it as an attachment. A drawing that is a picture can't ask for the colours of the
page around it, so it gets light paper and dark ink.
"""

from __future__ import annotations

import base64
import html
import mimetypes
import re
from pathlib import Path

from lecture.elements.element import visible
from lecture.errors import LectureError

_SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_PAPER = "color:#1c2430;background:#fff"


def embedded(path: Path, alt: str) -> str:
    """The picture in a file, as an <img> that holds it. Raises LectureError when it can't be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise LectureError(f"the image {path} cannot be read: {error.strerror}") from error
    return _img(mimetypes.guess_type(path.name)[0] or "image/png", content, alt)


def with_drawings_as_pictures(markup: str) -> str:
    """HTML with an <img> in place of each <svg>; its title and description become the words of the picture.

    What is there a second time, for narrow columns, is left out.
    """
    return _SVG.sub(lambda found: _picture_of(found[0]), markup)


def _picture_of(svg: str) -> str:
    if ' class="narrow"' in svg.partition(">")[0]:
        return ""
    said = [re.search(rf"<{tag}\b[^>]*>(.*?)</{tag}>", svg, re.DOTALL) for tag in ("title", "desc")]
    alt = ". ".join(html.unescape(found[1].strip()) for found in said if found)
    root, end, rest = svg.partition(">")
    if "xmlns=" not in root:
        root = root.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    if ' style="' in root:
        root = root.replace(' style="', f' style="{_PAPER};', 1)
    else:
        root = root.replace("<svg", f'<svg style="{_PAPER}"', 1)
    return _img("image/svg+xml", f"{root}{end}{rest}".encode(), alt)


def _img(kind: str, content: bytes, alt: str) -> str:
    said = html.escape(visible(re.sub(r"\s+", " ", alt)))
    return f'<img alt="{said}" src="data:{kind};base64,{base64.b64encode(content).decode("ascii")}">'
