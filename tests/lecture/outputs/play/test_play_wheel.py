"""The wheel of the extra [play], for those who have no clone: it carries what `make play` makes."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from lecture.outputs.play.write import python_of
from lecture.programs import Examples

ROOT = Path(__file__).parents[4]
PYODIDE = ROOT / ".cache" / "pyodide" / "node_modules" / "pyodide" / "pyodide.asm.wasm"


def read(name):
    return tomllib.loads((ROOT / name / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture
def examples(tmp_path):
    return Examples(tmp_path / "examples", tmp_path / "cache" / "lecture")


def test_the_extra_asks_for_the_wheel_of_the_same_version():
    whole, play = read("."), read("play")
    assert whole["optional-dependencies"]["play"] == [f"{play['name']}=={whole['version']}"]
    assert play["version"] == whole["version"]


def test_python_comes_from_the_wheel_unless_make_play_has_made_it(examples, tmp_path, monkeypatch):
    made = tmp_path / "cache" / "play" / "python.js"
    assert python_of(examples) == made and not made.exists()
    package = tmp_path / "site-packages" / "lecture_play"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(package.parent)
    assert python_of(examples) == package / "python.js"
    made.parent.mkdir(parents=True)
    made.touch()
    assert python_of(examples) == made


@pytest.mark.skipif(not PYODIDE.is_file(), reason="Pyodide is not installed: tools/pyodide does it")
def test_the_wheel_that_is_built_brings_python_when_it_is_installed(examples, tmp_path, monkeypatch):
    subprocess.run([ROOT / "tools" / "play-wheel", tmp_path / "wheels"], check=True, capture_output=True)
    (wheel,) = (tmp_path / "wheels").iterdir()
    assert wheel.name == f"tutorial_of_doom_play-{read('play')['version']}-py3-none-any.whl"
    there = tmp_path / "installed"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", there, wheel]
    subprocess.run(install, check=True, capture_output=True)
    monkeypatch.syspath_prepend(there)
    script = python_of(examples).read_text(encoding="utf-8")
    assert script == (ROOT / ".cache" / "play" / "python.js").read_text(encoding="utf-8")
    assert "Mozilla Public" in script[:500] and "packedPython({" in script[:1000]
