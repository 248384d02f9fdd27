"""What the tests of Deferreds share."""


def outcomes(deferred):
    """The list to which the Deferred's outcome is appended."""
    results = []
    deferred.addBoth(results.append)
    return results


def result_of(deferred):
    """The result that the Deferred has already. Fails when it has none, or a failure."""
    [result] = outcomes(deferred)
    if hasattr(result, "raiseException"):
        result.raiseException()
    return result


def failure_of(deferred, *types):
    """The Failure that the Deferred has already, of one of these types if there are any."""
    [failure] = outcomes(deferred)
    assert failure.check(*(types or (Exception,))), failure
    return failure


def is_waiting(deferred):
    """Whether the Deferred has no outcome yet."""
    return not outcomes(deferred)


def raising(*_):
    raise ZeroDivisionError("on purpose")
