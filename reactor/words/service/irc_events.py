"""What happens in words, as lines of IRC. A line is written once for each kind of receiver, not for each receiver."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from reactor.words.iwords import Event
from reactor.words.protocols.irc.wire import cut, split, write_message, write_tags

_UNSENDABLE = re.compile(r"[\r\n\0]+")
_Lines = list[tuple[str, list[str]]]


def _said(event: Event, kind: str) -> _Lines:
    message = event.about
    target = f"#{event.group.name}" if event.group is not None else event.text
    text = message.get("text")
    if text is None and "tags" in message:
        return [("TAGMSG", [target])] if "message-tags" in kind else []
    command = "NOTICE" if message.get("notice") else "PRIVMSG"
    room = max(510 - len(f":{event.mask} {command} {target} :".encode()), 100)
    lines = _UNSENDABLE.sub("\n", "<an unrepresentable message>" if text is None else str(text))
    return [(command, [target, one]) for one in split(lines, room)]


def _joined(event: Event, kind: str) -> _Lines:
    params = [f"#{event.group.name}"]
    if "extended-join" in kind:
        params += [_account(event) or "*", _realname(event)]
    return [("JOIN", params)]


def _changed(event: Event, kind: str) -> _Lines:
    if event.text == "away":
        away = event.by.avatar.away
        return [("AWAY", [away] if away else [])] if "away-notify" in kind else []
    return [("SETNAME", [_realname(event)])] if "setname" in kind else []


_LINES: dict[str, Any] = {
    "said": _said,
    "joined": _joined,
    "left": lambda event, kind: [("PART", [f"#{event.group.name}", *([event.text] if event.text else [])])],
    "kicked": lambda event, kind: [("KICK", [f"#{event.group.name}", event.about.name, event.text])],
    "quit": lambda event, kind: [("QUIT", [event.text])],
    "renamed": lambda event, kind: [("NICK", [event.text])],
    "changed": _changed,
    "meta": lambda event, kind: [("TOPIC", [f"#{event.group.name}", event.about.get("topic") or ""])],
    "modes": lambda event, kind: [("MODE", [f"#{event.group.name}", *event.about])],
    "invited": lambda event, kind: [("INVITE", [event.about.name, f"#{event.group.name}"])],
}
_TEXTS = {"PRIVMSG": 2, "NOTICE": 2, "PART": 2, "KICK": 3, "QUIT": 1, "TOPIC": 2, "AWAY": 1, "SETNAME": 1, "JOIN": 3}
CAPABILITIES = "server-time account-tag message-tags extended-join away-notify setname"  # what lines depend on


def _account(event: Event) -> str | None:
    return getattr(getattr(event.by, "avatar", None), "account", None)


def _realname(event: Event) -> str:
    return getattr(event.by.avatar, "realname", "") or str(event.by.name)


def write_event(event: Event, kind: str, server: str) -> bytes:
    """The lines of an event, b"" for none. kind: capabilities of who gets them. server: who did it, if nobody."""
    tags: dict[str, str] = {}
    if "server-time" in kind:
        stamp = datetime.fromtimestamp(event.time, UTC).isoformat(timespec="milliseconds")
        tags["time"] = stamp.replace("+00:00", "Z")
    if "account-tag" in kind and (account := _account(event)):
        tags["account"] = account
    if "message-tags" in kind and event.kind == "said":
        tags.update(event.about.get("tags", {}))
    before = f"@{write_tags(tags)} ".encode("utf-8", "surrogateescape") if tags else b""
    lines = []
    for command, params in _LINES[event.kind](event, kind):
        hasText = command in _TEXTS and len(params) >= _TEXTS[command]
        lines.append(before + cut(write_message(command, _clean(params), event.mask or server, hasText)) + b"\r\n")
    return b"".join(lines)


def _clean(params: list[str]) -> list[str]:
    """What other doors may have brought: no end of a line in it."""
    return [_UNSENDABLE.sub(" ", one) for one in params]
