"""The type of a file, by the end of its name.

The list is Python's own, without what the machine's mime.types adds: a site says the same wherever it runs.
"""

from __future__ import annotations

import mimetypes
import os

_PYTHONS = mimetypes.MimeTypes(filenames=())

TYPES: dict[str, str] = {
    **_PYTHONS.types_map[1],
    ".css": "text/css",
    ".htm": "text/html",
    ".html": "text/html",
    ".ico": "image/vnd.microsoft.icon",
    ".ipynb": "application/x-ipynb+json",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".md": "text/markdown",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".whl": "application/zip",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
ENCODINGS: dict[str, str] = {".gz": "gzip", ".bz2": "bzip2", ".br": "br"}


def getTypeAndEncoding(
    filename: str, types: dict[str, str], encodings: dict[str, str], defaultType: str
) -> tuple[str, str | None]:
    """A file's type, and how the file is packed, by its name: page.html.gz is text/html in gzip."""
    stem, ending = os.path.splitext(os.path.basename(filename).lower())
    encoding = encodings.get(ending)
    if encoding is not None:
        ending = os.path.splitext(stem)[1]
    return types.get(ending, defaultType), encoding
