"""tools/setup and tools/pythons, on machines that have only what a test puts there.

The interpreters are fakes, little shell scripts that answer what the tools ask of one. A test decides which of them are
on PATH; besides them there are the common utilities and nothing else.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "tools"
UTILITIES = ("sh", "awk", "cat", "cksum", "cut", "dirname", "env", "head", "mkdir", "cp", "rm", "sort")

# Answers to: -c PROGRAM (what are you?), -V, -m venv --clear FOLDER, -m pip install. Keeps a diary of the last two.
FAKE = """#!/bin/sh
case "$1 $2" in
    "-V "*) echo "Python {version}.7" ;;
    "-c "*) echo "{version} $0" ;;
    "-m venv") echo "venv" >>"$DIARY"; rm -rf "$4"; mkdir -p "$4/bin"; cp "$0" "$4/bin/python" ;;
    "-m pip") echo "pip" >>"$DIARY"; [ -z "$NO_NETWORK" ] || {{ echo "no route to host"; exit 1; }} ;;
esac
"""
SHIM = """#!/bin/sh
echo "pyenv: $0: command not found" >&2
exit 127
"""


class Machine:
    """A home with a clone of the repository in it, and a PATH on which nothing is but what was put there."""

    def __init__(self, folder: Path) -> None:
        self.clone = folder / "a clone"
        self.bin = folder / "bin"
        self.diary = folder / "diary"
        self.environment = {"HOME": str(folder), "PATH": str(self.bin), "DIARY": str(self.diary)}
        self.bin.mkdir()
        for name in UTILITIES:
            (self.bin / name).symlink_to(shutil.which(name))
        (self.clone / "tools").mkdir(parents=True)
        for tool in ("setup", "pythons", "test-all"):
            shutil.copy(TOOLS / tool, self.clone / "tools" / tool)
        (self.clone / "pyproject.toml").write_text("[project]\n")

    def install(self, name: str, text: str) -> Path:
        """Put a program on PATH, or anywhere below the home when the name is a path."""
        program = self.bin / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(text)
        program.chmod(0o755)
        return program

    def python(self, version: str, name: str | None = None) -> Path:
        return self.install(name or f"python{version}", FAKE.format(version=version))

    def run(self, tool: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.clone / "tools" / tool, *arguments],
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def done(self) -> list[str]:
        """What the interpreters were asked to do since the last call."""
        lines = self.diary.read_text().split() if self.diary.exists() else []
        self.diary.unlink(missing_ok=True)
        return lines


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_the_newest_python_that_runs_is_found_first(machine):
    machine.python("3.11")
    machine.python("3.13")
    machine.install("python3.14", SHIM)
    found = machine.run("pythons")
    assert found.stdout == f"3.13 {machine.bin}/python3.13\n3.11 {machine.bin}/python3.11\n"
    assert "python3.14: pyenv:" in found.stderr


def test_pythons_in_the_folders_of_pyenv_come_after_those_on_path(machine):
    machine.python("3.11", "python3")
    machine.python("3.12", "../.pyenv/versions/3.12.1/bin/python3")
    machine.python("3.13", "../.pyenv/versions/3.13.0/bin/python3")
    assert [line.split()[0] for line in machine.run("pythons").stdout.splitlines()] == ["3.11", "3.13", "3.12"]


def test_a_version_is_listed_once(machine):
    machine.python("3.12")
    machine.python("3.12", "python3")
    assert machine.run("pythons").stdout.count("3.12 ") == 1


def test_without_any_python_setup_says_what_to_install(machine):
    machine.install("python3.12", '#!/bin/sh\necho "has no venv; install it" >&2\nexit 1\n')
    failed = machine.run("setup")
    assert failed.returncode == 1
    assert "python3.12: has no venv; install it" in failed.stderr
    assert "sudo apt install python3 python3-venv" in failed.stderr


def test_a_real_python_answers_what_it_is(machine):
    answer = machine.run("pythons", sys.executable, PATH=os.environ["PATH"])
    version, _, path = answer.stdout.strip().partition(" ")
    assert version.startswith("3.")
    assert Path(path).exists()


def test_the_second_setup_does_nothing(machine):
    machine.python("3.12")
    assert machine.run("setup").returncode == 0
    assert machine.done() == ["venv", "pip"]
    again = machine.run("setup")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert machine.done() == []


def test_a_new_python_on_the_machine_changes_nothing(machine):
    machine.python("3.12")
    machine.run("setup")
    machine.done()
    machine.python("3.13")
    machine.run("setup")
    assert machine.done() == []


def test_a_changed_pyproject_is_installed_into_the_same_environment(machine):
    machine.python("3.12")
    machine.run("setup")
    machine.done()
    (machine.clone / "pyproject.toml").write_text("[project]\ndependencies = []\n")
    machine.run("setup")
    assert machine.done() == ["pip"]
    machine.run("setup")
    assert machine.done() == []


def test_an_interrupted_install_begins_anew(machine):
    machine.python("3.12")
    failed = machine.run("setup", NO_NETWORK="yes")
    assert failed.returncode == 1
    assert "no route to host" in failed.stderr
    machine.done()
    assert machine.run("setup").returncode == 0
    assert machine.done() == ["venv", "pip"]


def test_an_environment_that_lost_its_interpreter_is_made_again(machine):
    machine.python("3.12")
    machine.run("setup")
    machine.done()
    (machine.clone / ".venv" / "bin" / "python").unlink()
    assert machine.run("setup").returncode == 0
    assert machine.done() == ["venv", "pip"]


def test_a_clone_that_moved_gets_a_new_environment(machine):
    machine.python("3.12")
    machine.run("setup")
    machine.done()
    machine.clone = machine.clone.rename(machine.clone.with_name("elsewhere"))
    machine.run("setup")
    assert machine.done() == ["venv", "pip"]


def test_an_environment_that_is_a_link_is_left_alone(machine, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "mine").touch()
    machine.python("3.12")
    (machine.clone / ".venv").symlink_to(tmp_path / "elsewhere")
    done = machine.run("setup")
    assert done.returncode == 1 and ".venv is a link" in done.stderr
    assert (tmp_path / "elsewhere" / "mine").exists() and not machine.diary.exists()


def test_another_python_is_used_when_it_is_named(machine):
    machine.python("3.12")
    machine.run("setup")
    machine.done()
    other = machine.python("3.13", "../other")
    assert machine.run("setup", PYTHON=str(other)).returncode == 0
    assert machine.done() == ["venv", "pip"]
    assert "Python 3.13.7 in" in (machine.clone / ".venv" / "made-for").read_text()


def test_a_python_that_is_named_but_is_not_there_is_an_error(machine):
    machine.python("3.12")
    failed = machine.run("setup", PYTHON="python2")
    assert failed.returncode == 1
    assert "python2: is not a program that can be run" in failed.stderr


TESTING = (
    FAKE
    + """
case "$2" in
    pytest) echo "{version} is tested"; exit {status} ;;
esac
"""
)


def test_every_python_is_tested_and_one_failure_fails_the_whole(machine):
    machine.install("python3.11", TESTING.format(version="3.11", status=1))
    machine.install("python3.12", TESTING.format(version="3.12", status=0))
    result = machine.run("test-all")
    assert result.returncode == 1
    output = result.stdout + result.stderr
    assert "3.11 is tested" in output
    assert "3.12 is tested" in output
    assert result.stdout.endswith("3.11 FAILED\n3.12 passed\n")
