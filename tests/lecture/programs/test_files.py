"""Which files a session finds: those of its example, and none that a rehearsal by hand left there."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import textwrap

import pytest

from lecture.errors import LectureError
from lecture.outputs.notebooks.cells import Cells
from lecture.programs import files
from lecture.programs.against_simulation import check_in_simulation
from lecture.programs.against_twisted import check_on_twisted
from lecture.programs.checks import check_sessions
from lecture.programs.files import example_files
from lecture.programs.progress import Progress
from lecture.programs.verify import update
from tests.support.example_folder import Folder

COUNTS = """\
    from pathlib import Path
    count = int(Path("count.txt").read_text()) if Path("count.txt").exists() else 0
    Path("count.txt").write_text(str(count + 1))
    print(count)
"""
SESSION = "$ python counts.py\n0\n$ cat count.txt\n1\n"


@pytest.fixture
def folder(tmp_path):
    folder = Folder(tmp_path)
    folder.write("a", SESSION, counts=COUNTS)
    yield folder
    files._tracked.cache_clear()


def track(folder):
    """Put the examples into a git repository, as they are now."""
    for words in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *words], cwd=folder.root.parent, check=True)
    files._tracked.cache_clear()


@pytest.fixture
def tracked(folder):
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    track(folder)
    return folder


def rehearse(folder):
    subprocess.run([sys.executable, "counts.py"], cwd=folder.root / "a", check=True, stdout=subprocess.DEVNULL)


def names(folder):
    return [f"a/{name}" for name in example_files(folder.root / "a" / "session.txt")]


def test_a_session_does_not_find_what_a_rehearsal_left(tracked):
    rehearse(tracked)
    assert tracked.outputs("a") == ["0\n", "1\n"]


def test_what_a_rehearsal_leaves_does_not_make_a_session_run_again(tracked):
    tracked.examples().verify("a")
    rehearse(tracked)
    assert tracked.examples().verify("a").cached


def test_a_session_in_the_simulated_world_does_not_find_it_either(tracked):
    tracked.write("a", counts="import reactor\n" + textwrap.dedent(COUNTS))
    rehearse(tracked)
    assert [check.error for check in check_in_simulation(tracked.examples(), Progress())] == [None]


def test_a_notebook_has_no_cell_for_it(tracked):
    rehearse(tracked)
    cells = Cells(tracked.examples())
    cells._session("a", "A slide")
    assert not [cell for cell in cells.cells if "count.txt" in cell["source"].partition("\n")[0]]


def test_a_file_that_git_does_not_track_is_named_when_the_session_needs_it(tracked):
    path = tracked.write("a", "$ cat words.txt\nwell\n")
    (path / "words.txt").write_text("well\n")
    message = tracked.error("a").message
    assert "it ran without words.txt, as git doesn't track that" in message
    assert "lecture update" not in message


def test_a_program_that_git_does_not_track_is_named(tracked):
    tracked.write("a", "$ python new.py\n", new="")
    assert "there is no program 'new.py' in a; it ran without new.py" in tracked.error("a").message


def test_an_example_of_which_git_tracks_nothing_yet_is_its_whole_folder(tracked):
    tracked.write("b", "$ python new.py\nhi\n", new="print('hi')")
    assert tracked.outputs("b") == ["hi\n"]


def test_outside_of_a_repository_a_leftover_is_named_and_update_is_not_advised(folder):
    rehearse(folder)
    message = folder.error("a").message
    assert "its programs changed count.txt, which was there before they began" in message
    assert "lecture update" not in message


def test_update_writes_down_nothing_that_a_leftover_brought_about(folder):
    rehearse(folder)
    with pytest.raises(LectureError, match=r"changed count\.txt"):
        update(folder.root / "a" / "session.txt", None)
    assert (folder.root / "a" / "session.txt").read_text() == SESSION


def test_a_file_of_the_example_that_its_programs_change_is_no_leftover(folder):
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    (folder.root / "a" / "count.txt").write_text("7")
    track(folder)
    assert "lecture update" in folder.error("a").message
    assert (folder.root / "a" / "count.txt").read_text() == "7"


def test_without_git_an_example_is_its_whole_folder(tracked, monkeypatch):
    monkeypatch.setenv("PATH", "")
    files._tracked.cache_clear()
    rehearse(tracked)
    assert names(tracked) == ["a/count.txt", "a/counts.py", "a/session.txt"]


def test_a_hook_of_another_repository_is_not_believed(tracked, monkeypatch, tmp_path):
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    files._tracked.cache_clear()
    rehearse(tracked)
    assert names(tracked) == ["a/counts.py", "a/session.txt"]


def test_hidden_files_and_bytecode_are_left_out(folder):
    for name in (".secret", "__pycache__/x.pyc", ".ipynb_checkpoints/y.py"):
        path = folder.root / "a" / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert names(folder) == ["a/counts.py", "a/session.txt"]


@pytest.mark.parametrize("in_git", [False, True])
def test_a_linked_folder_belongs_to_the_example_with_all_that_is_in_it(folder, tmp_path, in_git):
    (tmp_path / "shared" / "deep").mkdir(parents=True)
    (tmp_path / "shared" / "deep" / "words.txt").write_text("one\n")
    (folder.root / "a" / "data").symlink_to(tmp_path / "shared")
    folder.write("a", "$ cat data/deep/words.txt\n[..]\n")
    if in_git:
        track(folder)
    assert folder.outputs("a") == ["one\n"]
    (tmp_path / "shared" / "deep" / "words.txt").write_text("two\n")
    assert folder.outputs("a") == ["two\n"]


def test_links_in_a_circle_are_named(folder):
    (folder.root / "a" / "again").symlink_to(".")
    assert "a/again links to a folder that it is in" in folder.error("a").message


def test_a_socket_that_a_server_left_is_not_copied(folder, monkeypatch):
    monkeypatch.chdir(folder.root / "a")  # the system allows some 100 bytes for the name
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("door")
    assert folder.outputs("a") == ["0\n", "1\n"]


@pytest.mark.parametrize("name", ["ports", "events", "modules", "example"])
def test_an_example_may_have_the_name_of_anything(folder, name):
    folder.write(name, SESSION, counts=COUNTS)
    assert folder.outputs(name) == ["0\n", "1\n"]


def test_checks_of_all_sessions_hold_after_a_rehearsal(tracked):
    rehearse(tracked)
    assert [check.error for check in check_sessions(tracked.examples(), jobs=1)] == [None]


MARK = "\ufeff".encode()


@pytest.fixture
def marked(folder):
    """An example whose files begin with a byte order mark and end their lines as Windows does."""
    program = "from reactor import protocol\n\ndef f():\n    print('hi')\n\nf()\n"
    path = folder.write("a", "# deadline: 20\n$ python a.py\nhi\n", a=program)
    (path / "counts.py").unlink()
    for file in path.iterdir():
        file.write_bytes(MARK + file.read_bytes().replace(b"\n", b"\r\n"))
    return folder


def test_a_byte_order_mark_is_no_part_of_a_program_or_a_session(marked):
    assert marked.outputs("a") == ["hi\n"]
    program = marked.examples().program("a/a.py")
    assert program.excerpt().text.startswith("from reactor import protocol\n")
    assert program.excerpt("f").text == "def f():\n    print('hi')\n"


def test_a_byte_order_mark_is_none_in_the_other_worlds_either(marked):
    assert [check.error for check in check_in_simulation(marked.examples(), Progress())] == [None]
    assert [check.error for check in check_on_twisted(marked.examples(), 1, Progress())] == [None]


def test_update_and_the_diff_do_not_stumble_over_a_byte_order_mark(marked):
    session = marked.root / "a" / "session.txt"
    session.write_bytes(session.read_bytes().replace(b"hi", b"ho"))
    assert marked.error("a").diff.count("\n-") == 1
    assert update(session, None).count("\n-") == 1
    assert marked.outputs("a") == ["hi\n"]
