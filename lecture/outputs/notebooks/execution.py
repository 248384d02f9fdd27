"""Runs a notebook in a kernel, and holds what its sessions print against what they are said to print.

From top to bottom, and once more in the same kernel, as students do; then only the last of its sessions and worlds,
which know nothing of the kernel and have run a moment ago. The kernel is this very interpreter with its own
empty profile, whatever is registered as `python3` on this machine; nothing of the user's configuration or history
plays a part. What a session printed is judged here and not by the kernel, by the rule for every session of the lecture.
"""

from __future__ import annotations

import copy
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from difflib import unified_diff
from pathlib import Path
from typing import Any

from lecture.errors import LectureError, Where
from lecture.outputs.notebooks.cells import LIVE
from lecture.outputs.notebooks.workspace import EXAMPLES_VARIABLE, expected_transcript
from lecture.programs import Examples
from lecture.programs.compare import lines_fit
from lecture.programs.needs import missing
from lecture.programs.processes.scratch import PACKAGES
from lecture.programs.session import read_session
from lecture.programs.temporary import temporary_folder

try:
    import ipykernel  # noqa: F401  # run by its name, in a process of its own
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellControlSignal, CellExecutionError
except ImportError as error:
    raise LectureError(
        f"notebooks are run by nbclient and ipykernel, and there is no {error.name}: "
        "pip install 'tutorial-of-doom[notebooks]'"
    ) from error

CELL_DEADLINE_S = 600  # every session has a deadline of its own; this one is for a kernel that hangs
START_DEADLINE_S = 60
LANGUAGE_INFO = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python", "pygments_lexer": "ipython3"}
KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


class _ThisInterpreter(KernelSpecManager):
    """Knows one kernel: the interpreter that this program runs on."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name=KERNEL["display_name"], language=KERNEL["language"])


async def execute(notebook: Any, name: str, examples: Examples) -> None:
    """Run all cells, twice; the notebook keeps the outputs of the first time.

    name: for messages, "part-1.ipynb".
    Raises LectureError when a cell fails, or a session prints something else than session.txt says.
    """
    async with _kernel(notebook, examples) as client:
        await _run_all(client, notebook.cells, name, examples)
        again = copy.deepcopy(notebook.cells)
        for cell in [cell for cell in again if session_of(cell)][:-1]:
            cell.cell_type = "raw"
        await _run_all(client, again, name, examples)
        client.nb.cells = notebook.cells


async def _run_all(client: Any, cells: list[Any], name: str, examples: Examples) -> None:
    client.nb.cells = cells
    for number, cell in enumerate(cells, 1):
        if cell.cell_type == "code":
            await _run(client, cell, number, f"{name}, cell {number}")
            _hold(cell, f"{name}, cell {number}", examples)


@asynccontextmanager
async def _kernel(notebook: Any, examples: Examples) -> AsyncIterator[Any]:
    """A client with a kernel that was started for it, and ends with it."""
    with (
        temporary_folder("kernel") as folder,
        open(folder / "log", "w+b") as log,  # what Jupyter logs; shown when a kernel dies
    ):
        manager = AsyncKernelManager(
            kernel_name=KERNEL["name"],
            kernel_spec_manager=_ThisInterpreter(),
            connection_file=str(folder / "kernel.json"),
            **_transport(folder / "kernel"),
        )
        options = {"timeout": CELL_DEADLINE_S, "record_timing": False, "coalesce_streams": True}
        client = NotebookClient(copy.copy(notebook), km=manager, **options)
        start = {"env": _environment(str(folder), examples), "cwd": str(folder), "stdout": log, "stderr": log}
        try:
            await manager.start_kernel(extra_arguments=_NO_HISTORY, **start)
            client.kc = manager.client()
            client.kc.start_channels()
            await client.kc.wait_for_ready(timeout=START_DEADLINE_S)
            yield client
        except RuntimeError as error:  # nbclient's word for a kernel that died or never answered
            log.seek(0)
            said = "\n".join(log.read().decode(errors="replace").splitlines()[-20:])
            raise LectureError(f"the notebook's kernel ended: {error}\n{said}".rstrip()) from error
        finally:
            if client.kc is not None:
                client.kc.stop_channels()
            if manager.has_kernel:
                await manager.shutdown_kernel()


def _transport(place: Path) -> dict[str, str]:
    """Sockets in our folder, which no other user may open; the system allows some 100 bytes for their names."""
    return {"transport": "ipc", "ip": str(place)} if len(os.fsencode(place)) < 90 else {"transport": "tcp"}


_NO_HISTORY = ["--HistoryManager.enabled=False"]


def _environment(folder: str, examples: Examples) -> dict[str, str]:
    source = "" if PACKAGES.name in ("site-packages", "dist-packages") else str(PACKAGES)
    changed = {
        EXAMPLES_VARIABLE: str(examples.root.resolve()),
        "IPYTHONDIR": folder,
        "TMPDIR": folder,  # goes with the folder, even if the kernel dies before it has tidied up
        "PYTHONPATH": os.pathsep.join(entry for entry in (source, os.environ.get("PYTHONPATH", "")) if entry),
    }
    # What Jupyter's own libraries are warned of is not the lecture's business.
    dropped = ("PYTHONWARNINGS", "PYTHONDEVMODE", "PYTHONASYNCIODEBUG")
    return {name: value for name, value in os.environ.items() if name not in dropped} | changed


async def _run(client: Any, cell: Any, number: int, where: str) -> None:
    try:
        await client.async_execute_cell(cell, number - 1)
    except CellExecutionError as error:
        raise LectureError(f"{where}: {_first_line(cell)} failed: {error.ename}: {error.evalue}") from error
    except CellControlSignal as error:
        raise LectureError(f"{where}: {_first_line(cell)} did not end: {error}") from error


def _hold(cell: Any, where: str, examples: Examples) -> None:
    """Raise LectureError unless a cell printed what it was meant to: a session its transcript, others nothing.

    A session that can't be run on this machine says so, and that is not judged. Nor are the picture of
    a run, the task of an exercise, and what a cell of a live notebook displays.
    """
    example = session_of(cell)
    expected, place = [], None
    if example is not None:
        session = read_session(examples.session_path(example))
        if missing(session):
            return
        expected, place = expected_transcript(session), Where(session.path, 1)
    displays = cell.source.startswith(("%%world ", "%exercise ")) or LIVE in cell.metadata.get("tags", [])
    shown = [one for one in cell.outputs if not (displays and one.output_type in ("display_data", "execute_result"))]
    if lines_fit(expected, list(_output_lines(shown))):
        return
    printed = [line for output in shown if _is_print(output) for line in _lines(output.text)]
    diff = "\n".join(unified_diff(expected, printed, "what it was meant to print", "what it printed", lineterm=""))
    raise LectureError(f"{where}: {_first_line(cell)} printed something else than it should", where=place, diff=diff)


def session_of(cell: Any) -> str | None:
    """The example whose session a cell runs; None for every other cell."""
    if cell.cell_type != "code" or not cell.source.startswith(("%%session ", "%%world ")):
        return None
    return str(cell.source).partition("\n")[0].split()[1]


def output_lines_of(cell: Any) -> list[str]:
    """All that a cell shows below itself, as lines; what is not plain output is named, so that it is noticed."""
    return list(_output_lines(cell.get("outputs", [])))


def _output_lines(outputs: list[Any]) -> Iterator[str]:
    for output in outputs:
        if _is_print(output):
            yield from _lines(output.text)
        else:
            yield f"({output.output_type})"
            yield from _lines(str(output.get("text", output.get("data", {}).get("text/plain", ""))))


def _is_print(output: Any) -> bool:
    return bool(output.output_type == "stream" and output.name == "stdout")


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n")


def _first_line(cell: Any) -> str:
    return f"`{cell.source.partition(chr(10))[0]}`"
