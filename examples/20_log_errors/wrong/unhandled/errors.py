"""Errors for the log: made by hand, caught, or on their way through a Deferred."""

from reactor import defer, failure, log


def doSomethingElse():
    raise KeyError("salt")


def kitchen():
    # [errors]
    e = ValueError("ONO")
    log.err(failure.Failure(e))

    try:
        doSomethingElse()
    except KeyError:
        log.err(None, "while the soup was cooked")  # the one being handled

    soup = defer.Deferred()
    soup.addCallback(lambda salt: 1 / salt)
    soup.callback(0)
    print("dinner is served")
    # [/errors]


kitchen()
