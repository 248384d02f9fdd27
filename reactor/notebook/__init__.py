"""The reactor in a notebook: `%load_ext reactor.notebook` (`%reload_ext`, in a cell that is run again and again).

    %load_ext reactor.notebook      from now on the reactor runs in the notebook's own loop, between the cells too

    reactor.listenTCP(7771, …)      in one cell,
    reactor.connectTCP(…)           in the next; and `await deferred` at the top level of any

    %%world seed=7 loss=0.1         run the programs of this cell in a simulated world, and show what happened
    %step                           go through that run, one event at a time; `%step?` says how else

Four ideas. *One loop*: a kernel waits for cells in an asyncio loop, and a thread can have no second one, so the reactor
is its guest (`shared_loop.py`). *Cells are run again*: a port that a cell opened is given up when the cell
opens it anew. *Who blocks is named* (`watching.py`): a loop that stands still serves nobody, and shows nothing, so a
thread looks, and says which line it is. *A cell can be a world* (`world.py`): its programs get hosts, a network and a
clock of their own, and the run can be gone through forwards and back.

Other packages add words by an entry point in the group `reactor.notebook` that names a class of magics: `lecture` does,
for exercises. IPython is needed when this is loaded, and by nothing else of `reactor`.
"""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

GROUP = "reactor.notebook"


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Called by `%load_ext`: join the loop that runs, and teach the notebook its words.

    Where no loop runs between the cells, as in IPython's terminal, only the words are there.
    Raises UsageError when the program has a reactor already, which earlier cells may hold.
    """
    from reactor.notebook.magics import ReactorMagics
    from reactor.notebook.shared_loop import join

    join(shell)
    shell.register_magics(ReactorMagics)
    shell.register_magics(*(entry.load() for entry in entry_points(group=GROUP)))


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Called by `%unload_ext`, and by `%reload_ext` before it loads. The reactor runs on: cells hold it."""
    from reactor.notebook.shared_loop import leave

    leave()
