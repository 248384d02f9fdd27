"""The figures on "Project Stats" are what somebody finds who counts in another way."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from datetime import date
from importlib import metadata
from pathlib import Path

import pytest

from lecture.doom import lecture, stats
from lecture.doom.stats import History, Size, collect
from lecture.programs.session import read_session
from lecture.slides import Bullet

ROOT = Path(__file__).parents[3]


def trees(folder: Path, pattern: str) -> list[ast.Module]:
    return [ast.parse(path.read_bytes()) for path in folder.rglob(pattern)]


def counted(folder: Path) -> Size:
    files = list(folder.rglob("*.py"))
    return Size(len(files), sum(len(path.read_bytes().splitlines()) for path in files))


def test_version_licence_and_python_are_those_of_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = collect()
    assert (found.version, found.licence, found.python) == (
        project["version"], project["license"], project["requires-python"],
    )  # fmt: skip


@pytest.mark.parametrize("package", ["reactor", "lecture"])
def test_files_and_lines_are_those_of_the_folder(package):
    assert getattr(collect(), package) == counted(ROOT / package)


def test_what_stands_beside_the_engine_is_counted_by_itself():
    rooms = collect().rooms
    assert len(rooms) == stats.MOST_ROOMS and "core" not in rooms
    assert all(size == counted(ROOT / "reactor" / name) for name, size in rooms.items())
    smallest = min(size.lines for size in rooms.values())
    others = [path for path in (ROOT / "reactor").iterdir() if path.is_dir() and path.name not in {*rooms, "core"}]
    assert all(counted(path).lines <= smallest for path in others)


def test_the_platforms_are_those_whose_way_of_waiting_the_engine_knows():
    assert collect().pollers == ("epoll", "kqueue", "poll", "select")


def test_the_core_needs_as_many_packages_as_it_imports():
    imported = set()
    for path in stats._first_evening(ROOT):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add((node.module or "").partition(".")[0])
    assert collect().dependencies == len(imported - sys.stdlib_module_names - {"reactor"})


def test_a_package_that_the_core_came_to_need_would_be_counted(tmp_path):
    (tmp_path / "a.py").write_text("import os, sys\nfrom yaml.nodes import Node\n\ndef f():\n    import attrs\n")
    assert stats._outside_packages([tmp_path / "a.py"], "reactor") == {"yaml", "attrs"}


def test_the_core_is_what_the_reading_map_gives_the_first_evening():
    first = (ROOT / "docs" / "READING.md").read_text(encoding="utf-8").partition("\nTogether: ")
    assert f"{collect().core.lines:,}" == first[2].partition(" ")[0]
    assert collect().core.files == first[0].count("](../reactor/")


def test_tests_are_counted_as_the_parser_finds_them():
    tests = 0
    for tree in trees(ROOT / "tests", "test_*.py"):
        classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
        bodies = [tree.body, *(definition.body for definition in classes)]
        functions = [n for body in bodies for n in body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
        tests += sum(function.name.startswith("test_") for function in functions)
    assert collect().tests == tests


def test_programs_are_the_commands_of_all_sessions():
    sessions = map(read_session, (ROOT / "examples").glob("*/session.txt"))
    assert collect().programs == sum(
        command.argv[0] == "python" for session in sessions for command in session.commands
    )


def git(folder: Path, *words: str, day: str = "2026-11-23") -> None:
    nobody = {
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@b",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@b",
    }
    when = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", "-C", str(folder), *words], check=True, env={**os.environ, **nobody, **when, **alone})


@pytest.fixture
def repository(tmp_path):
    """A repository with two commits, the first of 3 March 2021."""
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "-m", "begin", day="2021-03-03")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "-m", "go on")
    return tmp_path


def test_the_history_is_counted_by_git(repository):
    assert stats._history(repository) == History(commits=2, people=1, began=date(2021, 3, 3))


def test_one_author_is_called_an_author():
    assert str(History(1, 1, date(2026, 1, 2))) == "1 by 1 author, the first on 2 January 2026"


def test_a_shallow_clone_does_not_tell_its_history(repository):
    (repository / ".git" / "shallow").write_text("")
    assert stats._history(repository) is None


def test_a_repository_without_commits_has_no_history(tmp_path):
    git(tmp_path, "init", "--quiet")
    assert stats._history(tmp_path) is None


def test_without_git_there_is_no_history(repository, monkeypatch):
    monkeypatch.setenv("PATH", os.devnull)
    assert stats._history(repository) is None


def test_a_folder_that_is_no_repository_is_not_asked_for_that_of_a_folder_above(repository):
    inside = repository / "unpacked"
    inside.mkdir()
    assert stats._history(inside) is None


def test_an_installed_package_tells_what_it_knows_and_leaves_out_the_rest(monkeypatch):
    monkeypatch.setattr(stats, "_repository", lambda: None)
    installed = collect()
    assert installed.version == metadata.version("tutorial-of-doom")
    assert (installed.core, installed.programs, installed.tests, installed.history) == (None, None, None, None)
    assert len(installed.facts()) == 2
    assert "None" not in "".join(installed.facts())


def test_the_facts_are_sentences_with_these_figures():
    history, rooms = History(7, 2, date(2026, 1, 2)), {"web": Size(4, 5000), "sim": Size(3, 400)}
    told = stats.Stats(
        "1.2", "MIT", ">=3.11", Size(3, 1234), 0, Size(9, 9876), rooms, ("epoll", "poll"), Size(5, 6), 26, 1500, history
    )
    assert told.facts() == [
        "Version 1.2, MIT licence; Python 3.11 or newer, wherever there is epoll or poll",
        "Its core, to read in an evening: 3 files, 1,234 lines; needs the standard library alone",
        "Beside it web 5,000, sim 400 … 9,876 lines in all; the lecture about it 6",
        "Programs run by this build: 26, tests: 1,500",
        "Commits: 7 by 2 authors, the first on 2 January 2026",
    ]


def test_the_slide_shows_the_facts():
    (slide,) = (slide for slide in lecture.slides if slide.title == "Project Stats")
    *bullets, twisted = [element.texts for element in slide.walk() if isinstance(element, Bullet)]
    assert [text for (text,) in bullets] == collect().facts()
    assert twisted[1].address == "https://twisted.org/"
