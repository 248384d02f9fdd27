"""An installed package has the examples, so that it builds its own talk."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path

import pytest

from lecture.exercises.folder import exercises_near, find_exercises
from lecture.programs import Examples
from lecture.programs.examples import find_folder

ROOT = Path(__file__).parents[2]


NEEDS_SETUPTOOLS = pytest.mark.skipif(
    importlib.util.find_spec("setuptools") is None, reason="pip brings its own setuptools"
)


def build_into(folder, distribution):
    spec = importlib.util.spec_from_file_location("setup", ROOT / "setup.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    build = module.BuildWithPrograms(distribution)
    build.ensure_finalized()
    build.build_lib = str(folder)
    build.run()


@NEEDS_SETUPTOOLS
def test_a_wheel_has_the_bundles_of_the_deck(tmp_path, monkeypatch):
    from setuptools import Distribution

    monkeypatch.chdir(ROOT)
    configured = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    attributes = {"packages": ["lecture"], "package_data": configured["package-data"], "script_name": "setup.py"}
    build_into(tmp_path, Distribution(attributes))
    runtime = Path("lecture", "outputs", "runtime")
    bundles = {path.name: path.read_bytes() for path in (ROOT / runtime).iterdir()}
    assert {path.name: path.read_bytes() for path in (tmp_path / runtime).iterdir()} == bundles


@NEEDS_SETUPTOOLS
def test_a_wheel_has_the_examples_where_the_lecture_looks_for_them(tmp_path):
    from setuptools import Distribution

    build_into(tmp_path, Distribution())
    found = find_folder(tmp_path / "lecture" / "doom")
    assert found == tmp_path / "lecture" / "examples"
    assert Examples(found).names() == Examples(ROOT / "examples").names()
    assert not list(found.rglob("__pycache__"))
    installed = exercises_near(tmp_path / "lecture" / "exercises")
    assert [one.name for one in installed] == [one.name for one in find_exercises(ROOT / "exercises")]


def test_an_installed_package_is_not_where_runs_are_remembered(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "mine"))
    root = tmp_path / "site-packages" / "lecture" / "examples"
    assert Examples(root).cache.folder == tmp_path / "mine" / "lecture"
