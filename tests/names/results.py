"""What a Deferred has failed with, for tests in which it must have failed at once."""


def failure_of(deferred, kind):
    """The exception that it failed with, which must be of this class."""
    results = []
    deferred.addErrback(results.append)
    assert results, "it has not failed"
    assert type(results[0].value) is kind, repr(results[0].value)
    return results[0].value
