"""Producers: what fills a transport's buffer, and when it is told to pause and to go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reactor.core.transports.state import State
from reactor.core.transports.stream import StreamTransport
from reactor.trace.hooks.overhear import Once
from reactor.trace.hooks.watched import Watched
from reactor.trace.patches import Patches
from reactor.trace.stable_text import name_of

_ORDERS = {"pauseProducing": "paused", "resumeProducing": "running", "stopProducing": "stopped"}


def install(watched: Watched, patches: Patches) -> None:
    """Watch."""
    tape = watched.tape
    listeners: dict[str, _Listener] = {}

    @patches.around(StreamTransport, "registerProducer")
    def _(original: Any, transport: Any, producer: Any, streaming: bool) -> Any:
        name = tape.known(transport)
        if name is None or transport.producer is not None or transport.state is State.CLOSED:
            return original(transport, producer, streaming)
        tape.change(f"{name}.producer", "running")
        listeners[name] = _Listener(watched, once, name, producer)
        kind = "push" if streaming else "pull"
        with tape.span("producer.registered", name, at=tape.line(), text=f"{type(producer).__name__} ({kind})"):
            return original(transport, producer, streaming)

    @patches.around(StreamTransport, "unregisterProducer")
    def _(original: Any, transport: Any) -> None:
        original(transport)
        name = tape.known(transport)
        if name is not None and (listener := listeners.pop(name, None)) is not None:
            listener.stop()
            tape.change(f"{name}.producer", None)
            tape.step("producer.unregistered", name, at=tape.line())

    once = Once(patches)


class _Listener:
    """Overhears all that one producer is told."""

    def __init__(self, watched: Watched, once: Once, name: str, producer: Any) -> None:
        self._tape = watched.tape
        self._once = once
        self._name = name
        self._producer = producer
        self._take_back: dict[str, Callable[[], object]] = {}
        for order in _ORDERS:
            self._listen(order)

    def _listen(self, order: str) -> None:
        self._take_back[order] = self._once.overhear(self._producer, order, lambda method: self._told(order, method))

    def _told(self, order: str, method: Callable[[], object]) -> object:
        if order != "stopProducing":
            self._listen(order)
        else:
            self.stop()
        self._tape.change(f"{self._name}.producer", _ORDERS[order])
        kind = f"producer.{'resumed' if order == 'resumeProducing' else _ORDERS[order]}"
        at = self._tape.places.of(method)
        with self._tape.span(kind, self._name, at=at, text=name_of(method)):
            return method()

    def stop(self) -> None:
        """It is no transport's producer any more."""
        for take_back in self._take_back.values():
            take_back()
