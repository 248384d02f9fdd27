"""What the cells of a notebook can say once `%reload_ext lecture.notebook` has run (or `%load_ext`, the first time):

    %%program 03_echo/server.py     save what stands below as that program, in a folder of the student's own
    %%session 03_echo               type the commands below, as in a terminal, and show what the programs printed
    %session 03_echo                the same with the commands of the lecture
    %exercise 8                     show the task of an exercise, and its program in a cell below
    %%check 8                       grade what stands below
    %%original                      above the text of a cell: put back what it was

and with these the words of `reactor.notebook`, which it loads too. That one finds these here by an entry point: whoever
loads either has all of them.

A mistake in a cell is answered with a sentence, not with a traceback through our code. The work is done in
`lecture.outputs.notebooks.workspace` and `lecture.exercises`; here is only what IPython has to know. The name is short
since readers type it.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from IPython.core.display_functions import publish_display_data
from IPython.core.error import UsageError
from IPython.core.magic import Magics, cell_magic, line_cell_magic, line_magic, magics_class, no_var_expand

from lecture.decks.load import deck_folder, default_deck, load_deck
from lecture.errors import LectureError
from lecture.exercises.beliefs import belief_behind
from lecture.exercises.confined import grade_confined, replay_confined
from lecture.exercises.folder import Exercise, exercises_near
from lecture.exercises.telling import told
from lecture.exercises.workbook import Workbook
from lecture.outputs.notebooks.stepping import with_stepper
from lecture.outputs.notebooks.workspace import current_workspace
from lecture.programs import Examples
from lecture.programs.examples import find_folder
from lecture.programs.temporary import temporary_folder
from reactor import notebook
from reactor.notebook.magics import ReactorMagics, show_timeline

WORKBOOK = Path("workbook")  # where the command line keeps what was solved: both know the same

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


@magics_class
class LectureMagics(Magics):
    """The words that IPython learns; `%%world` learns to show the stepper."""

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        ReactorMagics.show_run = with_stepper

    @no_var_expand
    @cell_magic
    def program(self, line: str, cell: str) -> None:
        """Save this cell as a program: `%%program 03_echo/server.py`."""
        try:
            current_workspace().save(line.strip(), cell)
        except LectureError as error:
            raise UsageError(error.message) from None

    @no_var_expand
    @line_cell_magic
    def session(self, line: str, cell: str = "") -> None:
        """Run the session of an example: `%%session 03_echo`, and below it commands such as `$ python client.py`."""
        try:
            replay = current_workspace().replay(line.strip(), cell)
        except LectureError as error:
            raise UsageError(error.message) from None
        except KeyboardInterrupt:
            raise UsageError("the session was stopped, and its programs with it") from None
        print(replay.transcript, end="", flush=True)
        if replay.remark:
            publish_display_data({"text/plain": replay.remark})  # type: ignore[no-untyped-call]  # it has no types

    @no_var_expand
    @line_cell_magic
    def original(self, line: str, cell: str = "") -> None:
        """Put this cell back to what the lecture's notebook has: write `%%original` above its text, and run it."""
        assert self.shell is not None
        parent = getattr(self.shell, "parent_header", {})  # of kernels: which cell it is, if the editor says so
        try:
            text = _original(str(parent.get("metadata", {}).get("cellId", "")), cell.lstrip("\n").partition("\n")[0])
        except LectureError as error:
            raise UsageError(error.message) from None
        self.shell.set_next_input(text, replace=True)

    @line_magic
    def exercise(self, line: str) -> None:
        """Show the task of an exercise, by its name or number, and put its program into a cell below; without: list."""
        try:
            book = _workbook()
            if not line.strip():
                for one in book.exercises:
                    print(f"{'✓' if book.is_solved(one) else '·'} {one.name:32} {one.title}")
                return
            exercise = book.find(line.strip())
            task = (exercise.folder / "task.md").read_text(encoding="utf-8").partition("\n## Hints")[0].strip()
            program = (exercise.folder / exercise.file).read_text(encoding="utf-8").rstrip()
        except LectureError as error:
            raise UsageError(error.message) from None
        publish_display_data({"text/markdown": task, "text/plain": task})  # type: ignore[no-untyped-call]  # no types
        assert self.shell is not None
        self.shell.set_next_input(f"%%check {exercise.name}\n{program}")

    @no_var_expand
    @cell_magic
    def check(self, line: str, cell: str) -> None:
        """Grade this cell as `lecture exercises try` grades a file: `%%check 08_two_in_one`."""
        try:
            book = _workbook()
            exercise = book.find(line.strip())
            _check(book, exercise, cell)
        except LectureError as error:
            raise UsageError(error.message) from None
        except KeyboardInterrupt:
            raise UsageError("the grader was stopped") from None


def _workbook() -> Workbook:
    """The exercises nearest to the notebook, a teacher's own, else those of the tutorial."""
    try:
        found = exercises_near(Path.cwd())
    except LectureError:
        found = exercises_near(Path(__file__).parent)
    return Workbook(WORKBOOK, found)


def _original(name: str, first_line: str) -> str:
    """The text of the cell with this id, else of the only one that begins with this line. Raises LectureError."""
    from lecture.outputs.notebooks.write import make_notebooks

    lecture = load_deck(default_deck())
    notebooks = make_notebooks(lecture, Examples(find_folder(deck_folder(lecture))))
    cells = [cell for one in notebooks for cell in one.content.cells if cell.cell_type == "code"]
    found = {cell.source for cell in cells if cell.id == name} or {
        cell.source for cell in cells if first_line and cell.source.partition("\n")[0] == first_line
    }
    if len(found) != 1:
        raise LectureError(
            f"the lecture has {'several cells that begin' if found else 'no cell that begins'} with {first_line!r}: "
            "give the cell its old first line, such as %%program 03_echo/server.py"
        )
    return str(found.pop())


def _check(book: Workbook, exercise: Exercise, text: str) -> None:
    """Say the verdict, and show the run in which it fails."""
    with temporary_folder("handed-in") as folder:
        for path in exercise.given:
            shutil.copy(path, folder / path.name)
        own = folder / exercise.file
        own.write_text(text, encoding="utf-8")
        verdict = grade_confined(exercise, own)
        print(told(exercise, verdict, belief_behind(exercise, verdict)), flush=True)
        if verdict.passed:
            book.solved(exercise)
        elif replay := replay_confined(exercise, own, verdict.failures[0]):
            files = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.py")}
            show_timeline(replay[0], files, exercise.title, replay[1])


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Called by `%load_ext`."""
    notebook.load_ipython_extension(shell)
    shell.register_magics(LectureMagics)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Called by `%unload_ext`, and by `%reload_ext` first."""
    notebook.unload_ipython_extension(shell)
