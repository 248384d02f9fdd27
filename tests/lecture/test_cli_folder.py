"""Replacing the site as a whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest

from lecture.errors import LectureError
from lecture.outputs import folder as folder_module
from lecture.outputs.folder import MARK, replaced


def site(folder):
    return sorted(path.name for path in folder.iterdir() if path.name != MARK)


def test_a_new_folder_appears_when_it_is_complete(tmp_path):
    target = tmp_path / "deep" / "site"
    with replaced(target) as folder:
        (folder / "a").touch()
        assert not target.exists()
    assert site(target) == ["a"]
    assert os.listdir(tmp_path / "deep") == ["site"]


def test_the_old_folder_stays_when_writing_fails(tmp_path):
    target = tmp_path / "site"
    with replaced(target) as folder:
        (folder / "old").touch()
    with pytest.raises(ZeroDivisionError), replaced(target) as folder:
        (folder / "new").touch()
        raise ZeroDivisionError
    assert site(target) == ["old"]
    assert os.listdir(tmp_path) == ["site"]


def test_files_of_the_old_folder_are_gone_from_the_new_one(tmp_path):
    target = tmp_path / "site"
    for name in ("old", "new"):
        with replaced(target) as folder:
            (folder / name).touch()
    assert site(target) == ["new"]


def test_an_empty_folder_may_be_replaced(tmp_path):
    (tmp_path / "site").mkdir()
    with replaced(tmp_path / "site") as folder:
        (folder / "a").touch()
    assert site(tmp_path / "site") == ["a"]


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_is_not_ours_is_refused(tmp_path, kind):
    target = tmp_path / "site"
    if kind == "file":
        target.write_text("precious")
    else:
        target.mkdir()
        (target / "precious").touch()
    with pytest.raises(LectureError, match="cannot write the site to"), replaced(target):
        pytest.fail("must not begin")
    assert os.listdir(tmp_path) == ["site"]


def test_files_that_appear_meanwhile_are_not_lost(tmp_path):
    target = tmp_path / "site"
    with pytest.raises(LectureError, match="no build of a lecture made"), replaced(target):
        target.mkdir()
        (target / "precious").touch()
    assert site(target) == ["precious"]


def test_a_link_to_a_folder_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "site").symlink_to("real")
    with replaced(tmp_path / "site") as folder:
        (folder / "a").touch()
    assert (tmp_path / "site").is_symlink()
    assert site(tmp_path / "real") == ["a"]


def test_a_place_where_no_folder_can_be_is_an_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(LectureError, match=r"/file'$"), replaced(tmp_path / "file" / "site"):
        pytest.fail("must not begin")


def test_many_builds_at_once_do_not_mix(tmp_path):
    target = tmp_path / "site"
    begin = threading.Barrier(8)
    wrong = []

    def build(name):
        for _ in range(20):
            try:
                with replaced(target) as folder:
                    for part in "abc":
                        (folder / f"{name}{part}").touch()
                    begin.wait(10)
            except Exception as error:
                wrong.append(error)
                begin.abort()

    threads = [threading.Thread(target=build, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    names = site(target)
    assert [name[1:] for name in names] == ["a", "b", "c"]
    assert len({name[0] for name in names}) == 1
    assert os.listdir(tmp_path) == ["site"]


@pytest.fixture
def killed(tmp_path):
    """What is beside the site when a build was killed."""
    program = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom lecture.outputs.folder import replaced\n"
        "with replaced(Path(sys.argv[1])) as folder:\n"
        "    (folder / 'half').touch()\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", program, tmp_path / "site"], check=False).returncode == -signal.SIGKILL
    (left,) = tmp_path.iterdir()
    return left


def test_the_next_build_removes_what_a_killed_one_left(tmp_path, killed):
    with replaced(tmp_path / "site"):
        assert not killed.exists()
    assert os.listdir(tmp_path) == ["site"]


def test_what_another_build_is_writing_stays(tmp_path):
    with replaced(tmp_path / "site") as first, replaced(tmp_path / "site"):
        assert first.is_dir()


def test_there_is_a_site_at_every_instant(tmp_path):
    target = tmp_path / "site"
    with replaced(target) as folder:
        (folder / "page").touch()
    if not folder_module._exchange(target, target):
        pytest.skip("this file system can't exchange two folders")
    seen = []
    done = threading.Event()

    def reader():
        while not done.is_set():
            seen.append((target / "page").exists())

    thread = threading.Thread(target=reader)
    thread.start()
    try:
        for _ in range(200):
            with replaced(target) as folder:
                (folder / "page").touch()
    finally:
        done.set()
        thread.join()
    assert seen and all(seen)


def test_where_folders_cannot_be_exchanged_the_site_is_replaced_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(folder_module, "_exchange", lambda one, other: False)
    for name in ("old", "new"):
        with replaced(tmp_path / "site") as folder:
            (folder / name).touch()
    assert site(tmp_path / "site") == ["new"]
    assert os.listdir(tmp_path) == ["site"]


def test_folders_that_the_system_will_not_exchange_are_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        folder_module._exchange(tmp_path / "one", tmp_path / "other")
