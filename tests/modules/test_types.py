"""The types of Deferreds and of interfaces, as mypy sees them."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.own_promise("its types are its own")
@pytest.mark.parametrize("program", ["typed_deferreds.py", "typed_interfaces.py"])
def test_mypy_knows_what_fits_and_finds_what_does_not(tmp_path, program):
    pytest.importorskip("mypy")
    options = ["--strict", "--no-incremental", "--follow-imports=silent", f"--cache-dir={tmp_path}"]
    command = [sys.executable, "-m", "mypy", *options, f"tests/support/{program}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT)
    assert done.stdout.strip() == "Success: no issues found in 1 source file", done.stdout + done.stderr
