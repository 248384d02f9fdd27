"""The lecture's sessions in Pyodide: CPython in WebAssembly, as in a browser's page, here under Node."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from lecture.outputs.play.programs import MISSING
from lecture.programs import Examples
from lecture.programs.compare import Result, command_fits, session_diff
from lecture.programs.not_simulated import read_exceptions, uses_the_reactor
from lecture.programs.session import read_session

ROOT = Path(__file__).parents[3]
PYODIDE = ROOT / ".cache" / "pyodide" / "node_modules" / "pyodide"


def sessions():
    """Those that are replayed in the simulated world, but for what Pyodide has not."""
    examples = Examples(ROOT / "examples")
    left_out = read_exceptions(examples.root, examples.names())
    left_out = {*left_out, "71_manhole/wrong/open_door"}  # since Python 3.13 a prompt's traceback shows the line, too
    for name in examples.names():
        path = examples.session_path(name)
        words = "".join(path.read_text("utf-8") for path in (*path.parent.glob("*.py"), path))
        if name not in left_out and uses_the_reactor(path) and not any(word in words for word in MISSING):
            yield read_session(path)


def test_sessions_print_in_pyodide_what_they_print_anywhere():
    if not (PYODIDE / "pyodide.mjs").exists() or shutil.which("node") is None:
        pytest.skip("Pyodide is not installed: tools/pyodide does it")
    expected = {session.example: session for session in sessions()}
    assert len(expected) >= 20
    paths = {f"/repository/{session.path.relative_to(ROOT).as_posix()}": name for name, session in expected.items()}
    command = ["node", "tests/sim/pyodide.mjs", PYODIDE, ROOT, "lecture/programs/simulation/__main__.py", *paths]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    answers = {paths[answer["session"]]: answer for answer in map(json.loads, done.stdout.splitlines())}
    assert answers.keys() == expected.keys()
    for name, session in expected.items():
        results = [Result(**result) for result in answers[name].get("results", [])]
        diff = session_diff(session, results, session.path.read_text("utf-8")) if results else answers[name]
        assert results and all(map(command_fits, session.commands, results)), diff
