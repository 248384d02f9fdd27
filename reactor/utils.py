"""Running a program, with a Deferred of its output or exit code; and suppressing warnings for a while."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from reactor.default import the_reactor
from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.interfaces import IReactorProcess
from reactor.protocol import ProcessProtocol

__all__ = [
    "KilledBySignal",
    "UnexpectedErrorOutput",
    "getProcessOutput",
    "getProcessOutputAndValue",
    "getProcessValue",
    "runWithWarningsSuppressed",
    "suppressWarnings",
]

Environment = Mapping[Any, Any] | None
T = TypeVar("T")

_NO_VARIABLES: Mapping[Any, Any] = {}


class UnexpectedErrorOutput(OSError):
    """A program wrote to standard error unexpectedly.

    processEnded: a Deferred that fails with the reason for which the process ended, when it has.
    """

    def __init__(self, text: bytes, processEnded: Deferred[Any]) -> None:
        super().__init__(f"got stderr: {text!r}")
        self.processEnded = processEnded


def getProcessOutput(
    executable: Any,
    args: Sequence[Any] = (),
    env: Environment = _NO_VARIABLES,
    path: Any = None,
    reactor: IReactorProcess | None = None,
    errortoo: bool | int = 0,
) -> Deferred[bytes]:
    """Run a program; the result is what it wrote to standard output.

    executable: its path. args: its arguments, without its own name. env, path: as for `reactor.spawnProcess`.
    reactor: the reactor of the program unless given. errortoo: whether what it writes to standard error belongs to it.
    Fails, unless `errortoo`, with an OSError as soon as something is written to standard error; its `processEnded` is
    a Deferred that tells when the program has ended. How the program ended makes no difference.
    """
    return _run(lambda result: _Output(result, bool(errortoo)), executable, args, env, path, reactor)


def getProcessValue(
    executable: Any,
    args: Sequence[Any] = (),
    env: Environment = _NO_VARIABLES,
    path: Any = None,
    reactor: IReactorProcess | None = None,
) -> Deferred[int | None]:
    """Run a program; the result is its exit code, None when a signal ended it. Arguments as for `getProcessOutput`."""
    return _run(_Value, executable, args, env, path, reactor)


def getProcessOutputAndValue(
    executable: Any,
    args: Sequence[Any] = (),
    env: Environment = _NO_VARIABLES,
    path: Any = None,
    reactor: IReactorProcess | None = None,
    stdinBytes: bytes | None = None,
) -> Deferred[tuple[bytes, bytes, int]]:
    """Run a program; the result is what it wrote to standard output, to standard error, and its exit code.

    stdinBytes: what it gets as standard input, closed after that; None leaves it open, and empty.
    When a signal ends it, the Deferred fails with `KilledBySignal`, which unpacks to the two outputs and the signal.
    Other arguments as for `getProcessOutput`.
    """
    return _run(lambda result: _Everything(result, stdinBytes), executable, args, env, path, reactor)


def _run(
    make_protocol: Callable[[Deferred[T]], ProcessProtocol],
    executable: Any,
    args: Sequence[Any],
    env: Environment,
    path: Any,
    reactor: IReactorProcess | None,
) -> Deferred[T]:
    result: Deferred[T] = Deferred()
    the_reactor(reactor).spawnProcess(make_protocol(result), executable, (executable, *args), env, path)
    return result


class KilledBySignal(Exception):
    """A signal ended the program: its output, its error output and the signal's number, in this order."""

    def __init__(self, out: bytes, err: bytes, signal: int) -> None:
        super().__init__(out, err, signal)
        self.out = out
        self.err = err
        self.signal = signal

    def __iter__(self) -> Iterator[bytes | int]:  # in Twisted the value of this failure is a tuple
        return iter(self.args)

    def __str__(self) -> str:
        return f"signal {self.signal} ended the program; it had written {self.out!r}, and {self.err!r} as errors"


class _Output(ProcessProtocol):
    """Collects standard output. Standard error is added to it, or makes the result fail."""

    def __init__(self, result: Deferred[bytes], errortoo: bool) -> None:
        self._result = result
        self._errors_too = errortoo
        self._ended: Deferred[None] | None = None  # set when the result has failed
        self._output = bytearray()

    def outReceived(self, data: bytes) -> None:
        self._output += data

    def errReceived(self, data: bytes) -> None:
        if self._errors_too:
            self._output += data
        elif self._ended is None:
            self._ended = Deferred()
            self._result.errback(Failure(UnexpectedErrorOutput(data, self._ended)))
            self.transport.loseConnection()

    def processEnded(self, reason: Failure) -> None:
        if self._ended is None:
            self._result.callback(bytes(self._output))
        else:
            self._ended.errback(reason)


class _Value(ProcessProtocol):
    """Waits for the exit code."""

    def __init__(self, result: Deferred[int | None]) -> None:
        self._result = result

    def processEnded(self, reason: Failure) -> None:
        ending: Any = reason.value  # ProcessDone or ProcessTerminated
        self._result.callback(ending.exitCode)


class _Everything(ProcessProtocol):
    """Writes the program's input, and collects all its output."""

    def __init__(self, result: Deferred[tuple[bytes, bytes, int]], input_bytes: bytes | None) -> None:
        self._result = result
        self._input = input_bytes
        self._outputs = {1: bytearray(), 2: bytearray()}

    def connectionMade(self) -> None:
        if self._input is not None:
            self.transport.write(self._input)
            self.transport.closeStdin()

    def childDataReceived(self, childFD: int, data: bytes) -> None:
        self._outputs[childFD] += data

    def processEnded(self, reason: Failure) -> None:
        out, err = (bytes(self._outputs[fd]) for fd in (1, 2))
        ending: Any = reason.value  # ProcessDone or ProcessTerminated
        if ending.signal is not None:
            self._result.errback(KilledBySignal(out, err, ending.signal))
        else:
            self._result.callback((out, err, ending.exitCode))


def runWithWarningsSuppressed(
    suppressedWarnings: Sequence[tuple[Sequence[Any], Mapping[str, Any]]], f: Callable[..., T], *a: Any, **kw: Any
) -> T:
    """Call `f(*a, **kw)` without certain warnings; if it returns a Deferred, until that has its result.

    suppressedWarnings: arguments for `warnings.filterwarnings`, as pairs of (args, kwargs).
    Filters are for the whole process: for that time, others do without these warnings too.
    """
    for args, kwargs in suppressedWarnings:
        warnings.filterwarnings(*args, **kwargs)
    added = warnings.filters[: len(suppressedWarnings)]

    def restore(result: Any = None) -> Any:
        for one in added:
            if one in warnings.filters:
                warnings.filters.remove(one)  # type: ignore[attr-defined]  # a list; typeshed says Sequence
        return result

    try:
        result = f(*a, **kw)
    except BaseException:
        restore()
        raise
    if isinstance(result, Deferred):
        result.addBoth(restore)
    else:
        restore()
    return result


def suppressWarnings(
    f: Callable[..., T], *suppressedWarnings: tuple[Sequence[Any], Mapping[str, Any]]
) -> Callable[..., T]:
    """The same function with these warnings suppressed: see `runWithWarningsSuppressed`."""

    @functools.wraps(f)
    def quiet(*a: Any, **kw: Any) -> T:
        return runWithWarningsSuppressed(suppressedWarnings, f, *a, **kw)

    return quiet
