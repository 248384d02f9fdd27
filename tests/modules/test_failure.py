"""Failure: an exception with its traceback, that can be kept and passed on."""

import io
import pickle
import sys

import pytest

from reactor.failure import Failure, NoCurrentExceptionError


def raising():
    raise KeyError("missing")


@pytest.fixture
def caught():
    """A Failure made while an exception is being handled."""
    try:
        raising()
    except KeyError:
        return Failure()


def test_it_takes_the_exception_being_handled(caught):
    assert caught.type is KeyError and caught.value.args == ("missing",)


def test_it_wraps_a_given_exception():
    error = ValueError("x")
    failure = Failure(error)
    assert failure.value is error and failure.type is ValueError


def test_without_an_exception_it_is_an_error():
    with pytest.raises(NoCurrentExceptionError):
        Failure()


def test_check_returns_the_first_class_that_fits(caught):
    assert caught.check(KeyError) is KeyError
    assert caught.check(ValueError, LookupError, KeyError) is LookupError
    assert caught.check(ValueError, TypeError) is None


def test_check_takes_names_of_classes(caught):
    assert caught.check("builtins.KeyError") == "builtins.KeyError"


def test_trap_returns_the_class_that_fits(caught):
    assert caught.trap(ValueError, KeyError) is KeyError


def test_trap_raises_what_does_not_fit(caught):
    with pytest.raises(KeyError) as error:
        caught.trap(ValueError)
    assert error.value is caught.value


def test_raiseException_raises_it_with_its_traceback(caught):
    with pytest.raises(KeyError) as error:
        caught.raiseException()
    assert error.value is caught.value
    assert "raising" in [entry.name for entry in error.traceback]


def test_getErrorMessage_is_the_message():
    assert Failure(ValueError("the message")).getErrorMessage() == "the message"


def test_getTraceback_names_function_and_exception(caught):
    text = caught.getTraceback()
    assert "raising" in text and "KeyError" in text and "missing" in text


def test_getBriefTraceback_names_the_exception(caught):
    assert "KeyError" in caught.getBriefTraceback()


def test_printTraceback_writes_to_a_file(caught):
    import io

    file = io.StringIO()
    caught.printTraceback(file=file)
    assert "KeyError" in file.getvalue() and "raising" in file.getvalue()


def test_an_exception_that_was_never_raised_has_a_traceback_too():
    text = Failure(ValueError("never raised")).getTraceback()
    assert "ValueError: never raised" in text


def test_repr_and_str_name_the_exception(caught):
    assert "Failure" in repr(caught) and "KeyError" in repr(caught)
    assert "KeyError" in str(caught)


def test_getTracebackObject_leads_to_where_it_was_raised(caught):
    last = caught.getTracebackObject()
    while last.tb_next is not None:
        last = last.tb_next
    assert last.tb_frame.f_code.co_name == "raising"


def test_a_Failure_of_a_Failure_has_the_same_exception(caught):
    assert Failure(caught).value is caught.value


def test_cleanFailure_keeps_the_exception(caught):
    caught.cleanFailure()
    assert caught.check(KeyError) and caught.getErrorMessage() == "'missing'"


def test_it_takes_what_exc_info_gives():
    try:
        raising()
    except KeyError:
        kind, value, tb = sys.exc_info()
    value.__traceback__ = None
    failure = Failure(value, kind, tb)
    assert (failure.value, failure.type, failure.tb) == (value, KeyError, tb)
    assert [frame[0] for frame in failure.frames][-1] == "raising"


def test_a_failure_of_a_failure_keeps_what_the_first_one_kept(caught):
    caught.cleanFailure()
    assert "in raising" in Failure(caught).getTraceback()


def test_its_parents_are_the_names_of_its_classes(caught):
    names = ["builtins.KeyError", "builtins.LookupError", "builtins.Exception", "builtins.BaseException"]
    assert caught.parents[:4] == names


def raising_with(cup):
    raise ValueError(cup)


@pytest.mark.parametrize("wanted", [False, True])
def test_its_frames_have_variables_when_they_are_wanted(wanted):
    try:
        raising_with("tea")
    except ValueError:
        failure = Failure(captureVars=wanted)
    name, file, line, inner, outer = failure.frames[-1]
    assert (name, file, line) == ("raising_with", __file__, raising_with.__code__.co_firstlineno + 1)
    assert list(inner) == ([("cup", "tea")] if wanted else [])
    assert bool(outer) == wanted
    written = io.StringIO()
    failure.printDetailedTraceback(written)
    text = written.getvalue()
    assert ("tea" in text.replace("ValueError: tea", "").replace('("tea")', "")) == wanted
    failure.cleanFailure()
    assert tuple(failure.frames[-1][:3]) == (name, file, line) and failure.getTraceback(detail="verbose")


def test_the_detail_of_a_traceback(caught):
    written = io.StringIO()
    caught.printTraceback(written, detail="brief")
    assert written.getvalue() == caught.getBriefTraceback() == caught.getTraceback(detail="brief")
    with pytest.raises(ValueError, match="thorough"):
        caught.getTraceback(detail="thorough")


@pytest.mark.parametrize("captured", [False, True])
def test_it_is_pickled_without_its_traceback(captured):
    try:
        raising()
    except KeyError:
        failure = Failure(captureVars=captured)
    copy = pickle.loads(pickle.dumps(failure))
    assert (copy.type, copy.value.args, copy.tb) == (KeyError, ("missing",), None)
    assert copy.check(KeyError) and "KeyError: 'missing'" in copy.getTraceback()
    assert failure.tb is not None
