"""Programs with windows, on a screen that nobody sees."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from lecture.programs.processes.display import NO_DESKTOP, display

ROOT = Path(__file__).parents[2]
DEADLINE_S = 30.0

needs_a_screen = pytest.mark.skipif(not shutil.which("Xvfb"), reason="Xvfb is not installed")


def output_on_a_screen(python, program, *args):
    """The lines that a program printed, which ended by itself and well."""
    with display() as screen:
        done = subprocess.run(
            [python, "-c", program, *args],
            env={
                **os.environ,
                **NO_DESKTOP,
                "DISPLAY": screen,
                "GTK_A11Y": "none",
                "PYTHONPATH": str(ROOT),
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()
