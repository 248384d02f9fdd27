"""Where a name of Twisted's lives here, and back. Two rules, and no table:

1. `twisted.internet` and `twisted.python` are `reactor` itself: `twisted.python.log` is `reactor.log`.
2. Every other package of Twisted keeps its name under `reactor`: `twisted.web.server` is `reactor.web.server`.

The way back must know from which of the two packages of rule 1 a module came, and what rule 2 is about. Two lists tell:
the modules of `twisted.python`, and the packages beside it. What is in neither is `twisted.internet`'s. An installed
Twisted could be asked instead, but then the answer would be another where there is none; and a list can be kept, as
Twisted has moved no module between its packages in twenty years. A test holds both against the installed one.

The rules say where a module would be. Whether it is there, `library.py` finds out by looking.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

_OF_PYTHON = """
    compat components constants context deprecate dist failure fakepwd filepath finalize formmethod hashlib hook
    htmlizer lockfile log logfile modules monkey otp procutils randbytes rebuild reflect release roots runtime sendmsg
    shortcut syslog systemd text threadable threadpool timeoutqueue url urlpath usage util versions win32 zippath
    zipstream zshcomp"""
_BESIDE = """
    application conch copyright cred enterprise logger lore mail manhole names news pair persisted plugin plugins
    positioning protocols reality runner scripts spread tap test trial web words"""


def ours(name: str) -> str:
    """The dotted name that `twisted.…` has here. For `twisted` alone, `reactor`.

    >>> ours("twisted.python.log.msg"), ours("twisted.web.server"), ours("twisted.internet")
    ('reactor.log.msg', 'reactor.web.server', 'reactor')
    """
    parts = name.split(".")[1:]
    return ".".join(["reactor", *(parts[1:] if parts[:1] in (["internet"], ["python"]) else parts)])


def theirs(name: str) -> str:
    """The dotted name that `reactor.…` has in Twisted. For `reactor` alone, which is two packages there, `twisted`.

    >>> theirs("reactor.log.msg"), theirs("reactor.web.server"), theirs("reactor.reactor")
    ('twisted.python.log.msg', 'twisted.web.server', 'twisted.internet.reactor')
    """
    parts = name.split(".")[1:]
    if not parts or parts[0] in _BESIDE.split():
        return ".".join(["twisted", *parts])
    return ".".join(["twisted", "python" if parts[0] in _OF_PYTHON.split() else "internet", *parts])


@dataclass(frozen=True)
class Direction:
    """From which package to which one to port programs, and the rule for names."""

    source: str
    target: str
    renamed: Callable[[str], str]


TO_OURS = Direction("twisted", "reactor", ours)
TO_TWISTED = Direction("reactor", "twisted", theirs)
