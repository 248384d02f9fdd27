"""Formulas: LaTeX to MathML, which browsers draw by themselves, without script and offline.

The library's own output is not safe: it has what stands in `\\text{…}` as it is, and the addresses of `\\href{…}`. So
its tree is written here, with all text escaped and only such attributes as say how a formula looks.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lecture.elements.element import escape
from lecture.errors import LectureError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element as Node

_LOOKS = frozenset(
    {"accent", "accentunder", "columnalign", "columnlines", "columnspacing", "columnspan", "depth", "display", "fence"}
    | {"displaystyle", "form", "frame", "height", "largeop", "linethickness", "lspace", "mathbackground", "mathcolor"}
    | {
        "mathsize",
        "mathvariant",
        "maxsize",
        "minsize",
        "movablelimits",
        "notation",
        "rowalign",
        "rowlines",
        "rowspacing",
    }
    | {"rowspan", "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "voffset", "width"}
)


def formula(latex: str, *, display: bool) -> str:
    """MathML of a formula. display: on a line of its own. Raises LectureError when it can't be typeset."""
    from latex2mathml.converter import convert_to_element

    try:
        tree = convert_to_element(latex, display="block" if display else "inline")
        return "".join(_markup(tree))
    except LectureError:
        raise
    except Exception as error:  # its errors have no class in common
        said = type(error).__name__ if not str(error) else f"{type(error).__name__}: {error}"
        raise LectureError(f"cannot typeset the formula {latex.strip()!r}: {said}") from error


def _markup(node: Node) -> Iterator[str]:
    text = html.unescape(node.text or "")
    if node.tag == "mi" and text.startswith("\\"):
        raise LectureError(f"cannot typeset {text} in a formula: the command is unknown")
    looks = "".join(f' {name}="{escape(value)}"' for name, value in node.attrib.items() if name in _LOOKS)
    yield f"<{node.tag}{looks}>{escape(text)}"
    for child in node:
        yield from _markup(child)
    yield f"</{node.tag}>{escape(html.unescape(node.tail or ''))}"
