"""Events as lines of JSON, for programs that read logs.

    {"time": "2026-11-23T12:00:00.250000+00:00", "system": "-", "level": "ERROR", "message": "while making tea",
     "exception": {"type": "builtins.ValueError", "value": "x", "traceback": "Traceback (most …"}, "cup": 3}

What was given to `log.msg` by name is another key: its value as it is if JSON can say it, else its `repr`.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from reactor.log.characters import in_json
from reactor.log.events import Event, failure_of, level, moment, reason, safely, textFromEventDict
from reactor.log.text import FileLogObserver

LEVELS = {10: "DEBUG", 20: "INFO", 30: "WARNING", 40: "ERROR", 50: "CRITICAL"}

SAID_ALREADY = {"time", "system", "message", "format", "isError", "failure", "why", "logLevel", "logRecord"}
"""The keys of an event that the line shows in a way of its own; all others were given by name."""


class JSONFileLogObserver(FileLogObserver):
    """Writes each event as one line that holds a JSON object; the object contains no line ends."""

    def formatEvent(self, event: Event) -> str:
        """The line for an event, with its line end."""
        line = json.dumps(as_dict(event))
        if "\\ud" in line:  # a surrogate, which may be a lone one: JSON's readers refuse that (RFC 8259 §8.2)
            line = json.dumps(json.loads(in_json(json.dumps(as_dict(event), ensure_ascii=False))))
        return line + "\n"


def as_dict(event: Event) -> dict[str, Any]:
    """What the line for an event says, as a dictionary."""
    number = level(event)
    when = datetime.fromtimestamp(moment(event)).astimezone()
    found = {key: _plain(value) for key, value in event.items() if key not in SAID_ALREADY}
    found |= {"time": when.isoformat(timespec="microseconds"), "system": safely(str, event.get("system", "-"))}
    found["level"] = LEVELS.get(number, str(number))
    found["message"] = textFromEventDict(event)
    if (failure := failure_of(event)) is not None:
        found["message"] = reason(event)
        found["exception"] = {
            "type": f"{failure.type.__module__}.{failure.type.__qualname__}",
            "value": safely(str, failure.value),
            "traceback": safely(lambda it: it.getTraceback(), failure),
        }
    return found


def _plain(value: Any) -> Any:
    """The value, if all of it can be said in JSON; else its `repr`."""
    try:
        json.dumps(value, allow_nan=False)
    except Exception:  # no JSON; or too deep; or one of its own methods raises
        return _shown(value)
    return value


def _shown(value: Any) -> str:
    return safely(repr, value)
