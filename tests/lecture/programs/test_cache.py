"""Remembering sessions that held, and noticing everything that makes a memory worthless."""

from __future__ import annotations

import json
import os

import pytest

from lecture.errors import LectureError
from lecture.programs import cache as cache_module
from lecture.programs.examples import Examples
from tests.support.example_folder import Folder

RANDOM = "import os\nprint(os.urandom(8).hex())\n"


@pytest.fixture
def folder(tmp_path):
    folder = Folder(tmp_path)
    folder.write("a", "$ python a.py\n[..]\n", a=RANDOM)
    return folder


@pytest.fixture(autouse=True)
def fresh_surroundings(monkeypatch):
    monkeypatch.setattr(cache_module, "_known_surroundings", [])


def entry(folder: Folder):
    (path,) = folder.cache.glob("a-*.json")
    return path


def test_an_unchanged_session_is_not_run_again(folder):
    first = folder.outputs("a")
    assert folder.outputs("a") == first
    verified = folder.examples().verify("a")
    assert verified.cached
    assert verified.outcome.own == ("a.py",)


def test_a_folder_without_a_cache_named_keeps_it_beside_the_examples(folder):
    assert Examples(folder.root).cache.folder == folder.root.parent / ".cache" / "lecture"


@pytest.mark.parametrize("change", ["program", "session", "data", "new file", "renamed"])
def test_a_change_in_the_folder_runs_the_session_again(folder, change):
    path = folder.write("a")
    (path / "data.txt").write_text("1")
    first = folder.outputs("a")
    if change == "program":
        (path / "a.py").write_text(RANDOM + "#")
    elif change == "session":
        (path / "session.txt").write_text("$ python a.py\n[..]\n\n")
    elif change == "data":
        (path / "data.txt").write_text("2")
    elif change == "new file":
        (path / "more.txt").write_text("")
    else:
        (path / "data.txt").rename(path / "data2.txt")
    assert folder.outputs("a") != first


def test_bytecode_and_hidden_files_in_the_folder_change_nothing(folder):
    first = folder.outputs("a")
    path = folder.write("a")
    (path / "__pycache__").mkdir()
    (path / "__pycache__" / "a.pyc").write_text("")
    (path / ".a.py.swp").write_text("")
    assert folder.outputs("a") == first


@pytest.fixture
def library(folder, tmp_path, monkeypatch):
    """A library that the program imports, long unchanged."""
    package = tmp_path / "lib" / "mylib"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("from mylib import inner\n")
    (package / "inner.py").write_text("VALUE = 1\n")
    for path in package.iterdir():
        os.utime(path, ns=(10**18, 10**18))
    monkeypatch.setenv("PYTHONPATH", str(package.parent))
    folder.write("a", a=RANDOM + "import mylib\n")
    return package


def test_a_change_in_a_library_module_runs_the_session_again(folder, library):
    first = folder.outputs("a")
    assert folder.outputs("a") == first
    (library / "inner.py").write_text("VALUE = 2\n")
    assert folder.outputs("a") != first


def test_a_library_module_that_was_only_touched_runs_nothing(folder, library):
    first = folder.outputs("a")
    os.utime(library / "inner.py", ns=(2 * 10**18 // 10 * 9, 10**18 + 5))
    assert folder.outputs("a") == first


def test_a_library_module_that_is_gone_runs_the_session_again(folder, library):
    first = folder.outputs("a")
    (library / "inner.py").rename(library / "other.py")
    (library / "__init__.py").write_text("")
    assert folder.outputs("a") != first


def test_modules_are_known_though_the_program_was_killed(folder, library):
    folder.write(
        "a", "$ python a.py &\n[..]\n[exit 137]\n$ kill -KILL %1\n", a=RANDOM + "import mylib, signal\nsignal.pause()\n"
    )
    first = folder.outputs("a")
    (library / "inner.py").write_text("VALUE = 2\n")
    assert folder.outputs("a") != first


def test_a_library_that_changed_while_the_session_ran_is_not_remembered(folder, library):
    folder.write("a", a=RANDOM + f"import mylib, os\nos.utime({str(library / 'inner.py')!r})\n")
    assert folder.outputs("a") != folder.outputs("a")


@pytest.mark.parametrize("surrounding", ["interpreter", "variable", "runner"])
def test_a_change_of_what_runs_the_programs_runs_them_again(folder, surrounding, monkeypatch):
    first = folder.outputs("a")
    monkeypatch.setattr(cache_module, "_known_surroundings", [])
    if surrounding == "interpreter":
        monkeypatch.setattr("sys.version", "4.0")
    elif surrounding == "variable":
        monkeypatch.setenv("PYTHONOPTIMIZE", "1")
    else:
        ours = folder.cache.parent / "ours"
        ours.mkdir()
        monkeypatch.setattr(cache_module, "_OURS", ours)
    assert folder.outputs("a") != first


def test_a_change_of_the_simulated_world_or_of_what_watches_it_runs_the_programs_again():
    """Their timelines are remembered, too, and no program imports either."""
    sources = {"/".join(path.parts[-2:]) for path in cache_module.runner_sources()}
    assert {"sim/tcp.py", "sim/program.py", "programs/cache.py"} <= sources
    assert any(source.startswith("trace/") for source in sources)


def test_a_tool_that_changed_runs_the_session_again(folder, tmp_path, monkeypatch):
    tool = tmp_path / "bin" / "mytool"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\necho one\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}:{os.environ['PATH']}")
    folder.write("a", "$ mytool\n[..]\n")
    assert folder.outputs("a") == ["one\n"]
    tool.write_text("#!/bin/sh\necho two\n")
    assert folder.outputs("a") == ["two\n"]


def test_a_session_that_failed_is_not_remembered(folder):
    folder.write("a", "$ python a.py\nsomething else\n")
    folder.error("a")
    assert not folder.cache.exists()


@pytest.mark.parametrize("damage", [
    b"", b"{", b"[]", b"null", b"{}", b"\xff\xfe", b"[" * 100_000,
    {"format": 0}, {"key": "x"}, {"inputs": [["a"]]}, {"inputs": 3}, {"results": [[1]]}, {"results": []},
    {"results": [["x", "y"]]}, {"results": None}, {"stored_ns": "x", "inputs": [["/", 0, 0, ""]]}, {"own": 3},
])  # fmt: skip
def test_an_entry_that_makes_no_sense_is_ignored_and_rewritten(folder, damage):
    first = folder.outputs("a")
    path = entry(folder)
    good = path.read_bytes()
    path.write_bytes(damage if isinstance(damage, bytes) else json.dumps(json.loads(good) | damage).encode())
    second = folder.outputs("a")
    assert second != first
    assert folder.outputs("a") == second


def test_an_entry_that_is_cut_off_anywhere_is_ignored(folder):
    folder.outputs("a")
    good = entry(folder).read_bytes()
    for length in range(0, len(good), 37):
        entry(folder).write_bytes(good[:length])
        assert folder.examples().remembered("a") is None


def test_an_entry_that_is_a_folder_or_a_cache_that_is_a_file_is_no_crash(folder):
    folder.outputs("a")
    path = entry(folder)
    path.unlink()
    path.mkdir()
    folder.outputs("a")
    path.rmdir()
    folder.cache.rmdir()
    folder.cache.write_text("")
    folder.outputs("a")


def test_nothing_but_entries_stays_in_the_cache(folder):
    folder.outputs("a")
    assert [path.suffix for path in folder.cache.iterdir()] == [".json"]


def test_two_examples_of_the_same_name_do_not_share_an_entry(folder, tmp_path):
    (tmp_path / "second").mkdir()
    second = Folder(tmp_path / "second")
    second.cache = folder.cache
    second.write("a", "$ python a.py\n[..]\n", a=RANDOM)
    assert folder.outputs("a") != second.outputs("a")
    assert len(list(folder.cache.iterdir())) == 2


def test_a_remembered_run_that_no_longer_fits_its_session_is_not_used(folder):
    folder.outputs("a")
    path = entry(folder)
    damaged = json.loads(path.read_bytes()) | {"results": [["boo\n", 1]]}
    path.write_text(json.dumps(damaged))
    assert folder.outputs("a") != ["boo\n"]


def test_a_program_that_cannot_be_read_is_an_error_and_no_traceback(folder):
    (folder.root / "a" / "broken.txt").symlink_to("nowhere")
    with pytest.raises(LectureError, match="didn't let the session run"):
        folder.examples().verify("a")
