"""Packs what runs programs in the page into one script: the reactor, and what `lecture` runs and grades them with."""

from __future__ import annotations

import io
import zipfile
from base64 import b64encode
from functools import cache
from pathlib import Path

PACKAGES = Path(__file__).parents[3]
PARTS = ("reactor", "lecture/__init__.py", "lecture/errors.py", "lecture/programs", "lecture/exercises")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # two builds of one commit are the same bytes


def library_files() -> list[Path]:
    """The files, in order."""
    places = [PACKAGES / part for part in PARTS]
    files = [file for place in places for file in (sorted(place.rglob("*.py")) if place.is_dir() else [place])]
    return [file for file in files if "__pycache__" not in file.parts]


@cache
def library_script() -> bytes:
    """The script. A user may add any import of the reactor's to a program, so all of it is there."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in library_files():
            entry = zipfile.ZipInfo(file.relative_to(PACKAGES).as_posix(), _LONG_AGO)
            archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED, 9)
    return f'packedLibrary("{b64encode(packed.getvalue()).decode()}");\n'.encode()
