"""What the cells of a notebook can say once `%reload_ext lecture.notebook` has run (or `%load_ext`, the first time):

    %%program 03_echo/server.py     save what stands below as that program, in a folder of the student's own
    %%session 03_echo               type the commands below, as in a terminal, and show what the programs printed
    %session 03_echo                the same with the commands of the lecture

A mistake in a cell is answered with a sentence, not with a traceback through our code. The work is done in
`lecture.outputs.notebooks.workspace`; here is only what IPython has to know. The name is short since readers type it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from IPython.core.display_functions import publish_display_data
from IPython.core.error import UsageError
from IPython.core.magic import Magics, cell_magic, line_cell_magic, magics_class, no_var_expand

from lecture.errors import LectureError
from lecture.outputs.notebooks.workspace import current_workspace

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


@magics_class
class LectureMagics(Magics):
    """The two words that IPython learns."""

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


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Called by `%load_ext`."""
    shell.register_magics(LectureMagics)
