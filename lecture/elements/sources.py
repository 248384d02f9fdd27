"""The name of a program's file below a listing: in a site it leads to the whole file."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from lecture.elements.attachments import attach
from lecture.elements.element import escape


def named_file(file: str, path: Path) -> str:
    """The name as HTML, a link where a site is being written.

    file: as a deck names it. path: of the file. The copy ends in .txt: every browser shows that, from every server.
    """
    name = f"source/{file}.txt"
    if attach(name, path):
        return f'<a class="file" href="{escape(quote(name))}">{escape(file)}</a>'
    return f'<span class="file">{escape(file)}</span>'
