"""One connection: calls go out and come in, and answers to them. Both sides do the same.

    (version 6)
    (message  request object name wants-an-answer arguments keywords)       (cachemessage …) to a cached copy
    (answer   request result)     (error request failure)
    (decref   object)             the peer has dropped a reference to ours
    (decache  object)             … a copy of a Cacheable of ours;   (uncache object)   and we have forgotten it

Requests are numbered by who asks, objects by who has them. Bounds, against a peer who means harm: those of `banana`;
`mostReferences` objects of ours that it refers to, and so many caches each way; `mostPending` calls of its that wait;
`loginTimeout` s until it is welcome, and `loginMessageLimit` bytes of memory for a message until then; `stallTimeout` s
in which it must read. While it doesn't read, it isn't read.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from reactor import defer, log
from reactor.cred.error import LoginFailed
from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.protocol import connectionDone
from reactor.protocols.excerpts import excerpt
from reactor.protocols.policies import TimeoutMixin
from reactor.spread.banana import Banana
from reactor.spread.errors import DeadReferenceError, Error, PBConnectionLost, ProtocolError, RemoteError
from reactor.spread.jelly import Jellyable, SecurityOptions, globalSecurity
from reactor.spread.pb.failures import TOLD, failure2Copyable
from reactor.spread.pb.objects import MAX_BROKER_REFS, Objects, guarded

_PARTS = {b"version": 1, b"message": 6, b"cachemessage": 6, b"answer": 2, b"error": 2}
_PARTS |= {b"decref": 1, b"decache": 1, b"uncache": 1}


class Broker(Objects, TimeoutMixin, Banana):
    """One connection. Factories make it; programs meet it as the `broker` of a reference.

    security: what may come. factory: has `clientConnectionMade(broker)`, and `unsafeTracebacks`. disconnected: whether
    the connection is gone.
    """

    version = 6
    mostPending = MAX_BROKER_REFS
    loginTimeout, stallTimeout = 60.0, 120.0
    loginMessageLimit = 64 * 1024
    is_welcome = True  # as soon as there is a dialect; with a portal, after the login

    def __init__(self, isClient: bool | int = 1, security: SecurityOptions = globalSecurity) -> None:
        Banana.__init__(self, isClient)
        Objects.__init__(self, security)
        self.waitingForAnswers: dict[int, Deferred[Any]] = {}
        self.pageProducers: list[Any] = []
        self._disconnects: list[Callable[[], object]] = []
        self._last_request = self._pending = 0
        self._dropped: list[tuple[bytes, Any]] = []  # what can't be told yet
        self._is_sending = False
        self._thread = threading.get_ident()

    # --- the connection

    def connectionMade(self) -> None:
        """The peer has some time to begin."""
        self.setTimeout(self.loginTimeout)
        super().connectionMade()

    def connectionReady(self) -> None:
        """There is a dialect."""
        self.setTimeout(None if self.is_welcome else self.loginTimeout)
        self.sendCall(b"version", self.version)
        self.factory.clientConnectionMade(self)

    def expectLogin(self) -> None:
        """Until `welcome` is called, the peer has little time and little room."""
        self.is_welcome, self.messageLimit = False, min(self.messageLimit, self.loginMessageLimit)

    def welcome(self) -> None:
        """The peer is logged in."""
        self.is_welcome, self.messageLimit = True, type(self).messageLimit
        self.setTimeout(None)

    def pauseProducing(self) -> None:
        """The peer doesn't read what we send."""
        super().pauseProducing()
        self.setTimeout(self.stallTimeout)

    def resumeProducing(self) -> None:
        """It does again: read its calls, and send pages."""
        self.setTimeout(None if self.is_welcome else self.loginTimeout)
        super().resumeProducing()
        self._send_pages()

    def timeoutConnection(self) -> None:
        """Time is up."""
        self.transport.abortConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Every call that waits fails, every reference is dead, and whoever wants to know is told, once."""
        self.setTimeout(None)
        self.stopProducing()
        self._forget_all()
        waiting, self.waitingForAnswers = self.waitingForAnswers, {}
        for answer in waiting.values():
            answer.errback(Failure(PBConnectionLost(reason.getErrorMessage())))
        notifiers, self._disconnects = self._disconnects, []
        pagers, self.pageProducers = self.pageProducers, []
        for tell in [*notifiers, *(pager.stopPaging for pager in pagers)]:
            guarded(tell)

    def notifyOnDisconnect(self, notifier: Callable[[], object]) -> None:
        """Call this when the connection is lost."""
        self._disconnects.append(notifier)

    def dontNotifyOnDisconnect(self, notifier: Callable[[], object]) -> None:
        """Don't, after all."""
        if notifier in self._disconnects:
            self._disconnects.remove(notifier)

    # --- what we ask

    def sendMessage(
        self, kind: bytes, perspective: Any, objectID: Any, message: str | bytes, args: Any, kw: Any
    ) -> Any:
        """See RemoteReference.callRemote. kind: b"message" or b"cachemessage"."""
        wants_answer = bool(kw.pop("pbanswer", True))
        if self.disconnected:
            raise DeadReferenceError("Calling Stale Broker: the connection is gone, and all of its references with it")
        self._last_request += 1
        request, name = self._last_request, message if isinstance(message, bytes) else message.encode()
        try:
            arguments = self.serialize(args, perspective), self.serialize(kw, perspective)
            self.sendCall(kind, request, objectID, name, int(wants_answer), *arguments)
        except Exception:
            return defer.fail(Failure())
        if not wants_answer:
            return None
        answer: Deferred[Any] = Deferred()
        self.waitingForAnswers[request] = answer
        return answer

    def sendCall(self, *exp: Any) -> None:
        """Send a message. Raises BananaError for what is too large; then nothing is sent."""
        self._is_sending = True
        try:
            self.sendEncoded(exp)
        except BaseException:
            self._take_back_unsent()
            raise
        finally:
            self._is_sending = False
        self._unsent.clear()
        self._packed.clear()
        while self._dropped and not self.disconnected:
            self.sendEncoded(self._dropped.pop(0))

    def sendDecRef(self, objectID: Any) -> None:
        """A reference is dropped here."""
        self._drop(b"decref", objectID)

    def decCacheRef(self, objectID: Any) -> None:
        """A handle of a cache is dropped here."""
        self._drop(b"decache", objectID)

    def _drop(self, command: bytes, number: Any) -> None:
        """Python may drop objects in any thread, and in the middle of anything: then the next message tells."""
        if self._is_sending or threading.get_ident() != self._thread:
            self._dropped.append((command, number))
        elif not self.disconnected:
            self.sendEncoded((command, number))

    # --- what the peer says

    def expressionReceived(self, sexp: Any) -> None:
        """One message. Raises ProtocolError for nonsense, which ends the connection."""
        command, *parts = sexp if isinstance(sexp, list) and sexp else (None,)
        if not isinstance(command, bytes) or _PARTS.get(command) != len(parts):
            raise ProtocolError(f"no message of PB: {excerpt(sexp)}")
        getattr(self, f"proto_{command.decode()}")(*parts)

    def proto_version(self, vnum: Any) -> None:
        """Only equal versions understand each other."""
        if vnum != self.version:
            raise ProtocolError(f"Version Incompatibility: {self.version} {excerpt(vnum)}")

    def proto_message(self, *call: Any) -> None:
        """A call of a method of an object of ours."""
        self._receive(self.localObjectForID, *call)

    def proto_cachemessage(self, *call: Any) -> None:
        """A call of a method of a copy that we have."""
        self._receive(self._cache, *call)

    def _receive(self, find: Any, request: Any, number: Any, name: Any, wanted: Any, args: Any, kw: Any) -> None:
        if type(request) is not int or not isinstance(name, bytes):
            raise ProtocolError(f"no call: {excerpt(request)} {excerpt(name)}")
        try:
            if self._pending >= self.mostPending:
                raise Error(f"{self._pending} of your calls wait for an answer")
            result = find(number).remoteMessageReceived(self, name.decode("utf-8", "replace"), args, kw)
        except Exception:
            result = Failure()
        if isinstance(result, Deferred):
            self._pending += 1
            result.addBoth(self._settled, request, wanted)
        else:
            self._answer(result, request, wanted)

    def _settled(self, result: Any, request: int, wanted: Any) -> None:
        self._pending -= 1
        self._answer(result, request, wanted)

    def _answer(self, result: Any, request: int, wanted: Any) -> None:
        if self.disconnected:
            return
        if isinstance(result, Failure):
            self._answer_failure(result, request, wanted)
        elif not wanted:
            self._take_back_unsent()
        else:
            try:
                self.sendCall(b"answer", request, result)
            except Exception:
                self._answer_failure(Failure(), request, wanted)

    def _answer_failure(self, failure: Failure, request: int, wanted: Any) -> None:
        if not failure.check(*TOLD, LoginFailed):
            log.err(failure, "a call by a peer")
        if not wanted:
            return
        value: Any = failure.value
        if not isinstance(value, Jellyable) and not self.security.isClassAllowed(type(value)):
            value = failure2Copyable(failure, self.factory.unsafeTracebacks)
        try:
            self.sendCall(b"error", request, self.serialize(value))
        except Exception:
            log.err(Failure(), "an error that can't be sent")
            self.sendCall(b"error", request, self.serialize(failure2Copyable(Failure(Error("it can't be told")))))

    def proto_answer(self, request: Any, result: Any) -> None:
        """The result of a call of ours."""
        self._fire(request, result, lambda answer: answer.callback)

    def proto_error(self, request: Any, failure: Any) -> None:
        """A call of ours has failed."""
        self._fire(request, failure, lambda answer: lambda value: answer.errback(_as_failure(value)))

    def _fire(self, request: Any, result: Any, way: Callable[[Deferred[Any]], Callable[[Any], object]]) -> None:
        answer = self.waitingForAnswers.pop(request, None) if type(request) is int else None
        if answer is None:
            raise ProtocolError(f"an answer to what wasn't asked: {excerpt(request)}")
        try:
            value = self.unserialize(result)
        except Exception:
            answer.errback(Failure())
        else:
            way(answer)(value)

    def proto_decref(self, objectID: Any) -> None:
        """The peer has dropped a reference."""
        self._take_back(self.lent, objectID)

    def proto_decache(self, objectID: Any) -> None:
        """The peer has dropped a handle of its copy."""
        if self._take_back(self.cached_there, objectID):
            self.sendCall(b"uncache", objectID)

    def proto_uncache(self, objectID: Any) -> None:
        """The peer has forgotten a Cacheable: so do we with the copy."""
        self._cache(objectID).broker = None
        del self.locallyCachedObjects[objectID]

    # --- pages

    def registerPageProducer(self, pager: Any) -> None:
        """Send a page whenever there is room. pager: a `util.Pager`; it is stopped when the connection is lost.

        Raises DeadReferenceError if it is lost already, and what the first page raises.
        """
        self.pageProducers.append(pager)
        self._send_pages()

    def _send_pages(self) -> None:
        while self.pageProducers and (self.disconnected or not self._is_paused):
            pager = self.pageProducers.pop(0)
            try:
                pager.sendNextPage()
                if pager.stillPaging():
                    self.pageProducers.append(pager)
            except BaseException:
                pager.stopPaging()
                raise


def _as_failure(value: Any) -> Failure:
    """An error of the peer's, which may be an object that represents one here."""
    if isinstance(value, Failure):
        return value
    if isinstance(value, BaseException):
        return Failure(value)
    text = value if isinstance(value, str) else ""  # of others not even a repr: tuples can double, by references
    return Failure(RemoteError(type(value).__name__, text[:1000], ""))
