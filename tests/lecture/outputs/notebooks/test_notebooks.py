"""`lecture notebooks`: what it writes, what it compares, and what it says when something is wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from lecture.decks.load import load_deck
from lecture.errors import Failed, LectureError
from lecture.outputs.notebooks import write as notebooks_module
from lecture.outputs.notebooks.write import check_notebooks, differences, make_notebooks, text_of, write_notebooks
from tests.support.example_folder import Folder

HELLO = "# [greet]\nprint('hello', id(object()))\n# [/greet]\n"
DECK = """\
from lecture.slides import *

class Today(Slide):
    of_this_build = True

lecture = Lecture("A <Talk>",
    Slide("Before", Bullet("all")),
    TitleSlide("Part 1 – One", Notes("Say *hello*.")),
    Slide("Hello", Bullet("Look:"), Code("01_hello/hello.py", "greet"), Session("01_hello")),
    Slide("Again", Code("01_hello/hello.py", "greet"), Code("01_hello/hello.py")),
    Today("Figures", Bullet("1 commit")),
    Slide("Part 2: Two", Session("02_two")),
)
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    folder = Folder(tmp_path)
    folder.write("01_hello", "# Once.\n$ python hello.py\nhello [..]\n", hello=HELLO)
    folder.write(
        "02_two", "$ python main.py\n3\n[exit 3]\n", main="import other\n", other="print(3)\nraise SystemExit(3)"
    )
    (tmp_path / "deck.py").write_text(DECK)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", sys.path[:])
    return folder


def deck(text: str) -> str:
    Path("deck.py").write_text(f"from lecture.slides import *\nlecture = Lecture('Talk', {text})\n")
    return "deck.py"


def made(folder: Folder) -> dict[str, object]:
    return {notebook.name: notebook.content for notebook in make_notebooks(load_deck("deck.py"), folder.examples())}


def sources(notebook) -> list[str]:
    return [cell.source for cell in notebook.cells]


def write(folder: Folder, output: str = "notebooks") -> None:
    write_notebooks(load_deck("deck.py"), folder.examples(), Path(output), lambda check: None)


def check(folder: Folder) -> list[LectureError]:
    try:
        check_notebooks(load_deck("deck.py"), folder.examples(), Path("notebooks"), lambda check: None)
    except Failed as failed:
        return failed.errors
    return []


def test_each_part_is_a_notebook_and_what_comes_before_belongs_to_the_first(folder):
    notebooks = made(folder)
    assert list(notebooks) == ["part-1.ipynb", "part-2.ipynb"]
    assert [source.split("\n")[0] for source in sources(notebooks["part-1.ipynb"])] == [
        "# A &lt;Talk&gt;",
        "%reload_ext lecture.notebook",
        "## Before",
        "## Part 1 – One",
        "Say *hello*.",
        "## Hello",
        "The slide shows `greet` in `01_hello/hello.py`:",
        "%%program 01_hello/hello.py",
        "%%session 01_hello",
        "## Again",
        "The slide shows `greet` in `01_hello/hello.py`, whose cell is above, at “Hello”:",
        "The slide shows `01_hello/hello.py`, whose cell is above, at “Hello”.",
        "## Figures",
    ]


def test_a_program_is_a_cell_once_and_whole_and_a_later_piece_is_quoted(folder):
    cells = sources(made(folder)["part-1.ipynb"])
    assert f"%%program 01_hello/hello.py\n{HELLO.strip()}" in cells
    assert cells[10].endswith(":\n\n```python\nprint('hello', id(object()))\n```")


def test_a_session_shows_its_commands_and_brings_the_programs_that_no_slide_showed(folder):
    assert sources(made(folder)["part-2.ipynb"])[2:] == [
        "## Part 2: Two",
        "The session below needs `02_two/main.py` too:",
        "%%program 02_two/main.py\nimport other",
        "The session below needs `02_two/other.py` too:",
        "%%program 02_two/other.py\nprint(3)\nraise SystemExit(3)",
        "%%session 02_two\n$ python main.py",
    ]
    assert "%%session 01_hello\n# Once.\n$ python hello.py" in sources(made(folder)["part-1.ipynb"])


def test_a_reader_is_told_what_is_said_and_asked_but_no_cue(folder):
    deck("Slide('Only', Notes('said'), Session('02_two'), Ask('asked?', 'answered'), Cue('wait'))")
    cells = made(folder)["deck.ipynb"]["cells"]
    texts = [cell["source"] for cell in cells if cell["cell_type"] == "markdown"]
    assert texts[-1] == "<details><summary><b>asked?</b></summary>\n\nanswered\n\n</details>"
    assert "said" in texts and not any("wait" in text for text in texts)


def test_a_deck_without_parts_is_one_notebook_named_after_the_deck(folder):
    deck("Slide('Only', Bullet('x'))")
    assert list(made(folder)) == ["deck.ipynb"]


def test_two_parts_of_one_number_are_refused(folder):
    deck("Slide('Part 1'), Slide('Part 1 again')")
    with pytest.raises(LectureError, match=r"deck\.py:2: 2 slides begin part 1: give each part a number of its own"):
        made(folder)


def test_the_same_deck_gives_the_same_text_with_names_for_all_cells(folder):
    first, second = ([text_of(content) for content in made(folder).values()] for _ in range(2))
    assert first == second
    names = [cell["id"] for text in first for cell in json.loads(text)["cells"]]
    assert "session-01-hello" in names and "hello-notes" not in names


@pytest.mark.parametrize(("slide", "message"), [
    ("Code('01_hello/gone.py')", "there is no program '01_hello/gone.py'"),
    ("Code('01_hello/hello.py', 'nope')", "there is no 'nope' in 01_hello/hello.py"),
    ("Session('nowhere')", "the example 'nowhere' has no session.txt"),
    ("Image('no.png')", "no.png"),
    ("Notes('![x](no.png)')", "no.png"),
    ("Bullet(Markdown('![x](http://a/no.png)'))", "no.png"),
])  # fmt: skip
def test_what_cannot_be_shown_names_slide_and_line(folder, slide, message):
    deck(f"\n  Slide('Bad one', {slide})")
    with pytest.raises(LectureError) as caught:
        made(folder)
    assert message in caught.value.message
    assert (caught.value.slide, caught.value.where.line) == ("Bad one", 3)


def test_written_notebooks_are_valid_hold_outputs_and_no_place_of_this_machine(folder, tmp_path):
    checks = []
    write_notebooks(load_deck("deck.py"), folder.examples(), Path("notebooks"), checks.append)
    assert {check.example: check.verdict for check in checks} == {"part-1.ipynb": "ok", "part-2.ipynb": "ok"}
    assert sorted(os.listdir("notebooks")) == ["part-1.ipynb", "part-1.py", "part-2.ipynb", "part-2.py"]
    for path in Path("notebooks").glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
        assert notebook.metadata.kernelspec.name == "python3"
        assert str(tmp_path) not in path.read_text() and sys.executable not in path.read_text()
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert code[-1].outputs[0].text == "$ python main.py\n3\n[exit 3]\n"
    # And they are up to date at once, though `[..]` and the figures of this build are others now.
    Path("deck.py").write_text(DECK.replace("1 commit", "2 commits"))
    assert check(folder) == []


def test_a_session_that_does_something_else_fails_and_the_old_notebooks_stay(folder):
    Path("notebooks").mkdir()
    Path("notebooks/part-1.ipynb").write_text("old")
    folder.write("02_two", other="print(4)\nraise SystemExit(3)")
    with pytest.raises(Failed) as caught:
        write(folder)
    (error,) = caught.value.errors
    assert error.message == "part-2.ipynb, cell 8: `%%session 02_two` printed something else than it should"
    assert error.where.file.parts[-2:] == ("02_two", "session.txt")
    assert "-3\n+4\n" in error.diff
    assert Path("notebooks/part-1.ipynb").read_text() == "old"
    assert os.listdir("notebooks") == ["part-1.ipynb"]


def test_a_session_that_cannot_run_here_keeps_the_output_of_a_machine_where_it_could(folder, tmp_path, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    folder.write("02_two", "# needs: oven\n$ python main.py\n3\n[exit 3]\n")
    tool = tmp_path / "oven"

    def written() -> str:
        write(folder)
        cells = nbformat.read("notebooks/part-2.ipynb", as_version=4).cells
        return "".join(output.get("text") or output.data["text/plain"] for output in cells[-1].outputs)

    assert "(Not run on this machine: it needs oven.)" in written()
    tool.touch(0o755)
    assert written() == "$ python main.py\n3\n[exit 3]\n"
    tool.unlink()
    assert check(folder) == []
    assert written() == "$ python main.py\n3\n[exit 3]\n"


def test_an_output_that_still_holds_stays_as_it_is_so_that_only_changes_differ(folder):
    folder.write("01_hello", hello=HELLO.replace("id(object())", "__import__('time').time_ns()"))
    write(folder)
    before = Path("notebooks/part-1.ipynb").read_bytes()
    write(folder)
    assert Path("notebooks/part-1.ipynb").read_bytes() == before
    folder.write("01_hello", "# Once.\n$ python hello.py\nbye [..]\n", hello=HELLO.replace("hello", "bye"))
    write(folder)
    outputs = [
        cell.outputs for cell in nbformat.read("notebooks/part-1.ipynb", as_version=4).cells if cell.get("outputs")
    ]
    assert [output.text.split()[3] for (output,) in outputs] == ["bye"]


def test_a_cell_that_fails_is_named(folder, monkeypatch):
    monkeypatch.setattr("lecture.outputs.notebooks.cells.LOAD", "%reload_ext lecture.nowhere")
    deck("Slide('Only', Bullet('x'))")
    with pytest.raises(Failed) as caught:
        write(folder)
    assert caught.value.errors[0].message.startswith("deck.ipynb, cell 2: `%reload_ext lecture.nowhere` ")


def test_a_cell_that_prints_where_nothing_should_be_is_named(folder, monkeypatch):
    monkeypatch.setattr("lecture.outputs.notebooks.cells.LOAD", "1 + 1")
    deck("Slide('Only', Bullet('x'))")
    with pytest.raises(Failed, match="1 errors") as caught:
        write(folder)
    assert caught.value.errors[0].message == "deck.ipynb, cell 2: `1 + 1` printed something else than it should"


def test_a_second_run_that_differs_from_the_first_is_an_error(folder, monkeypatch):
    # %load_ext says on the second run that it was loaded already: the very reason why we write %reload_ext.
    monkeypatch.setattr("lecture.outputs.notebooks.cells.LOAD", "%load_ext lecture.notebook")
    deck("Slide('Only', Bullet('x'))")
    with pytest.raises(Failed) as caught:
        write(folder)
    assert "already loaded" in caught.value.errors[0].diff


def test_a_kernel_that_dies_is_an_error(folder, monkeypatch):
    dying = "import os; os.write(2, b'so long\\n'); os._exit(3)"
    monkeypatch.setattr("lecture.outputs.notebooks.cells.LOAD", dying)
    deck("Slide('Only', Bullet('x'))")
    with pytest.raises(Failed) as caught:
        write(folder)
    message = caught.value.errors[0].message
    assert message.startswith("the notebook's kernel ended: ") and message.endswith("so long")


@pytest.fixture
def on_disk(folder):
    """The notebooks of the deck as files, without having been run."""
    contents = made(folder)
    for name, content in contents.items():
        Path(name).write_text(text_of(content))

    def compare(name: str = "part-1.ipynb") -> list[LectureError]:
        return list(differences(Path(name), made(folder)[name], folder.examples()))

    assert compare() == compare("part-2.ipynb") == []
    return compare


def edit(name: str, change) -> None:
    notebook = json.loads(Path(name).read_text())
    change(notebook)
    Path(name).write_text(json.dumps(notebook, indent=1))


def test_a_changed_cell_is_out_of_date_with_line_and_diff(on_disk):
    edit("part-1.ipynb", lambda notebook: notebook["cells"][4].update(source=["Say *goodbye*."]))
    (error,) = on_disk()
    assert error.message == "the cell 'part-1-one-told' is out of date; run `lecture notebooks`"
    assert "-Say *goodbye*.\n+Say *hello*." in error.diff
    line = Path("part-1.ipynb").read_text().splitlines()[error.where.line - 1]
    assert '"part-1-one-told"' in line


def test_missing_added_and_moved_cells_are_out_of_date(on_disk):
    edit("part-1.ipynb", lambda notebook: notebook["cells"].pop(4))
    edit("part-1.ipynb", lambda notebook: notebook["cells"].append({**notebook["cells"][0], "id": "mine"}))
    assert [error.message.split("'")[1] for error in on_disk()] == ["part-1-one-told", "mine"]
    edit("part-2.ipynb", lambda notebook: notebook["cells"].reverse())
    assert "the cells stand in another order" in on_disk("part-2.ipynb")[0].message


def test_an_output_that_is_not_what_the_session_says_is_out_of_date(on_disk, folder):
    output = {"output_type": "stream", "name": "stdout", "text": ["$ python hello.py\n", "hello 77\n"]}
    edit("part-1.ipynb", lambda notebook: notebook["cells"][8].update(outputs=[output]))
    assert on_disk() == []
    output["text"][1] = "goodbye\n"
    edit("part-1.ipynb", lambda notebook: notebook["cells"][8].update(outputs=[output]))
    assert "'session-01-hello' is out of date" in on_disk()[0].message


def test_what_jupyter_notes_about_a_kernel_does_not_count(on_disk):
    edit("part-1.ipynb", lambda notebook: notebook["metadata"].update(kernelspec={"name": "mine", "display_name": "x"}))
    edit("part-1.ipynb", lambda notebook: notebook["cells"][1].update(execution_count=7))
    edit("part-1.ipynb", lambda notebook: notebook["cells"][1]["metadata"].update(execution={"iopub.status.busy": "x"}))
    assert on_disk() == []


def test_a_slide_of_this_build_is_not_compared(on_disk):
    Path("deck.py").write_text(DECK.replace("1 commit", "2 commits"))
    assert on_disk() == []


@pytest.mark.parametrize(
    ("text", "message"), [(None, "is missing"), ("{", "cannot be read"), ("\xff", "cannot be read")]
)
def test_a_notebook_that_is_none_is_named(on_disk, text, message):
    Path("part-1.ipynb").unlink()
    if text is not None:
        Path("part-1.ipynb").write_bytes(text.encode("latin-1"))
    (error,) = on_disk()
    assert message in error.message and "lecture notebooks" in error.message


def command(*words: str, **options) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-W", "error", "-m", "lecture", "notebooks", *words]
    return subprocess.run(line, capture_output=True, text=True, check=False, **options)


def test_the_command_writes_and_then_finds_them_up_to_date(folder, tmp_path):
    (tmp_path / "tmp").mkdir()
    environment = os.environ | {"TMPDIR": str(tmp_path / "tmp")}
    deck("Slide('Only', Session('01_hello'))")
    result = command("deck.py", "--output", "here", env=environment)
    assert (result.returncode, result.stderr) == (0, "")
    assert "ok      deck.ipynb " in result.stdout and "1 notebook in here; " in result.stdout
    result = command("deck.py", "--output", "here", "--check", env=environment)
    assert (result.returncode, result.stderr) == (0, "")
    assert "1 notebook up to date; " in result.stdout
    assert os.listdir(tmp_path / "tmp") == []


def test_the_command_fails_when_they_are_out_of_date(folder):
    deck("Slide('Only', Bullet('x'))")
    result = command("deck.py", "--check")
    assert result.returncode == 1
    assert "error: notebooks/deck.ipynb:1: the notebook is missing; run `lecture notebooks`" in result.stderr
    assert not Path("notebooks").exists()


@pytest.mark.parametrize("missing", ["nbclient", "ipykernel"])
def test_without_its_libraries_the_command_says_what_to_install(folder, missing, tmp_path):
    (tmp_path / "without.py").write_text(
        f"import sys\nsys.modules[{missing!r}] = None\nfrom lecture.cli import main\nmain()\n"
    )
    words = [sys.executable, "without.py", "notebooks", "deck.py"]
    environment = os.environ | {"PYTHONPATH": str(Path(notebooks_module.__file__).parents[3])}
    result = subprocess.run(words, capture_output=True, text=True, check=False, env=environment)
    assert result.returncode == 1
    assert f"there is no {missing}: pip install 'tutorial-of-doom[notebooks]'" in result.stderr


@pytest.mark.parametrize(("sent", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_ends_its_kernel_and_leaves_nothing(folder, tmp_path, sent, status):
    os.mkfifo(tmp_path / "started")
    folder.write("01_hello", hello=f"import signal\nopen({str(tmp_path / 'started')!r}, 'w').close()\nsignal.pause()\n")
    deck("Slide('Only', Session('01_hello'))")
    (tmp_path / "tmp").mkdir()
    environment = os.environ | {"TMPDIR": str(tmp_path / "tmp")}
    words = [sys.executable, "-m", "lecture", "notebooks", "deck.py"]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        (tmp_path / "started").read_bytes()
        run.send_signal(sent)
        _, err = run.communicate(timeout=30)
    assert (run.returncode, err) == (status, "\ninterrupted\n")
    assert os.listdir(tmp_path / "tmp") == []
    assert not (tmp_path / "notebooks").exists()
