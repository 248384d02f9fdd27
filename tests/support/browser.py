"""A real browser, without a window."""

import os
import signal
import subprocess
from contextlib import contextmanager
from pathlib import Path

from lecture.outputs import chromium

CHROMIUM = chromium.browser()

# Nothing of its own to ask the network for.
_NAMES = "no-sandbox disable-gpu disable-quic no-first-run disable-background-networking disable-component-update"
OPTIONS = [f"--{name}" for name in [*_NAMES.split(), "disable-sync"]]


@contextmanager
def chromium(url, profile: Path):
    """A browser without a window, at this address, with nothing of its own to ask the network for."""
    process = subprocess.Popen(
        [CHROMIUM, "--headless", *OPTIONS, f"--user-data-dir={profile}", "--remote-debugging-port=0", url],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
