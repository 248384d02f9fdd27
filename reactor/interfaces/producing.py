"""Making data no faster than it is taken: producers, and the consumers that tell them when to go on."""

from __future__ import annotations

from typing import Any, Protocol


class IProducer(Protocol):
    """Makes data for a consumer."""

    def stopProducing(self) -> None:
        """The consumer is gone: make no more, ever."""


class IPullProducer(IProducer, Protocol):
    """Makes one piece each time it is asked; registered with `streaming=False`."""

    def resumeProducing(self) -> None:
        """Write one piece."""


class IPushProducer(IProducer, Protocol):
    """Makes data by itself until told to pause; registered with `streaming=True`."""

    def pauseProducing(self) -> None:
        """The consumer's buffer is full: write no more for now. May be called when paused already."""

    def resumeProducing(self) -> None:
        """The buffer has emptied: go on."""


class IConsumer(Protocol):
    """Takes data from one producer at a time."""

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """From now on tell `producer` when to go on, and if it is `streaming` also when to pause."""

    def unregisterProducer(self) -> None:
        """The producer has finished."""

    def write(self, data: bytes) -> None:
        """Take these bytes."""
