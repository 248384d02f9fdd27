"""Deferreds that have their result already, and functions called so that they always give a Deferred."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar, overload

from reactor import failure, log
from reactor.defer.core import Deferred
from reactor.failure import Failure

T = TypeVar("T")
P = ParamSpec("P")


def succeed(result: T) -> Deferred[T]:
    """A Deferred that has its result already."""
    deferred: Deferred[T] = Deferred()
    deferred.result = result  # what `callback` does where there are no steps yet, at a third of its cost
    deferred.called = True
    return deferred


def fail(result: Failure | BaseException | None = None) -> Deferred[Any]:
    """A Deferred that has failed already. result: left out, it is the exception being handled now."""
    deferred: Deferred[Any] = Deferred()
    deferred.errback(result)
    return deferred


def execute(callable: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Deferred[T]:
    """Call the function now; a Deferred of what it returned or raised."""
    try:
        return succeed(callable(*args, **kwargs))
    except BaseException as error:
        return fail(failure.caught(error))


@overload
def maybeDeferred(f: Callable[P, Deferred[T]], *args: P.args, **kwargs: P.kwargs) -> Deferred[T]: ...
@overload
def maybeDeferred(f: Callable[P, Coroutine[Any, Any, T]], *args: P.args, **kwargs: P.kwargs) -> Deferred[T]: ...
@overload
def maybeDeferred(f: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Deferred[T]: ...
def maybeDeferred(f: Callable[..., Any], *args: Any, **kwargs: Any) -> Deferred[Any]:
    """As `execute`; but a Deferred that `f` returns comes back as it is, a coroutine is run, and a Failure is one."""
    try:
        result = f(*args, **kwargs)
    except BaseException as error:
        return fail(failure.caught(error))
    if isinstance(result, Deferred):
        return result
    if isinstance(result, Coroutine):
        return Deferred.fromCoroutine(result)
    return fail(result) if isinstance(result, Failure) else succeed(result)


def logError(err: Failure) -> Failure:
    """An errback that logs the failure and passes it on."""
    log.err(err)
    return err


def passthru(arg: T) -> T:
    """A callback that changes nothing."""
    return arg


failure.carriers.add(__file__)
