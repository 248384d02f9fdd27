"""What a Deferred has come to, for tests in which it must have come to something at once."""


def result_of(deferred):
    """Its result. Raises what it failed with, and AssertionError when there is none yet."""
    results = []
    deferred.addBoth(results.append)
    assert results, "no result yet"
    if hasattr(results[0], "raiseException"):
        results[0].raiseException()
    return results[0]


def failure_of(deferred, kind):
    """The exception that it failed with, which must be of this class."""
    results = []
    deferred.addErrback(results.append)
    assert results, "it has not failed"
    assert type(results[0].value) is kind, repr(results[0].value)
    return results[0].value
