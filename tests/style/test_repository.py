"""What holds for the repository as a whole: its dependencies, its commands, and what must not be in it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def committed_files() -> list[Path]:
    """Every file under version control, as git lists them."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("this is no clone: only git knows which files belong to the repository")
    return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


# Folders of one person's machine: a home directory, a build machine, a temporary folder with somebody's name.
A_MACHINE = re.compile(r"(?<![\w.~-])/(?:home|Users|root|work|workspace|builds)/[\w.]+|/tmp/[a-z]+/")


def test_no_file_mentions_a_place_on_one_machine():
    found: list[str] = []
    for path in committed_files():
        if path == Path(__file__) or b"\0" in (content := path.read_bytes()):
            continue
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
            found += [f"{path.relative_to(ROOT)}:{number} {place}" for place in A_MACHINE.findall(line)]
    assert not found, "\n".join(found)


def test_every_dependency_has_its_reason_beside_it():
    in_list = re.compile(r'^ {4}"(?P<name>[^"]+)",(?P<rest>.*)$', re.MULTILINE)
    table = read("pyproject.toml").partition("dependencies = [")[2].partition("[project.scripts]")[0]
    dependencies = list(in_list.finditer(table))
    assert len(dependencies) >= len(tomllib.loads(read("pyproject.toml"))["project"]["dependencies"])
    ours = [found for found in dependencies if not found["name"].startswith("tutorial-of-doom")]
    assert not [found["name"] for found in ours if not re.search(r"# \w+", found["rest"])]


def test_the_changelog_has_a_place_for_the_next_change():
    assert re.search(r"^## \[?Unreleased\]?$", read("CHANGELOG.md"), re.MULTILINE)


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))


def test_make_help_lists_every_target():
    shown = subprocess.run(["make", "-s", "-C", ROOT], capture_output=True, text=True, check=True, env=bare()).stdout
    assert set(re.findall(r"^  make (\S+)", shown, re.MULTILINE)) == targets()
    assert set(re.search(r"^\.PHONY: (.*)$", read("Makefile"), re.MULTILINE)[1].split()) == targets()


def bare() -> dict[str, str]:
    """The environment without what a make around these tests put there."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", ".ci/run", ".devcontainer/devcontainer.json"])
def test_every_make_command_exists(document):
    mentioned = set(re.findall(r"\bmake ([a-z][a-z-]*)", read(document)))
    assert mentioned <= targets() | {"sure"}, mentioned - targets()


def test_ci_runs_the_commands_of_the_readme():
    commands = set(re.findall(r"^make ([a-z-]+)", read("README.md"), re.MULTILINE))
    assert {"slides", "test"} <= commands
    assert {"slides", "test", "lint"} <= set(re.findall(r"^ *make ([a-z-]+)", read(".ci/run"), re.MULTILINE))


def test_the_workflow_runs_what_a_laptop_runs():
    workflow = read(".github/workflows/ci.yml")
    assert "run: bash .ci/run" in workflow
    assert re.findall(r'"(3\.\d+)"', workflow)[:4] == ["3.11", "3.12", "3.13", "3.14"]


def test_the_classifiers_and_the_workflow_begin_with_the_same_python():
    project = tomllib.loads(read("pyproject.toml"))["project"]
    oldest = project["requires-python"].removeprefix(">=")
    assert f'"{oldest}"' in read(".github/workflows/ci.yml")
    assert tomllib.loads(read("pyproject.toml"))["tool"]["mypy"]["python_version"] == oldest


def test_the_devcontainer_is_json():
    described = json.loads(read(".devcontainer/devcontainer.json"))
    assert described["postCreateCommand"] == "make setup"
    python = described["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"]
    assert python == "${containerWorkspaceFolder}/.venv/bin/python" and "\nsetup:" in read("Makefile")
    assert re.search(r":3\.1[1-9]", described["image"])


def test_binder_takes_a_python_that_will_do_and_installs_what_the_notebooks_need():
    oldest = tomllib.loads(read("pyproject.toml"))["project"]["requires-python"].removeprefix(">=")
    assert read(".binder/runtime.txt").strip() == f"python-{oldest}"
    assert '".[notebooks]"' in read(".binder/postBuild")


def test_the_configuration_of_the_classroom_is_python_and_its_document_names_each_of_its_variables():
    config = read("docs/classroom/jupyterhub_config.py")
    compile(config, "jupyterhub_config.py", "exec")
    variables = set(re.findall(r"CLASSROOM_[A-Z_]+", config)) - {"CLASSROOM_HUB_PORT"}
    assert variables <= set(re.findall(r"CLASSROOM_[A-Z_]+", read("docs/classroom.md")))


@pytest.mark.parametrize(
    "script",
    [
        ".ci/run",
        ".binder/postBuild",
        "tools/setup",
        "tools/pythons",
        "tools/test-all",
        "tools/mutants",
        "tools/site",
        "tools/classroom",
    ],
)
def test_a_script_can_be_run_and_parsed(script):
    assert os.access(ROOT / script, os.X_OK)
    shell = read(script).splitlines()[0].rpartition("/")[2].rpartition(" ")[2]
    subprocess.run([shell, "-n", ROOT / script], check=True)
