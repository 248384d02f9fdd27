"""The pytest plugin: nothing unless asked, and then each session is a test."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.fixture
def project(pytester):
    for name, output in (("01_good", "hi"), ("02_bad", "ho")):
        folder = pytester.mkdir("examples") if not (pytester.path / "examples").exists() else pytester.path / "examples"
        (folder / name).mkdir()
        (folder / name / "session.txt").write_text(f"$ python a.py\n{output}\n")
        (folder / name / "a.py").write_text("print('hi')\n")
    return pytester


def run(project, *words):
    return project.runpytest_subprocess("-p", "no:cacheprovider", *words)


def test_without_being_asked_it_collects_nothing(project):
    project.makepyfile("def test_mine(): pass")
    run(project).assert_outcomes(passed=1)


def test_each_session_is_a_test_whose_failure_is_the_diff(project):
    result = run(project, "--lecture-examples=examples")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["*session 02_bad*", "*session.txt:2: `python a.py` printed something else*", "-ho", "+hi"]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_wrong_program_is_a_test_that_passes_when_it_fails_as_said(project):
    folder = project.path / "examples" / "01_good" / "wrong"
    for name, output in (("says_ho", "ho"), ("says_hum", "hm")):
        (folder / name).mkdir(parents=True)
        (folder / name / "session.txt").write_text(f"# fails: it says {output}\n$ python a.py\n{output}\n")
        (folder / name / "a.py").write_text("print('ho')\n")
    result = run(project, "--lecture-examples=examples", "examples/01_good")
    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(["*session 01_good/wrong/says_hum*"])


def test_the_folder_may_be_in_the_configuration(project):
    project.makeini("[pytest]\nlecture_examples = examples\ntestpaths = tests\n")
    project.mkdir("tests").joinpath("test_mine.py").write_text("def test_mine(): pass\n")
    run(project).assert_outcomes(passed=2, failed=1)
    run(project, "tests").assert_outcomes(passed=1)
    run(project, "examples/01_good").assert_outcomes(passed=1)


def test_a_session_elsewhere_is_left_alone(project):
    project.mkdir("other").joinpath("session.txt").write_text("$ false\n")
    run(project, "--lecture-examples=examples", ".").assert_outcomes(passed=1, failed=1)


def test_a_folder_that_is_not_there_is_a_usage_error(project):
    result = run(project, "--lecture-examples=nowhere")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*no folder of examples at *nowhere*"])


def test_loading_it_imports_nothing_of_ours_but_itself():
    program = (
        "import pytest, sys; before = set(sys.modules); import lecture.pytest_plugin; print(set(sys.modules) - before)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() in ("{'lecture', 'lecture.pytest_plugin'}", "{'lecture.pytest_plugin', 'lecture'}")


@pytest.mark.parametrize("words", [["--lecture-examples=examples"], []])
def test_the_folder_may_be_a_link_and_so_may_an_example(project, words):
    (project.path / "examples").rename(project.path / "real")
    (project.path / "examples").symlink_to("real")
    (project.path / "real" / "02_bad").rename(project.path / "bad")
    (project.path / "real" / "02_bad").symlink_to("../bad")
    project.makeini("[pytest]\ntestpaths = examples\n" + "lecture_examples = examples\n" * (not words))
    run(project, *words).assert_outcomes(passed=1, failed=1)
    run(project, *words, "examples/01_good/session.txt").assert_outcomes(passed=1, failed=len(words))
