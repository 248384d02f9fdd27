"""The committed bundles belong to their sources. No node here: hashes tell; CI also builds again and compares bytes."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SITE = ROOT / "site"
RUNTIME = ROOT / "lecture" / "outputs" / "runtime"
MANIFEST = json.loads((RUNTIME / "manifest.json").read_text(encoding="utf-8"))

STALE = "run make site, and commit what it writes to lecture/outputs/runtime"


def hashes(files: list[Path], folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}


def sources() -> list[Path]:
    roots = [SITE / name for name in MANIFEST["roots"]]
    below = [path for root in roots for path in root.rglob("*") if path.is_file()]
    return below + [root for root in roots if root.is_file()]


@pytest.mark.skipif(not SITE.exists(), reason="an installed package has no sources of its bundles")
def test_the_bundles_were_made_from_the_sources_as_they_are():
    assert hashes(sources(), SITE) == MANIFEST["sources"], STALE


def test_the_bundles_are_those_that_the_build_wrote():
    written = [path for path in RUNTIME.iterdir() if path.name != "manifest.json"]
    assert hashes(written, RUNTIME) == MANIFEST["outputs"], STALE


def test_the_licences_of_what_is_inside_stand_beside_the_bundles():
    licences = (RUNTIME / "licences.txt").read_text(encoding="utf-8")
    for name in json.loads((SITE / "package.json").read_text(encoding="utf-8"))["dependencies"]:
        assert f"\n{name} " in licences, f"{name} is bundled without its licence: {STALE}"


def test_the_lock_file_names_no_registry():
    assert "resolved" not in (SITE / "package-lock.json").read_text(encoding="utf-8")
