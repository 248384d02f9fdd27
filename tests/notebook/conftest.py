"""A kernel as Jupyter has it, in a process of its own; and IPython in this one, where no loop is needed."""

from __future__ import annotations

import atexit
import os
import sys
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager

ROOT = Path(__file__).parents[2]
DEADLINE_S = 60


class ThisInterpreter(KernelSpecManager):
    """Knows one kernel: this interpreter."""

    def get_kernel_spec(self, kernel_name):
        return KernelSpec(argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"])


class Kernel:
    """Runs cells one after the other."""

    def __init__(self, folder: Path) -> None:
        self.manager = KernelManager(
            kernel_spec_manager=ThisInterpreter(), transport="ipc", connection_file=str(folder / "kernel.json")
        )
        environment = dict(os.environ, PYTHONPATH=str(ROOT), IPYTHONDIR=str(folder / "ipython"))
        self.manager.start_kernel(env=environment, cwd=str(folder))
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=DEADLINE_S)

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def interrupt(self) -> None:
        self.manager.interrupt_kernel()

    def run(self, code: str, interrupt_at: str | None = None) -> str:
        """What the cell shows: its prints, its result, or the error. interrupt_at: interrupt it when it prints this."""
        request = self.client.execute(code)
        shown = ""
        while True:
            message = self.client.get_iopub_msg(timeout=DEADLINE_S)
            content = message["content"]
            if message["parent_header"].get("msg_id") != request:
                continue
            shown += content.get("text", "") or content.get("data", {}).get("text/plain", "")
            if message["msg_type"] == "error":
                shown += f"{content['ename']}: {content['evalue']}"
            if content.get("execution_state") == "idle":
                return shown
            if interrupt_at is not None and interrupt_at in shown:
                interrupt_at = None
                self.interrupt()


@pytest.fixture(scope="session")
def kernel(tmp_path_factory):
    kernel = Kernel(tmp_path_factory.mktemp("k"))
    yield kernel
    kernel.close()


@pytest.fixture
def shell(monkeypatch, tmp_path):
    """IPython without a loop that runs between the cells, as in a terminal."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])  # the shell puts its own there
    monkeypatch.chdir(tmp_path)
    shell = InteractiveShell()
    shell.run_line_magic("load_ext", "reactor.notebook")
    yield shell
    shell.atexit_operations()
    atexit.unregister(shell.atexit_operations)
