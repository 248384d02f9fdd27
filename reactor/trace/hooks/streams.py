"""Connections: made, read from, written to, closed and lost, and what waits in their buffers."""

from __future__ import annotations

from typing import Any

from reactor.core.transports.connection import SocketConnection
from reactor.core.transports.state import State
from reactor.core.transports.stream import StreamTransport
from reactor.trace import stable_text
from reactor.trace.hooks.ends import address_of, address_text, ends_of
from reactor.trace.hooks.overhear import Once
from reactor.trace.hooks.watched import Watched, one_or_none
from reactor.trace.patches import Patches

_CLOSERS = ("loseConnection", "loseWriteConnection", "abortConnection")


def install(watched: Watched, patches: Patches) -> None:
    """Watch."""
    streams = _Streams(watched, Once(patches))
    patches.around(StreamTransport, "__init__")(streams.made)
    patches.around(StreamTransport, "doRead")(streams.read)
    patches.around(StreamTransport, "write")(streams.write)
    patches.around(StreamTransport, "doWrite")(streams.send)
    patches.around(StreamTransport, "_emptied")(streams.emptied)
    patches.around(StreamTransport, "_become")(streams.become)
    patches.around(StreamTransport, "_forget_what_waits")(streams.forget)
    patches.around(StreamTransport, "startReading")(streams.start_reading)
    patches.around(StreamTransport, "stopReading")(streams.stop_reading)
    patches.around(StreamTransport, "pauseProducing")(streams.told("reading.paused"))
    patches.around(StreamTransport, "resumeProducing")(streams.told("reading.resumed"))
    for name in _CLOSERS:
        patches.around(StreamTransport, name)(streams.told("connection.closing", f"{name}()"))
    patches.around(StreamTransport, "connectionLost")(streams.lost)
    patches.around(SocketConnection, "connectionLost")(streams.lost)
    patches.around(StreamTransport, "readConnectionLost")(streams.half_lost)


class _Streams:
    """The functions around the methods of stream transports. Each gets the method itself first, then its arguments."""

    def __init__(self, watched: Watched, once: Once) -> None:
        self._watched = watched
        self._tape = watched.tape
        self._once = once

    # --- beginning

    def made(self, original: Any, transport: Any, reactor: Any, socket: Any, protocol: Any) -> None:
        original(transport, reactor, socket, protocol)
        program = self._watched.program_of(reactor)
        if program is None or self._tape.is_elsewhere():
            return
        name = self._name(transport)
        self._tape.describe(
            name,
            name=getattr(transport, "_label", type(transport).__name__),
            program=program,
            protocol=type(protocol).__name__,
            here=address_text(address_of(transport, "getHost")),
            there=address_text(address_of(transport, "getPeer")),
        )
        self._tape.change(f"{name}.state", transport.state.value)
        self._tape.change(f"{name}.reading", True)
        connector = self._tape.known(getattr(transport, "connector", None)) or ""
        because = one_or_none(self._watched.connects.get(connector))
        self._tape.step("connection.made", name, because=because, text=type(protocol).__name__)
        self._once.overhear(protocol, "makeConnection", lambda method, *args: self._introduce(name, method, *args))

    def _name(self, transport: Any) -> str:
        """Reuse the name, if the kernel's hook has named this connection before."""
        ways = self._watched.ways
        here, there = ends_of(transport)
        name = ways.find(here, there) if here is not None else None
        if name is None or "program" in self._tape.things.get(name, {"program": None}):
            name = self._tape.new_name("c")
            if here is not None:
                ways.between(name, here, there)
        self._tape.give_name(transport, name)
        return name

    def _introduce(self, name: str, method: Any, *args: Any) -> Any:
        protocol = getattr(method, "__self__", None)
        made = getattr(protocol, "connectionMade", method)
        with self._tape.span("connection.begun", name, at=self._tape.places.of(made), text=stable_text.name_of(made)):
            return method(*args)

    # --- reading

    def read(self, original: Any, transport: Any) -> Any:
        name = self._tape.known(transport)
        protocol = getattr(transport, "protocol", None)
        if name is None or protocol is None:
            return original(transport)
        take_back = self._once.overhear(
            protocol, "dataReceived", lambda method, data: self._receive(name, method, data)
        )
        try:
            return original(transport)
        finally:
            take_back()

    def _receive(self, name: str, method: Any, data: Any) -> Any:
        because = self._watched.ways.received(name, len(data))
        at, text = self._tape.places.of(method), stable_text.name_of(method)
        with self._tape.span("data.received", name, because=because, at=at, text=text, **self._tape.bytes(data)):
            return method(data)

    def start_reading(self, original: Any, transport: Any) -> None:
        original(transport)
        self._change(transport, "reading", True)

    def stop_reading(self, original: Any, transport: Any) -> None:
        original(transport)
        self._change(transport, "reading", None)

    # --- writing

    def write(self, original: Any, transport: Any, data: Any) -> Any:
        name = self._tape.known(transport)
        if name is None or not transport._accepts_bytes or not isinstance(data, (bytes, bytearray, memoryview)):
            return original(transport, data)
        line = self._tape.line()
        with self._tape.span("data.written", name, at=line, **self._tape.bytes(data)) as span:
            self._watched.ways.wrote(name, len(data), span.number)
            original(transport, data)
            self._note_buffer(transport, name)
        return None

    def send(self, original: Any, transport: Any) -> Any:
        name = self._tape.known(transport)
        if name is None or not transport.pending_bytes:
            return original(transport)
        with self._tape.span("data.sent", name, size=transport.pending_bytes):
            result = original(transport)
            self._note_buffer(transport, name)
            return result

    def emptied(self, original: Any, transport: Any) -> Any:
        """Called before the producer is asked for more, so that what was sent is recorded first."""
        if (name := self._tape.known(transport)) is not None:
            self._note_buffer(transport, name)
        return original(transport)

    def forget(self, original: Any, transport: Any) -> None:
        original(transport)
        self._change(transport, "buffer", None)

    def _note_buffer(self, transport: Any, name: str) -> None:
        first, wanted = b"", self._tape.data_bytes
        for piece in transport._waiting:
            first += bytes(piece[: wanted - len(first)])
            if len(first) >= wanted:
                break
        self._tape.change(f"{name}.buffer", self._tape.preview(first, transport.pending_bytes))

    # --- ending

    def told(self, kind: str, text: str | None = None) -> Any:
        """A function around a method by which the program asks a transport for something."""

        def around(original: Any, transport: Any) -> Any:
            name = self._tape.known(transport)
            if name is None or transport.state is State.CLOSED:
                return original(transport)
            with self._tape.span(kind, name, at=self._tape.line(), text=text):
                return original(transport)

        return around

    def become(self, original: Any, transport: Any, event: Any) -> Any:
        result = original(transport, event)
        self._change(transport, "state", transport.state.value)
        return result

    def half_lost(self, original: Any, transport: Any, reason: Any) -> Any:
        name = self._tape.known(transport)
        handler = getattr(getattr(transport, "protocol", None), "readConnectionLost", None)
        if name is None or handler is None:
            return original(transport, reason)
        with self._tape.span("connection.half_lost", name, at=self._tape.places.of(handler)):
            return original(transport, reason)

    def lost(self, original: Any, transport: Any, reason: Any) -> Any:
        """Also called when the method calls its parent class's method: that is not another loss."""
        name = self._tape.known(transport)
        if name is None or transport.state is State.CLOSED:
            return original(transport, reason)
        self._tape.forget(transport)
        handler = getattr(transport.protocol, "connectionLost", None)
        at, text = self._tape.places.of(handler), stable_text.error(reason.value)
        for what in ("buffer", "reading", "producer"):
            self._tape.change(f"{name}.{what}", None)
        self._tape.change(f"{name}.state", State.CLOSED.value)
        with self._tape.span("connection.lost", name, at=at, text=text):
            return original(transport, reason)

    def _change(self, transport: Any, what: str, value: Any) -> None:
        if (name := self._tape.known(transport)) is not None:
            self._tape.change(f"{name}.{what}", value)
