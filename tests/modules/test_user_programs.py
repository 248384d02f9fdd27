"""Programs of users pass mypy and pyright, wherever they are, with nothing but our editable install.

The programs of user_programs/ are written as people write for `mypy --strict`, those of examples/ as newcomers write,
without an annotation. Both are copied to a folder that knows nothing of this repository: what a checker knows of
`reactor` there it has from the interpreter alone.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.own_promise("its types are its own")

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"

BRINGS_NO_TYPES = {"15_gtk/window.py"}  # it imports gi


def said_by(checker, folder, *options):
    """What a checker prints about all that is in a folder."""
    command = [sys.executable, "-m", checker, *options, "."]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, check=False, cwd=folder).stdout


def said_by_mypy(folder, *options):
    return said_by("mypy", folder, "--config-file=", f"--cache-dir={folder / '.cache'}", "--no-incremental", *options)


def said_by_pyright(folder, mode):
    settings = {
        "typeCheckingMode": mode,
        "enableTypeIgnoreComments": True,
        "reportUnnecessaryTypeIgnoreComment": "error",
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    return said_by("basedpyright", folder, "--level", "error", "--pythonpath", sys.executable)


def flat(example):
    """The name of an example in one folder with all the others; a module's must not begin with a digit."""
    return f"example_{example.parent.name}_{example.name}"


@pytest.fixture
def programs(tmp_path):
    """The typed programs, somewhere else."""
    for program in sorted((HERE / "user_programs").glob("*.py")):
        (tmp_path / program.name).write_text(program.read_text())
    return tmp_path


@pytest.fixture
def examples(tmp_path):
    """All examples in one folder, somewhere else; they find the modules beside them under the names they have there."""
    for example in sorted(EXAMPLES.glob("*/*.py")):
        if example.relative_to(EXAMPLES).as_posix() in BRINGS_NO_TYPES:
            continue
        beside = "|".join(path.stem for path in example.parent.glob("*.py"))
        text = re.sub(
            rf"^(from|import) (?=(?:{beside})\b)",
            rf"\1 example_{example.parent.name}_",
            example.read_text(),
            flags=re.M,
        )
        (tmp_path / flat(example)).write_text(text)
    return tmp_path


def test_typed_programs_outside_the_repository_pass_mypy_strict_and_their_mistakes_are_found(programs):
    said = said_by_mypy(programs, "--strict")
    assert said.startswith("Success"), said


def test_typed_programs_outside_the_repository_pass_pyright_and_their_mistakes_are_found(programs):
    said = said_by_pyright(programs, "standard")
    assert said.startswith("0 errors"), said


def test_programs_without_annotations_pass_mypy(examples):
    said = said_by_mypy(examples, "--check-untyped-defs")
    assert said.startswith("Success"), said


def test_programs_without_annotations_pass_pyright(examples):
    said = said_by_pyright(examples, "basic")
    assert said.startswith("0 errors"), said
