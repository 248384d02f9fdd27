"""What Binder does, as far as it can be done here: `.binder/postBuild` in an empty environment, then a notebook.

Binder's own image isn't tried: repo2docker needs Docker. `make classroom` runs this; CI does so at night.
"""

from __future__ import annotations

import os
import subprocess
import venv
from pathlib import Path

import pytest

pytest.importorskip("jupyterlab", reason="`make classroom` runs this")

ROOT = Path(__file__).parents[2]
EXECUTED = """\
import nbformat, nbclient, sys
notebook = nbformat.read(sys.argv[1], as_version=4)
nbclient.NotebookClient(notebook, kernel_name="python3", timeout=120).execute()
print([cell.outputs[0]["data"]["text/plain"] for cell in notebook.cells if cell.get("outputs")][:3])
"""


def test_the_build_makes_an_environment_in_which_a_notebook_runs_from_its_folder(tmp_path):
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", f"file://{ROOT}", str(clone)], check=True)
    venv.create(tmp_path / "env", with_pip=True)
    programs = tmp_path / "env" / "bin"
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    environment["PATH"] = f"{programs}{os.pathsep}{environment['PATH']}"
    subprocess.run([clone / ".binder" / "postBuild"], cwd=clone, env=environment, check=True)
    command = [programs / "python", "-c", EXECUTED, "live.ipynb"]
    done = subprocess.run(command, cwd=clone / "notebooks", env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == repr(["b'one soup'", "1", "b'ONE SOUP!'"])
