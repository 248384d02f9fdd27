"""Everybody who listens: one or more pages of the speaker's, and the pages of the audience.

Only what a speaker says has an effect: its place goes to all other pages, and its runs to all. That is decided here by
who came in with the token, and not by anything that a page says of itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from lecture.programs.layout import is_wrong, right_folder, session_path
from lecture.serve.door import Role
from lecture.serve.listener import GOING_AWAY, Listener
from lecture.serve.messages import BadMessage, Message, Moved, Source, Stop
from lecture.serve.messages import Run as WantsRun
from lecture.serve.runs import Run
from lecture.serve.workers import Answer

MOST_LISTENERS = 500


class Audience:
    """The pages that are open, and what a page that comes late has to know.

    start_run: begins a run: how to tell of it, its number, the example's name, the path of its session, the edits.
    allow_edit: whether the speaker may run edited programs.
    """

    def __init__(self, start_run: Callable[..., Run], allow_edit: bool) -> None:
        self._start_run, self._allow_edit = start_run, allow_edit
        self.listeners: list[Listener] = []
        self._sessions: dict[str, Path] = {}
        self._place: Answer | None = None
        self._build: Answer = {"type": "built", "build": ""}
        self._broken: Answer | None = None
        self._runs: dict[Listener, Run] = {}
        self._last_run: Run | None = None
        self._runs_until_now = 0

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another page."""
        return len(self.listeners) >= MOST_LISTENERS

    # --- what happens to the deck

    def built(self, build: str, folder: str, shown: list[str]) -> None:
        """There is a new site. build: its name. folder: of the examples. shown: those that can be run."""
        self._sessions = {name: session_path(Path(folder), name) for name in shown}
        self._build, self._broken = {"type": "built", "build": build}, None
        self.tell(self._build)

    def broken(self, errors: list[Answer]) -> None:
        """The deck has mistakes, and the site is what it was."""
        self._broken = {"type": "broken", "errors": errors}
        self.tell(self._broken)

    def close(self) -> None:
        """Say goodbye to all pages."""
        for listener in list(self.listeners):
            listener.close(GOING_AWAY)

    # --- pages

    def came(self, listener: Listener) -> None:
        """A page has come: tell it where the talk is."""
        self.listeners.append(listener)
        is_speaker = listener.role is Role.SPEAKER
        hello = {"type": "hello", "role": listener.role.name.lower(), "edit": is_speaker and self._allow_edit}
        run = self._last_run.so_far if self._last_run else []
        for message in (hello, self._build, self._broken, self._place, *run):
            if message is not None and _concerns(listener, message):
                listener.send(json.dumps(message))

    def went(self, listener: Listener) -> None:
        """A page has gone, and its run with it."""
        if listener in self.listeners:
            self.listeners.remove(listener)
        run = self._runs.pop(listener, None)
        if run is not None:
            run.stop()

    def heard(self, listener: Listener, message: Message) -> None:
        """A page says something. Raises BadMessage if it may not."""
        if listener.role is not Role.SPEAKER:
            raise BadMessage("only the speaker's page may say anything")
        if isinstance(message, Moved):
            self._place = {"type": "place", "slide": message.slide, "step": message.step}
            self.tell(self._place)
        elif isinstance(message, WantsRun):
            self._run(listener, message)
        elif isinstance(message, Stop):
            if listener in self._runs:
                self._runs[listener].stop(message.late)
        else:
            self._show_source(listener, message)

    def tell(self, message: Answer) -> None:
        """Send a message to all pages that it concerns."""
        text = json.dumps(message)
        for listener in list(self.listeners):
            if _concerns(listener, message):
                listener.send(text)

    # --- runs

    def _run(self, listener: Listener, message: WantsRun) -> None:
        running = self._runs.get(listener)
        programs = self._programs(message.example)
        unknown = sorted(message.edits.keys() - programs.keys())
        if message.example not in self._sessions:
            why = f"no slide shows a session of {message.example!r}"
        elif running is not None and not running.is_over:
            why = "a run is going on: stop it first"
        elif message.edits and not self._allow_edit:
            why = "edited programs are run only if the server was started with --allow-edit"
        elif unknown:
            why = f"{message.example} has no program {unknown[0]!r}"
        else:
            self._runs_until_now += 1
            session = self._sessions[message.example]
            run = self._start_run(self.tell, self._runs_until_now, message.example, session, message.edits)
            self._runs[listener] = self._last_run = run
            return
        _refuse(listener, why)

    def _show_source(self, listener: Listener, message: Source) -> None:
        if not self._allow_edit:
            _refuse(listener, "programs are edited only if the server was started with --allow-edit")
        elif message.example not in self._sessions:
            _refuse(listener, f"no slide shows a session of {message.example!r}")
        else:
            programs = self._programs(message.example)
            texts = {name: path.read_text(encoding="utf-8-sig", errors="replace") for name, path in programs.items()}
            listener.send(json.dumps({"type": "source", "example": message.example, "programs": texts}))

    def _programs(self, example: str) -> dict[str, Path]:
        """The programs of an example, by name; a wrong one stands among those of the right one."""
        if example not in self._sessions:
            return {}
        folder = self._sessions[example].parent
        folders = [right_folder(folder), folder] if is_wrong(folder) else [folder]
        return {path.name: path for place in folders for path in sorted(place.glob("*.py"))}


def _concerns(listener: Listener, message: Answer) -> bool:
    """A speaker isn't led, and mistakes, which name this machine's files, are for who sits at it."""
    return {"place": listener.role is not Role.SPEAKER, "broken": listener.is_here}.get(message["type"], True)


def _refuse(listener: Listener, why: str) -> None:
    listener.send(json.dumps({"type": "refused", "why": why}))
