"""A page that lists what is in a folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from reactor.web.pages import page
from reactor.web.resource import Resource

if TYPE_CHECKING:
    from reactor.web.server import Request

_ROW = '<tr><td><a href="{link}">{name}</a></td><td>{size}</td><td>{kind}</td></tr>'


def formatFileSize(size: int) -> str:
    """A size for people: 512B, 13K, 7M, 2G."""
    for letter in "BKM":
        if size < 1024:
            return f"{size}{letter}"
        size //= 1024
    return f"{size}G"


class DirectoryLister(Resource):
    """Lists a folder, as links.

    pathname: the folder. dirs: the names to list; all but hidden ones if left out.
    contentTypes, contentEncodings, defaultType: as static.File has them.
    """

    isLeaf = True

    def __init__(
        self,
        pathname: str,
        dirs: Sequence[str] | None = None,
        contentTypes: dict[str, str] | None = None,
        contentEncodings: dict[str, str] | None = None,
        defaultType: str = "text/html",
    ) -> None:
        super().__init__()
        self.path = pathname
        self.dirs = dirs
        self._types = contentTypes or {}
        self._default_type = defaultType

    def render_GET(self, request: Request) -> bytes:
        """The page: folders first, then files, each sorted by name."""
        request.setHeader(b"content-type", b"text/html; charset=utf-8")
        names = sorted(os.listdir(self.path) if self.dirs is None else self.dirs)
        shown = [name for name in names if self.dirs is not None or not name.startswith(".")]
        folders: list[str] = []
        files: list[str] = []
        for name in shown:
            is_folder = os.path.isdir(os.path.join(self.path, name))
            (folders if is_folder else files).append(self._row(name, is_folder))
        table = "<table>\n<tr><th>Name</th><th>Size</th><th>Type</th></tr>\n{}\n</table>"
        where = request.path.decode("utf-8", "replace")
        return page(f"Directory listing for {where}", table.format("\n".join(folders + files)))

    def _row(self, name: str, is_folder: bool) -> str:
        slash = "/" if is_folder else ""
        # "./" before it, or a browser would take a name such as javascript:x for a scheme
        link = "./" + quote(os.fsencode(name), safe="") + slash
        shown = escape(os.fsencode(name).decode("utf-8", "replace")) + slash
        if is_folder:
            return _ROW.format(link=link, name=shown, size="", kind="[Directory]")
        try:
            size = formatFileSize(os.stat(os.path.join(self.path, name)).st_size)
        except OSError:  # a link to nowhere, or the file was just removed
            size = "?"
        kind = self._types.get(os.path.splitext(name)[1].lower(), self._default_type)
        return _ROW.format(link=link, name=shown, size=size, kind=escape(f"[{kind}]"))
