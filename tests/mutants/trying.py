"""Trying mutants: in copies of the tree, since the programs that tests start have to find them too."""

from __future__ import annotations

import importlib.util
import os
import queue
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from tests.mutants.judging import ROOT

# A mutant may send a signal to the wrong number. Where this is possible, it sees no processes but its own.
_APART = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "sh", "-c", '"$@"; exit $?', "sh"]


def copy_tree(to: Path) -> Path:
    """Copy what git knows of this tree, as it is now."""
    for name in subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True).split("\0")[:-1]:
        if (ROOT / name).exists():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)
    return to


def pytest_in(copy: Path, *arguments: str, timeout_s: float, **environment: str) -> tuple[int | None, str]:
    """Run pytest in a copy of the tree. Returns its exit code, None if it took too long, and what it printed."""
    command = [
        *_apart(),
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:lecture",
        *arguments,
    ]
    environment = {**os.environ, "PYTHONPATH": str(copy), "CI": "", **environment}
    with subprocess.Popen(
        command,
        cwd=copy,
        env=environment,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return None, ""
    return process.returncode, output


def _apart() -> list[str]:
    if shutil.which("unshare") and subprocess.run([*_APART, "true"], capture_output=True).returncode == 0:
        return _APART
    return []


class Copies:
    """Copies of the tree, each used by one mutant at a time."""

    def __init__(self, copies: list[Path]) -> None:
        self._free: queue.Queue[Path] = queue.Queue()
        for copy in copies:
            self._free.put(copy)

    def outcome(self, path: str, source: str, tests: list[str], timeout_s: float) -> str:
        """ "killed", "timed out" or "survived": what becomes of a file with this source in these tests."""
        if not tests:
            return "survived"
        copy = self._free.get()
        original = (copy / path).read_text(encoding="utf-8")
        try:
            _write(copy / path, source)
            (copy / "chosen").write_text("\n".join(tests), encoding="utf-8")
            code, output = pytest_in(copy, "-x", "@chosen", timeout_s=timeout_s)
        finally:
            _write(copy / path, original)
            self._free.put(copy)
        if code == 5 or "file or directory not found" in output:
            raise RuntimeError(f"pytest didn't find the tests for {path}:\n{output}")
        return {0: "survived", None: "timed out"}.get(code, "killed")


def _write(path: Path, source: str) -> None:
    """Write a source, and forget what is compiled: that is known by its size and the second in which it was written."""
    path.write_text(source, encoding="utf-8")
    Path(importlib.util.cache_from_source(path)).unlink(missing_ok=True)
