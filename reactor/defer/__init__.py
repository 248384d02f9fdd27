"""Deferreds: results that aren't there yet. The package has a file for each idea.

Of Twisted's module it leaves out `DeferredFilesystemLock`, a lock between processes that no part of this library needs,
and what Twisted itself has given up, such as `timeout` and `deferredGenerator`.
"""

from reactor.defer.core import AlreadyCalledError, CancelledError, Deferred
from reactor.defer.coroutines import NotACoroutineError, ensureDeferred, inlineCallbacks, returnValue
from reactor.defer.gathering import FAILURE, SUCCESS, DeferredList, FailureGroup, FirstError, gatherResults, race
from reactor.defer.history import getDebugging, setDebugging
from reactor.defer.ready import execute, fail, logError, maybeDeferred, passthru, succeed
from reactor.defer.taking_turns import DeferredLock, DeferredQueue, DeferredSemaphore, QueueOverflow, QueueUnderflow
from reactor.defer.timeouts import TimeoutError

__all__ = [
    "FAILURE",
    "SUCCESS",
    "AlreadyCalledError",
    "CancelledError",
    "Deferred",
    "DeferredList",
    "DeferredLock",
    "DeferredQueue",
    "DeferredSemaphore",
    "FailureGroup",
    "FirstError",
    "NotACoroutineError",
    "QueueOverflow",
    "QueueUnderflow",
    "TimeoutError",
    "ensureDeferred",
    "execute",
    "fail",
    "gatherResults",
    "getDebugging",
    "inlineCallbacks",
    "logError",
    "maybeDeferred",
    "passthru",
    "race",
    "returnValue",
    "setDebugging",
    "succeed",
]
