"""The server: a resource whose methods are procedures, and the procedures of `system`.

A wrong call gets a Fault that says why; one whose procedure fails gets "error", and the log says why. Calls must say
that they are XML, which a page of a stranger's can't make a browser say without asking first.
"""

from __future__ import annotations

import gzip
import inspect
import re
import zlib
from collections.abc import Callable
from typing import Any, TypeVar
from xmlrpc.client import Fault

from reactor import log
from reactor.defer import Deferred, maybeDeferred
from reactor.failure import Failure
from reactor.web import status
from reactor.web.http import BadRequest
from reactor.web.resource import Resource
from reactor.web.server import NOT_DONE_YET, Request
from reactor.web.xmlrpc import wire

F = TypeVar("F", bound=Callable[..., Any])
_WORTH_PACKING = 1400  # bytes; below, gzip saves no segment (the standard library's number)
_TAKES_GZIP = re.compile(rb"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", re.IGNORECASE)
_PLACE = "http://xmlrpc-c.sourceforge.net/introspection.html"
_SPECIFICATIONS = {"xmlrpc": "http://xmlrpc.com/spec.md", "introspection": _PLACE, "system.multicall": _PLACE}


def withRequest(f: F) -> F:
    """Mark a procedure that gets the request as its first argument."""
    f.withRequest = True  # type: ignore[attr-defined]  # the mark itself
    return f


class NoSuchFunction(Fault):
    """There is no procedure of that name."""


class XMLRPC(Resource):
    """A resource whose methods `xmlrpc_NAME` anybody may call: they return values or Deferreds, or are coroutines.

    allowNone: whether to send None, which not every client understands. useDateTime: whether dates come as datetime.
    limits: of a call. separator: behind a sub-handler's prefix. The rest are codes of Faults: no such procedure, one
    that failed, no call, other arguments.
    """

    isLeaf = True
    allowedMethods = (b"POST",)
    separator = "."
    limits = wire.Limits()
    NOT_FOUND, FAILURE, INVALID_CALL, INVALID_ARGUMENTS = 8001, 8002, -32600, -32602

    def __init__(self, allowNone: bool = False, useDateTime: bool = False) -> None:
        super().__init__()
        self.subHandlers: dict[str, XMLRPC] = {}
        self.allowNone, self.useDateTime = allowNone, useDateTime

    def putSubHandler(self, prefix: str, handler: XMLRPC) -> None:
        """Let `handler` have the procedures whose names begin with `prefix` and the separator."""
        self.subHandlers[prefix] = handler

    def getSubHandler(self, prefix: str) -> XMLRPC | None:
        """The handler at a prefix, or None."""
        return self.subHandlers.get(prefix)

    def getSubHandlerPrefixes(self) -> list[str]:
        """All prefixes."""
        return list(self.subHandlers)

    def lookupProcedure(self, procedurePath: str) -> Callable[..., Any]:
        """The procedure of that name. Raises NoSuchFunction. Who overrides this overrides `listProcedures` too."""
        prefix, separator, rest = procedurePath.partition(self.separator)
        handler = self.getSubHandler(prefix)
        if separator and handler is not None:
            return handler.lookupProcedure(rest)
        procedure = None if separator else getattr(self, f"xmlrpc_{procedurePath}", None)
        if not callable(procedure):
            raise NoSuchFunction(self.NOT_FOUND, f"procedure {procedurePath[:100]} not found")
        return procedure  # type: ignore[no-any-return]  # callable, as was just seen

    def listProcedures(self) -> list[str]:
        """The names of all procedures, without those of sub-handlers."""
        return [name.removeprefix("xmlrpc_") for name in dir(type(self)) if name.startswith("xmlrpc_")]

    def render_POST(self, request: Request) -> int:
        """Take a call, and answer it when its procedure has. Raises BadRequest for what isn't even XML."""
        gone: list[object] = []
        request.notifyFinish().addErrback(gone.append)
        try:
            arguments, name = wire.loads(self._body_of(request), self.limits, self.useDateTime)
            if not name:
                raise wire.BadMessage("a call names a procedure")
        except (wire.BadMessage, Fault) as problem:
            why = "it is an answer" if isinstance(problem, Fault) else problem
            self._send(Fault(self.INVALID_CALL, f"Can't deserialize input: {why}"), request, gone)
        else:
            self._perform(name, arguments, request).addCallback(self._send, request, gone)
        return NOT_DONE_YET

    def _body_of(self, request: Request) -> bytes:
        kind = (request.getHeader(b"content-type") or b"").partition(b";")[0].strip().lower()
        coding = (request.getHeader(b"content-encoding") or b"identity").strip().lower()
        if kind not in (b"text/xml", b"application/xml") or coding not in (b"identity", b"gzip"):
            why = f"a call is text/xml, packed by gzip or not at all; this is {kind!r}, {coding!r}"
            raise BadRequest(status.UNSUPPORTED_MEDIA_TYPE, why)
        body = request.content.read(self.limits.bytes + 1)
        try:
            body = zlib.decompressobj(31).decompress(body, self.limits.bytes + 1) if coding == b"gzip" else body
        except zlib.error:
            raise BadRequest(status.BAD_REQUEST, "the body is no gzip") from None
        if len(body) > self.limits.bytes:
            raise BadRequest(status.REQUEST_ENTITY_TOO_LARGE, f"a call has at most {self.limits.bytes} bytes")
        return body

    def _perform(self, name: str, arguments: Any, request: Request) -> Deferred[Any]:
        """Call a procedure. The Deferred fires with its value or a Fault, and never fails."""
        return maybeDeferred(self._begin, name, arguments, request).addErrback(self._fault)

    def _begin(self, name: str, arguments: Any, request: Request) -> Any:
        procedure = self.lookupProcedure(name)
        if getattr(procedure, "withRequest", False):
            arguments = (request, *arguments)
        try:
            return procedure(*arguments)
        except TypeError as problem:
            if problem.__traceback__ is not None and problem.__traceback__.tb_next is not None:
                raise
            raise Fault(self.INVALID_ARGUMENTS, f"{name[:100]} takes other arguments") from None  # it never began

    def _fault(self, reason: Failure) -> Fault:
        if isinstance(reason.value, Fault):
            return reason.value
        log.err(reason, f"a procedure of {type(self).__name__} failed")
        return Fault(self.FAILURE, "error")

    def _written(self, value: Any) -> bytes:
        """An answer with this value, which may be a Fault; with another Fault for what can't be sent."""
        try:
            return wire.dumps(value if isinstance(value, Fault) else (value,), None, self.allowNone)
        except Exception:
            log.err(None, f"an answer of {type(self).__name__} can't be sent")
            return wire.dumps(Fault(self.FAILURE, "Can't serialize output"))

    def _send(self, value: Any, request: Request, gone: list[object]) -> None:
        if gone:
            return
        content = self._written(value)
        request.setHeader(b"content-type", b"text/xml; charset=utf-8")
        if len(content) > _WORTH_PACKING and _TAKES_GZIP.search(request.getHeader(b"accept-encoding") or b""):
            request.setHeader(b"content-encoding", b"gzip")
            content = gzip.compress(content, 6, mtime=0)
        request.setHeader(b"content-length", b"%d" % len(content))
        request.write(content)
        request.finish()


class XMLRPCIntrospection(XMLRPC):
    """The procedures of `system`, for the server `parent`. maxCalls: of one multicall.

    A procedure's attribute `signature` is a list of lists such as ["int", "string"]: of the value, of the arguments.
    """

    maxCalls = 1000

    def __init__(self, parent: XMLRPC) -> None:
        super().__init__()
        self._parent = parent

    def xmlrpc_listMethods(self) -> list[str]:
        """Return the names of all procedures of this server."""
        found, waiting = [], [("", self._parent)]
        for prefix, handler in waiting:
            found += [prefix + name for name in handler.listProcedures()]
            waiting += [(prefix + name + handler.separator, sub) for name, sub in handler.subHandlers.items()]
        return found

    def xmlrpc_methodHelp(self, method: str) -> str:
        """Return what a procedure does, in its author's words."""
        procedure = self._parent.lookupProcedure(method)
        return getattr(procedure, "help", None) or inspect.getdoc(procedure) or ""

    def xmlrpc_methodSignature(self, method: str) -> list[list[str]] | str:
        """Return lists of types: of the value, then of the arguments. An empty string where nobody has told."""
        return getattr(self._parent.lookupProcedure(method), "signature", None) or ""

    def xmlrpc_getCapabilities(self) -> dict[str, dict[str, Any]]:
        """Return which specifications this server follows."""
        return {name: {"specUrl": url, "specVersion": 1} for name, url in _SPECIFICATIONS.items()}

    @withRequest
    async def xmlrpc_multicall(self, request: Request, calls: list[dict[str, Any]]) -> list[Any]:
        """Make many calls, one after the other; return a list of one value, or a fault, for each."""
        gone: list[object] = []
        request.notifyFinish().addErrback(gone.append)
        if not isinstance(calls, list) or len(calls) > self.maxCalls:
            raise Fault(self.INVALID_ARGUMENTS, f"multicall takes a list of at most {self.maxCalls} calls")
        return [await self._one_of_many(call, request) for call in calls if not gone]

    async def _one_of_many(self, call: Any, request: Request) -> Any:
        match call:
            case {"methodName": str(name), "params": list(arguments)} if not name.endswith("system.multicall"):
                value = await self._parent._perform(name, arguments, request)
            case _:
                value = Fault(self.INVALID_ARGUMENTS, "each call has methodName and params, and is no multicall")
        try:
            wire.dumps((value,) if not isinstance(value, Fault) else value, None, self._parent.allowNone)
        except Exception:
            value = Fault(self.FAILURE, "Can't serialize output")
        return value.__dict__ if isinstance(value, Fault) else [value]


def addIntrospection(xmlrpc: XMLRPC) -> None:
    """Give a server the procedures of `system`."""
    xmlrpc.putSubHandler("system", XMLRPCIntrospection(xmlrpc))
