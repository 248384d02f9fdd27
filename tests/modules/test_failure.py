"""Failure: an exception with its traceback, that can be kept and passed on."""

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
