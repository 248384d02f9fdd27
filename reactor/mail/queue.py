"""Letters that wait for another server, on disk: what was accepted must survive whatever happens to us.

    ID.letter    the letter, as it goes out
    ID.json      the envelope: from whom, for whom still, when it came, when to try again; without it there is no letter

Each file is written beside its place, synced, and renamed into it; then the folder is synced. The letter comes first,
the envelope last: whoever brought it is told when both are safe. In the end the envelope goes first. So a crash leaves
a letter and its envelope, or rests that the next start clears away. One process has a queue, at one time.
"""

from __future__ import annotations

import itertools
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from reactor import log
from reactor.defer import Deferred, maybeDeferred
from reactor.mail.bounce import Options
from reactor.mail.smtp.addresses import Address
from reactor.threads import deferToThreadPool

_numbers = itertools.count()


@dataclass
class Recipient:
    """Somebody that a letter is still for. options: of RCPT."""

    address: str
    options: Options = field(default_factory=dict)


@dataclass
class Envelope:
    """What is known of a letter. sender: "" for a bounce. options: of MAIL. arrived, next_try: seconds since 1970."""

    sender: str
    recipients: list[Recipient]
    arrived: float
    next_try: float
    options: Options = field(default_factory=dict)
    attempts: int = 0


def write_durably(path: Path, data: bytes) -> None:
    """Write a file so that there is all of it or none, and all of it when this returns. Raises OSError."""
    beside = path.with_name(f"{path.name}.tmp")
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.rename(beside, path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _stored(options: dict[bytes, bytes | None]) -> Options:
    return {name.decode(): None if it is None else it.decode("latin-1") for name, it in options.items()}


def address_of(text: str, options: Options) -> Address:
    """The Address that was stored."""
    address = Address(text.encode("utf-8"))
    address.options = {
        name.encode(): None if value is None else value.encode("latin-1") for name, value in options.items()
    }
    return address


class Queue:
    """The letters in a folder, which is made if it isn't there. Names as in `twisted.mail.relaymanager`.

    reactor: in whose threads `add` waits for the disk; without one it waits where it is called. now: seconds since
    1970. added: called when a letter has come.
    """

    def __init__(self, directory: str | Path, reactor: Any = None, now: Callable[[], float] = time.time) -> None:
        self.directory = Path(directory)
        self._reactor, self.now = reactor, now
        self._envelopes: dict[str, Envelope] = {}
        self._relayed: set[str] = set()
        self.added: Callable[[], object] = lambda: None
        self.directory.mkdir(0o700, parents=True, exist_ok=True)
        self.readDirectory()

    def readDirectory(self) -> None:
        """Find what is there, and clear away what a crash has left. Called once, at the start."""
        for path in self.directory.iterdir():
            if path.suffix == ".json":
                try:
                    values = json.loads(path.read_bytes())
                    recipients = [Recipient(**one) for one in values.pop("recipients")]
                    self._envelopes[path.stem] = Envelope(recipients=recipients, **values)
                except (ValueError, TypeError, KeyError) as problem:  # not ours: neither sent nor removed
                    log.msg(f"{path} is no envelope: {problem}")
            elif path.suffix == ".tmp" or not path.with_suffix(".json").exists():
                path.unlink()

    def add(self, sender: Any, recipients: Sequence[Any], message: bytes) -> Deferred[Any]:
        """Take a letter. sender, recipients: Addresses. Fires with its ID when it is safe; fails with OSError."""
        now = self.now()
        several = [Recipient(str(one), _stored(one.options)) for one in recipients]
        envelope = Envelope(str(sender), several, now, now, _stored(sender.options))
        identity = f"{int(now * 1e6):x}-{os.getpid():x}-{next(_numbers):x}"

        def arrived(_: Any) -> str:
            self._envelopes[identity] = envelope
            self.added()
            return identity

        if self._reactor is None:
            written = maybeDeferred(self._write, identity, envelope, message)
        else:
            pool = self._reactor.getThreadPool()
            written = deferToThreadPool(self._reactor, pool, self._write, identity, envelope, message)
        return written.addCallback(arrived)

    def _write(self, identity: str, envelope: Envelope, message: bytes) -> None:
        letter = self.getPath(identity)
        write_durably(letter, message)
        try:
            self._write_envelope(identity, envelope)
        except OSError:
            letter.unlink(missing_ok=True)
            raise

    def _write_envelope(self, identity: str, envelope: Envelope) -> None:
        write_durably(self.directory / f"{identity}.json", json.dumps(asdict(envelope)).encode("utf-8"))

    def getPath(self, message: str) -> Path:
        """Where a letter lies."""
        return self.directory / f"{message}.letter"

    def open(self, message: str) -> IO[bytes]:
        """The letter, as a file."""
        return open(self.getPath(message), "rb")

    def getEnvelope(self, message: str) -> Envelope:
        """What is known of it."""
        return self._envelopes[message]

    def getWaiting(self) -> list[str]:
        """The IDs of those that nobody relays now and whose time has come, the first first."""
        now = self.now()
        due = [one for one, it in self._envelopes.items() if it.next_try <= now and one not in self._relayed]
        return sorted(due, key=lambda one: self._envelopes[one].next_try)

    def getRelayed(self) -> list[str]:
        """The IDs of those that somebody relays now."""
        return list(self._relayed)

    def nextTry(self) -> float | None:
        """When the next one's time comes; None when there is none."""
        return min((it.next_try for one, it in self._envelopes.items() if one not in self._relayed), default=None)

    def setRelaying(self, message: str) -> None:
        """Somebody relays it."""
        self._relayed.add(message)

    def setWaiting(self, message: str) -> None:
        """Nobody relays it any more: keep what has become of its envelope. Raises OSError; then the old one is kept."""
        self._relayed.discard(message)
        self._write_envelope(message, self._envelopes[message])

    def done(self, message: str) -> None:
        """It has gone to all: forget it."""
        (self.directory / f"{message}.json").unlink(missing_ok=True)
        self.getPath(message).unlink(missing_ok=True)
        self._envelopes.pop(message, None)
        self._relayed.discard(message)
