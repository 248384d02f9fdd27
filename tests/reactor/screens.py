"""Programs with windows, on a screen that nobody sees."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NO_DESKTOP = {"NO_AT_BRIDGE": "1", "GTK_A11Y": "none", "GSETTINGS_BACKEND": "memory", "GDK_BACKEND": "x11"}
DEADLINE_S = 30.0

needs_a_screen = pytest.mark.skipif(
    not shutil.which("xvfb-run"), reason="there is no screen for windows: xvfb, xauth on Debian"
)


def output_on_a_screen(python, program, *args):
    """The lines that a program printed, which ended by itself and well. The screen is gone afterwards, too."""
    process = subprocess.Popen(
        ["xvfb-run", "-a", python, "-c", program, *args],
        env={**os.environ, **NO_DESKTOP, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            output, complaints = process.communicate(timeout=DEADLINE_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    assert process.returncode == 0, complaints
    return output.splitlines()
