"""Pictures on slides: SVG put straight into the page, so that it follows the page's colours and needs no request.

The drawings use `currentColor` for lines and words and a few half transparent tints, which look right on a light and on
a dark page. Each has a <title> and a <desc>, which is what somebody hears who does not see it.
"""

from __future__ import annotations

from pathlib import Path

from lecture.slides import HTML

PICTURES = Path(__file__).parent / "pictures"


def drawing(name: str) -> HTML:
    """The picture `pictures/<name>.svg`, as an element of a slide."""
    return figure((PICTURES / f"{name}.svg").read_text(encoding="utf-8"))


def figure(svg: str) -> HTML:
    """An SVG document as an element of a slide."""
    return HTML(f'<figure class="drawing">\n{svg}</figure>\n')
