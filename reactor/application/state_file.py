"""State that outlives the program: saved when the services have stopped, there again at the next start.

    class Counter(Service):
        keeps = ("visits",)         # attributes; their values must be representable in JSON
        visits = 0

    counter.setName("counter")      # by this name it finds its state again

The file is `NAME.state.json`, where the application was started, unless `application.stateFile` says otherwise. People
can read it, too:

    {"format": "state of a reactor application", "version": 1, "application": "web",
     "services": {"counter": {"visits": 3}, "outer/inner": {...}}}

A key of `services` is the path of names from the application down. A service that is in the file, but not in the
application this time, stays in the file.

The rule: a file is replaced only by a complete one. The new one is written beside it, forced to the disk, and takes its
name in one step, so that a crash at any moment leaves the old file or the new one. A damaged file is renamed and
reported, and never overwritten.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from reactor import log
from reactor.application.errors import StateError
from reactor.application.tree import path_of

FORMAT = "state of a reactor application"
VERSION = 1

Kept = dict[str, dict[str, Any]]


class Root(Protocol):
    """The root of the services whose state is kept: an application."""

    name: str | None
    services: list[Any]


class State:
    """The state of one application's services, and the file that it is kept in.

    Raises StateError when a service that keeps state has no name of its own, or lacks an attribute that it keeps.
    """

    def __init__(self, application: Root, path: Path) -> None:
        self._application = application
        self.path = path.absolute()  # the program may change its working directory
        self._of_others: Kept = {}
        self._values()

    def restore(self) -> None:
        """Set the services' attributes as the file has them. A file that doesn't exist counts as empty.

        A damaged file is renamed. Raises StateError when the file can't be read for another reason, is of a later
        version or another application, or when `save` could not write it.
        """
        if not os.access(self.path.parent, os.W_OK):
            raise StateError(f"state can't be kept in {self.path}: the folder isn't there, or can't be written to")
        kept = self._read()
        for name, service in _keeping(self._application):
            values = kept.pop(name, {})
            for attribute in service.keeps:
                if attribute in values:
                    setattr(service, attribute, values[attribute])
        self._of_others = kept

    def save(self) -> None:
        """Replace the file. Raises StateError for values that JSON can't say, or OSError; the old file stays then."""
        document = {
            "format": FORMAT,
            "version": VERSION,
            "application": self._application.name,
            "services": {**self._of_others, **self._values()},
        }
        replace_file(self.path, (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode())

    def _values(self) -> Kept:
        return {
            name: {attribute: _checked(service, attribute) for attribute in service.keeps}
            for name, service in _keeping(self._application)
        }

    def _read(self) -> Kept:
        try:
            text = self.path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as problem:
            raise StateError(f"state can't be read: {problem}") from problem
        try:
            return self._understood(json.loads(text))
        except (ValueError, RecursionError) as problem:
            aside = _set_aside(self.path)
            log.err(StateError(f"{self.path} is damaged ({problem}): it is now {aside}"), "no state was restored")
            return {}

    def _understood(self, document: Any) -> Kept:
        """The state in a document. Raises ValueError when it is damaged, StateError when it isn't ours."""
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise ValueError(f"its format isn't {FORMAT!r}")
        version, name, services = (document.get(key) for key in ("version", "application", "services"))
        if isinstance(version, int) and version > VERSION:
            raise StateError(f"{self.path} was written by a later release (version {version}, not {VERSION})")
        if version != VERSION or not isinstance(services, dict):
            raise ValueError("it has no version, or no services")
        if name != self._application.name:
            raise StateError(f"{self.path} is the state of {name!r}, not of {self._application.name!r}: set stateFile")
        if not all(isinstance(values, dict) for values in services.values()):
            raise ValueError("a service's state is no table of names")
        return services


def keeps_anything(application: Root) -> bool:
    """Whether any of its services declares state."""
    return any(True for _ in _walk(application))


def _keeping(application: Root) -> Iterator[tuple[str, Any]]:
    """All services that declare state, with their paths of names. Raises StateError when one has no such path."""
    for service in _walk(application):
        names: list[str] = []
        place = service
        while place is not application:
            if place.name is None or "/" in place.name:
                raise StateError(f"{path_of(service)} keeps state: name it, and what it is in, without a slash")
            names.insert(0, place.name)
            place = place.parent
        yield "/".join(names), service


def _walk(service: Any) -> Iterator[Any]:
    for inner in getattr(service, "services", ()):
        if getattr(inner, "keeps", ()):
            yield inner
        yield from _walk(inner)


def _checked(service: Any, attribute: str) -> Any:
    """The attribute's value, if it survives JSON unchanged (a tuple doesn't: it comes back as a list)."""
    if not hasattr(service, attribute):
        raise StateError(f"{path_of(service)} keeps {attribute!r}, which it doesn't have: give it a first value")
    value = getattr(service, attribute)
    try:
        comes_back = json.loads(json.dumps(value, allow_nan=False).encode()) == value
        json.dumps(value, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError):
        comes_back = False
    if not comes_back:
        raise StateError(f"{path_of(service)} can't keep {attribute!r}: JSON has nothing for {value!r:.100}")
    return value


def _set_aside(path: Path) -> Path:
    """Rename a file to the first of `NAME.damaged`, `NAME.damaged-2` … that is free."""
    aside, number = path.with_name(f"{path.name}.damaged"), 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.damaged-{number}")
    path.rename(aside)
    return aside


def replace_file(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads, or leave the old one, whenever the machine stops."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)  # left by a program that was killed here
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)
    _force_to_disk(path.parent)


def _force_to_disk(folder: Path) -> None:
    if os.name == "nt":  # Windows can't open folders
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
