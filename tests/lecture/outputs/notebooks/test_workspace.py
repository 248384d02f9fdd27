"""What the cells of a notebook do with a student's programs, and what they say to mistakes."""

from __future__ import annotations

import atexit
import sys

import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from lecture.errors import LectureError
from lecture.outputs.notebooks import workspace
from lecture.outputs.notebooks.workspace import Workspace
from tests.support.example_folder import Folder

SESSION = "# Twice.\n$ python hello.py\nhello\n$ python hello.py you\nhello you\n"
HELLO = "import sys\nprint('hello', *sys.argv[1:])\n"


@pytest.fixture
def examples(tmp_path, monkeypatch):
    folder = Folder(tmp_path)
    folder.write("01_hello", SESSION, hello=HELLO)
    monkeypatch.delenv("LECTURE_EXAMPLES", raising=False)
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def elsewhere(examples, tmp_path_factory, monkeypatch):
    """A place with no examples above it, as after a `pip install`."""
    place = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.chdir(place)
    monkeypatch.setattr(workspace, "_OURS", place)
    return place


@pytest.fixture
def student(examples):
    student = Workspace()
    yield student
    student.close()


def test_an_unchanged_program_shows_the_lectures_transcript_and_no_remark(student):
    student.save("01_hello/hello.py", HELLO.removesuffix("\n"))
    replay = student.replay("01_hello")
    assert replay.transcript == "$ python hello.py\nhello\n$ python hello.py you\nhello you\n"
    assert replay.remark == ""


def test_a_changed_program_runs_and_its_difference_is_shown_calmly(student):
    student.save("01_hello/hello.py", HELLO.replace("hello", "bye"))
    replay = student.replay("01_hello", "$ python hello.py\n$ python hello.py you\n")
    assert replay.transcript == "$ python hello.py\nbye\n$ python hello.py you\nbye you\n"
    assert replay.remark.startswith(
        "This differs from the lecture (so does your hello.py):\n--- in the lecture\n+++ here"
    )
    assert "-hello you\n+bye you\n" in replay.remark


def test_a_difference_without_a_change_blames_nobody(student, examples):
    examples.write("01_hello", SESSION.replace("hello you", "hello me"))
    assert student.replay("01_hello").remark.startswith("This differs from the lecture:\n")


def test_other_commands_run_and_are_not_compared(student):
    replay = student.replay("01_hello", "$ python hello.py all of you")
    assert replay.transcript == "$ python hello.py all of you\nhello all of you\n"
    assert replay.remark == "(Not compared with the lecture, which types other commands.)\n"


def test_a_program_that_fails_shows_its_traceback_without_places_of_this_machine(student):
    student.save("01_hello/hello.py", "1 / 0")
    transcript = student.replay("01_hello", "$ python hello.py").transcript
    assert 'File "hello.py", line 1, in <module>' in transcript
    assert transcript.endswith("ZeroDivisionError: division by zero\n[exit 1]\n")


def test_cells_that_were_not_run_yet_are_the_lectures(student, examples):
    examples.write("01_hello", "$ python main.py\nhi\n", main="import other\n", other="print('hi')")
    student.save("01_hello/other.py", "print('hi there')")
    assert student.replay("01_hello").transcript == "$ python main.py\nhi there\n"


def test_a_student_may_have_an_example_of_their_own(student):
    student.save("mine/parts/x.py", "print('mine')")
    replay = student.replay("mine", "$ python parts/x.py")
    assert replay.transcript == "$ python parts/x.py\nmine\n"
    assert replay.remark == "(There is no mine of the lecture to compare this with.)\n"


def test_without_a_folder_of_examples_the_students_programs_run_all_the_same(student, elsewhere):
    student.save("01_hello/hello.py", HELLO)
    replay = student.replay("01_hello", "$ python hello.py")
    assert replay.transcript == "$ python hello.py\nhello\n"
    assert "set the variable LECTURE_EXAMPLES to the lecture's folder of examples" in replay.remark


def test_the_variable_says_where_the_examples_are(student, elsewhere, examples, monkeypatch):
    monkeypatch.setenv("LECTURE_EXAMPLES", str(examples.root))
    assert student.replay("01_hello").remark == ""


def test_the_examples_above_a_notebook_are_found(student, tmp_path, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    assert student.replay("01_hello").remark == ""


def test_the_examples_of_a_clone_are_found_from_anywhere(student, elsewhere, tmp_path, monkeypatch):
    monkeypatch.setattr(workspace, "_OURS", tmp_path)
    assert student.replay("01_hello").remark == ""


@pytest.mark.parametrize("name", ["", "hello.py", "/01_hello/hello.py", "../01_hello/x.py", "01_hello/../../x.py",
                                  "01_hello/session.txt", "a/\0", "a/" + "x" * 300])  # fmt: skip
def test_a_name_that_leads_nowhere_is_refused(student, name):
    with pytest.raises(LectureError, match=r"names no program|cannot save"):
        student.save(name, "")
    assert not [path for path in student.folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("example", "message"), [
    ("01_helo", "there is no example '01_helo'; did you mean '01_hello'\\?"),
    ("", "'' is not the name of an example"),
    ("../01_hello", "'../01_hello' is not the name of an example"),
])  # fmt: skip
def test_an_unknown_example_is_named(student, example, message):
    with pytest.raises(LectureError, match=message):
        student.replay(example)


def test_an_example_that_nobody_has_says_where_examples_come_from(student, elsewhere):
    with pytest.raises(LectureError, match="there is no example '01_hello'; set the variable LECTURE_EXAMPLES"):
        student.replay("01_hello", "$ python hello.py")


def test_a_session_of_the_students_own_needs_commands(student):
    student.save("mine/x.py", "")
    with pytest.raises(LectureError, match=r"the lecture has no mine/session\.txt: write the commands into the cell"):
        student.replay("mine")


def test_a_command_for_a_program_that_is_not_there_is_refused(student):
    with pytest.raises(LectureError, match=r"there is no program 'helo\.py' in 01_hello; did you mean 'hello\.py'"):
        student.replay("01_hello", "$ python helo.py")


def test_a_program_that_hangs_is_stopped_and_what_it_had_printed_is_shown(student):
    student.save("01_hello/hello.py", "import signal\nprint('waiting')\nsignal.pause()\n")
    with pytest.raises(LectureError, match=r"did not end within the session's 0\.5 s, and was stopped.*\n.*\nwaiting"):
        student.replay("01_hello", "# deadline: 0.5\n$ python hello.py")


def test_a_closed_workspace_is_gone(student):
    student.save("01_hello/hello.py", HELLO)
    student.close()
    assert not student.folder.exists()


def test_a_process_has_one_workspace_and_removes_it_at_its_end(monkeypatch):
    endings = []
    monkeypatch.setattr("atexit.register", endings.append)
    workspace.current_workspace.cache_clear()
    try:
        folder = workspace.current_workspace().folder
        assert workspace.current_workspace().folder == folder
        assert folder.is_dir()
        endings[0]()
        assert not folder.exists()
    finally:
        workspace.current_workspace.cache_clear()


@pytest.fixture
def shell(student, monkeypatch, tmp_path):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])  # the shell puts its own there
    monkeypatch.setattr("lecture.notebook.current_workspace", lambda: student)
    monkeypatch.setattr("lecture.outputs.notebooks.workspace.current_workspace", lambda: student)  # when it is reloaded
    shell = InteractiveShell()
    shell.run_line_magic("load_ext", "lecture.notebook")
    yield shell
    shell.atexit_operations()
    atexit.unregister(shell.atexit_operations)


def test_the_cells_work_in_ipython_and_take_braces_and_dollars_to_the_letter(shell, capsys):
    shell.run_cell("%reload_ext lecture.notebook")
    result = shell.run_cell("%%program 01_hello/hello.py\nx = 1\nprint('{x} $x', f'{x}')\n")
    assert result.success
    shell.run_cell("%%session 01_hello\n$ python hello.py\n$ python hello.py you")
    said = capsys.readouterr().out
    assert said.startswith("$ python hello.py\n{x} $x 1\n$ python hello.py you\n{x} $x 1\n")
    assert "+{x} $x 1" in said


def test_a_session_that_cannot_run_here_says_so_and_lets_the_cells_after_it_run(shell, capsys, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    cell = shell.run_cell("%%session 01_hello\n# needs: no_such_toolkit, sh\n$ python hello.py\n")
    assert cell.success
    assert capsys.readouterr().out.strip() == "(Not run on this machine: it needs no_such_toolkit.)"


def test_the_line_runs_the_lectures_session(shell, capsys):
    shell.run_cell("%session 01_hello")
    assert capsys.readouterr().out == "$ python hello.py\nhello\n$ python hello.py you\nhello you\n"


@pytest.mark.parametrize("cell", ["%session 01_helo", "%%session 01_hello\n$ python a | b", "%%program x.py\n1"])
def test_a_mistake_in_a_cell_is_answered_with_one_sentence(shell, capsys, cell):
    result = shell.run_cell(cell)
    assert isinstance(result.error_in_exec, UsageError)
    assert "Traceback" not in capsys.readouterr().err


def test_a_session_that_is_interrupted_says_so(shell, capsys, monkeypatch):
    def interrupted(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(Workspace, "replay", interrupted)
    shell.run_cell("%session 01_hello")
    assert "UsageError: the session was stopped" in capsys.readouterr().err


def test_a_session_that_cannot_run_here_says_so(student, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    replay = student.replay("01_hello", "# needs: a-rare-tool, sys\n$ python hello.py\n")
    assert replay == workspace.Replay("", "(Not run on this machine: it needs a-rare-tool.)\n")
