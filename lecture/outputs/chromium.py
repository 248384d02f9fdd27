"""A headless Chromium, for what only a browser can say or print. It ends with all its processes and leaves nothing."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from lecture.errors import LectureError

# The first two have no windows at all, and need a third of the others' time.
PROGRAMS = (
    *("chromium-headless-shell", "chrome-headless-shell"),
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"),
)
DEADLINE_S = 300.0  # a long PDF on a busy machine
_OPTIONS = ("--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-extensions")


def browser() -> str | None:
    """The path of a Chromium on this machine, or None."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def run(program: str, page: Path, *options: str) -> str:
    """What the browser prints. page: a file for it to open. options: of its command line.

    Raises LectureError when it isn't done after DEADLINE_S.
    """
    with tempfile.TemporaryDirectory(prefix="lecture-browser-", ignore_cleanup_errors=True) as profile:
        # Chromium refuses root otherwise; it opens only our own file.
        as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        command = [program, *as_root, *_OPTIONS, f"--user-data-dir={profile}", *options, page.resolve().as_uri()]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8", start_new_session=True
        ) as process:
            try:
                return process.communicate(timeout=DEADLINE_S)[0]
            except subprocess.TimeoutExpired:
                raise LectureError(f"{program} wasn't done with {page.name} in {DEADLINE_S:g} s") from None
            finally:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)
