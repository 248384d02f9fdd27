"""Doing without some warnings for as long as a function, or its Deferred, takes."""

import warnings

import pytest

from reactor.defer import Deferred
from reactor.utils import runWithWarningsSuppressed, suppressWarnings

IGNORE_OLD = (("ignore", "old .*"), {})


def warn(what):
    warnings.warn(what, stacklevel=2)
    return what


def test_these_warnings_are_not_given_and_others_are():
    assert runWithWarningsSuppressed([IGNORE_OLD], warn, "old news") == "old news"
    with pytest.warns(UserWarning, match="new"):
        runWithWarningsSuppressed([IGNORE_OLD], warn, "new news")


def test_afterwards_they_are_given_again_also_after_an_error():
    before = list(warnings.filters)
    quiet = suppressWarnings(warn, IGNORE_OLD)
    assert quiet("old news") == "old news" and quiet.__name__ == "warn"
    with pytest.raises(ZeroDivisionError):
        runWithWarningsSuppressed([IGNORE_OLD], lambda: 1 / 0)
    assert warnings.filters == before
    with pytest.warns(UserWarning, match="old"):
        warn("old news")


def test_a_deferred_does_without_them_until_it_has_its_result():
    before = list(warnings.filters)
    results, waiting = [], Deferred()
    waiting.addCallback(warn)
    runWithWarningsSuppressed([IGNORE_OLD], lambda: waiting).addCallback(results.append)
    assert warnings.filters != before
    waiting.callback("old news")
    assert results == ["old news"] and warnings.filters == before
