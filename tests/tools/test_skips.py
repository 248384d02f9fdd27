"""The list of skips that CI accepts (tests/support/accepted_skips.py), on little suites of their own."""

import pytest

from tests.support import accepted_skips


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A suite with one skipped test and one that runs, under our plugin, with nothing on its list yet."""
    monkeypatch.setattr(accepted_skips, "SKIPS", pytester.path / "skips.txt")
    accepted_skips.SKIPS.write_text("# a comment\n")
    pytester.makepyfile(
        test_it="""
        import pytest
        @pytest.mark.parametrize("poller", ["kqueue"])
        def test_skipped(poller): pytest.skip("no such tool")
        def test_runs(): pass
        """
    )
    monkeypatch.setenv("CI", "true")
    return pytester


def run(suite: pytest.Pytester) -> pytest.RunResult:
    return suite.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:lecture", "-p", accepted_skips.__name__)


def test_a_skip_under_ci_fails_and_says_why(suite):
    result = run(suite)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*test_skipped*was skipped under CI:*no such tool", "*list it in tests/skips.txt*"])


def test_without_ci_a_skip_is_a_skip(suite, monkeypatch):
    monkeypatch.delenv("CI")
    run(suite).assert_outcomes(passed=1, skipped=1)


def test_a_listed_skip_is_accepted(suite):
    (suite.path / "skips.txt").write_text("test_it.py::test_skipped[[]kqueue] # wrong: a set\n")
    run(suite).assert_outcomes(passed=1, failed=1)
    (suite.path / "skips.txt").write_text("test_it.py::test_skipped[kqueue] # only BSD and macOS have it\n")
    run(suite).assert_outcomes(passed=1, skipped=1)


def test_a_module_that_skips_itself_fails_too(suite):
    suite.makepyfile(test_module="import pytest\npytest.importorskip('no_such_module')")
    result = run(suite)
    assert result.ret != 0
    result.stdout.fnmatch_lines(["*test_module.py was skipped under CI:*no_such_module*"])


def test_an_expected_failure_is_not_a_skip(suite):
    suite.makepyfile(test_it="import pytest\n@pytest.mark.xfail\ndef test_it(): assert False")
    run(suite).assert_outcomes(xfailed=1)


def test_an_entry_whose_tests_all_run_is_mentioned(suite):
    (suite.path / "skips.txt").write_text("test_it.py::test_skipped* # reason\ntest_it.py::test_runs # reason\n")
    result = run(suite)
    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(["*lists test_it.py::test_runs, which was not skipped*"])


def test_whoever_runs_the_tests_by_hand_is_not_told_of_the_list(suite, monkeypatch):
    monkeypatch.delenv("CI")
    (suite.path / "skips.txt").write_text("test_it.py::test_runs # reason\n")
    run(suite).stdout.no_fnmatch_line("*which was not skipped*")


def test_an_entry_without_a_reason_is_refused(suite):
    (suite.path / "skips.txt").write_text("test_it.py::test_skipped\n")
    result = run(suite)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*gives no reason; write: PATTERN # reason*"])
