"""Sessions that need what not every machine has: a module, a screen."""

import os
import shutil

import pytest

from lecture.elements.listings import Session
from lecture.errors import LectureError
from lecture.programs import Examples, use
from lecture.programs.checks import check_sessions
from lecture.programs.processes.display import display
from lecture.programs.unused import Shown, never_ran


@pytest.fixture
def examples(tmp_path):
    folder = tmp_path / "examples" / "01_picky"
    folder.mkdir(parents=True)
    (folder / "hello.py").write_text('print("hello")\n')
    return Examples(tmp_path / "examples", tmp_path / "cache")


def needing(examples, needs, program='print("hello")\n', output="hello\n"):
    folder = examples.root / "01_picky"
    (folder / "hello.py").write_text(program)
    (folder / "session.txt").write_text(f"# Says hello.\n# needs: {needs}\n\n$ python hello.py\n{output}")
    return examples


def test_a_session_whose_needs_are_met_runs(examples):
    transcript = needing(examples, "json, html").transcript("01_picky")
    assert [entry.output for entry in transcript.entries] == ["hello\n"] and transcript.missing == ""


def test_a_need_may_be_a_program(examples):
    transcript = needing(examples, "json, ls").transcript("01_picky")
    assert [entry.output for entry in transcript.entries] == ["hello\n"] and transcript.missing == ""


def test_a_session_that_lacks_something_is_not_run_and_says_so(examples, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    transcript = needing(examples, "json, no_such_module").transcript("01_picky")
    assert transcript.entries == () and transcript.missing == "no_such_module"


def test_its_slide_says_so(examples, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with use(needing(examples, "no_such_module")):
        page = Session("01_picky").toHTML()
    assert "Not run on this machine: it needs no_such_module." in page
    assert "hello" not in page


def test_its_verdict_is_that_it_was_not_run(examples, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    checks = check_sessions(needing(examples, "no_such_module"), jobs=1)
    assert [(check.verdict, check.error, check.missing) for check in checks] == [("not run", None, "no_such_module")]


def test_its_programs_may_be_shown(examples, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    shown = [Shown("01_picky/hello.py", None, None, "a slide")]
    assert list(never_ran(needing(examples, "no_such_module"), shown)) == []


def test_under_CI_what_is_missing_is_an_error(examples, monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(LectureError, match="no_such_module"):
        needing(examples, "no_such_module").transcript("01_picky")


def test_a_machine_that_got_what_was_missing_runs_it(examples, monkeypatch, tmp_path):
    monkeypatch.delenv("CI", raising=False)
    needing(examples, "just_arrived").verify("01_picky")
    (tmp_path / "just_arrived.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    again = Examples(examples.root, tmp_path / "cache")
    assert again.verify("01_picky").missing == ""


needs_xvfb = pytest.mark.skipif(not shutil.which("Xvfb"), reason="Xvfb is not installed")


@needs_xvfb
def test_a_display_is_there_for_the_session_and_gone_afterwards(examples, tmp_path):
    program = 'import os\nnumber = os.environ["DISPLAY"][1:]\nprint(os.path.exists(f"/tmp/.X11-unix/X{number}"))\n'
    program += f'open({str(tmp_path / "number")!r}, "w").write(number)\n'
    transcript = needing(examples, "display", program, "True\n").transcript("01_picky")
    assert transcript.entries[0].output == "True\n"
    assert not os.path.exists(f"/tmp/.X11-unix/X{(tmp_path / 'number').read_text()}")


@needs_xvfb
def test_two_displays_at_once_are_two():
    with display() as one, display() as other:
        assert one != other


@needs_xvfb
def test_a_display_that_cannot_be_made_is_an_error():
    with pytest.raises(LectureError, match="Xvfb"), display(size="none"):
        pass
