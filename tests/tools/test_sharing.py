"""Which of several processes runs which tests (tests/support/sharing.py), on little suites of their own."""

from pathlib import Path

import pytest

from tests.support import sharing

ROOT = Path(__file__).parents[2]
NOTING = """
import os, pytest
@pytest.mark.parametrize("number", range({count}))
def {test}(number):
    with open({diary!r}, "a") as diary:
        diary.write(os.environ["PYTEST_XDIST_WORKER"] + " " + __name__.split(".")[-1] + "\\n")
"""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    """Runs files of so many tests in so many processes; who ran what, in order."""
    diary = pytester.path / "diary"

    def run(processes: int, **counts: int) -> list[list[str]]:
        for name, count in counts.items():
            path = pytester.path / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(NOTING.format(test="test_it", count=count, diary=str(diary)))
        plugins = ["-p", "no:cacheprovider", "-p", "no:lecture", "-p", sharing.__name__]
        result = pytester.runpytest_inprocess(
            *plugins, "-n", str(processes), "--dist", "loadfile", "--import-mode=importlib"
        )
        result.assert_outcomes(passed=sum(counts.values()))
        return [line.split() for line in diary.read_text().splitlines()]

    return run


def test_a_file_stays_in_one_process(run):
    told = run(2, test_a=9, test_b=9)
    assert len({process for process, file in told}) == 2
    assert len({(process, file) for process, file in told}) == 2


def test_a_package_of_dear_fixtures_stays_in_one_process(run):
    told = run(2, tests__browser__test_a=5, tests__browser__test_b=5, tests__test_other=5)
    assert len({process for process, file in told if file in ("test_a", "test_b")}) == 1


def test_what_takes_long_goes_first_and_then_what_has_most_tests(run):
    told = run(1, test_few=1, test_many=3, tests__sim__test_determinism=2)
    assert [file for _, file in told] == ["test_determinism"] * 2 + ["test_many"] * 3 + ["test_few"]


@pytest.mark.parametrize("unit", sorted({*sharing.FIRST, *sharing.TOGETHER}))
def test_what_is_said_to_take_long_is_there(unit):
    assert (ROOT / unit).exists()
