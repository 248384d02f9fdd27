"""How errors travel: the name of the exception, the names of what it inherits from, and its text if it may.

The text of an exception is for the program's log. It may name files, tables, or what others have sent. So the peer gets
the text of `pb.Error` and of those below, which are made to be told, and of others only with `unsafeTracebacks`.
Twisted sends all. Classes that have a twin in Twisted travel under its name, too.
"""

from __future__ import annotations

from typing import Any

from reactor.cred import error as cred
from reactor.failure import Failure
from reactor.spread import errors
from reactor.spread.errors import RemoteError
from reactor.spread.flavors import Copyable, RemoteCopy
from reactor.spread.jelly import InsecureJelly, qual, setUnjellyableForClass

TAG = b"twisted.spread.pb.CopyableFailure"
TOLD = tuple(map(qual, (errors.Error, errors.NoSuchMethod, errors.ProtocolError, InsecureJelly)))
"""The peer's mistakes, and what is meant for it."""
_TWINS = {
    **{qual(cls): f"twisted.spread.pb.{name}" for name, cls in vars(errors).items() if isinstance(cls, type)},
    **{qual(cls): f"twisted.cred.error.{name}" for name, cls in vars(cred).items() if isinstance(cls, type)},
    qual(errors.NoSuchMethod): "twisted.spread.flavors.NoSuchMethod",
    qual(InsecureJelly): "twisted.spread.jelly.InsecureJelly",
}
_OURS = {theirs: ours for ours, theirs in _TWINS.items()}


class CopyableFailure(Failure, Copyable):
    """A failure that travels. unsafeTracebacks: whether its text and traceback do, whatever they tell."""

    unsafeTracebacks: bool | int = False

    def getTypeToCopy(self) -> bytes:
        """Twisted's name."""
        return TAG

    def getStateToCopy(self) -> dict[str, Any]:
        """What Twisted's Failure has for attributes."""
        names = vars(self).get("_names") or self.parents  # of a failure that came from elsewhere, or of our own
        return {
            "type": _TWINS.get(names[0], names[0]).encode(),
            "value": str(self.value) if self.unsafeTracebacks or not {*TOLD}.isdisjoint(names) else "",
            "parents": names + [_TWINS[name] for name in names if name in _TWINS],
            "traceback": self.getTraceback() if self.unsafeTracebacks else "Traceback unavailable\n",
            "count": self.count,
            "captureVars": False,
            "tb": None,
            "frames": [],
            "stack": [],
        }


class CopiedFailure(RemoteCopy, Failure):
    """A failure of the peer's. Its `value` is a RemoteError; `check` and `trap` know the class there by its name."""

    def setCopyableState(self, state: Any) -> None:
        """What was sent, by us or Twisted."""
        kind, text, self.traceback = (_text(state, name) for name in ("type", "value", "traceback"))
        Failure.__init__(self, RemoteError(kind, text, self.traceback))
        names = [name for name in state.get("parents") or () if isinstance(name, str)]
        self._names = [kind, *names, *(_OURS[name] for name in names if name in _OURS), qual(RemoteError)]

    @property
    def parents(self) -> list[str]:
        """The names of the exception's class and of all that it inherits from, there; and RemoteError's."""
        return self._names

    def check(self, *errorTypes: type[BaseException] | str) -> type[BaseException] | str | None:
        """The first of `errorTypes` that matches the exception of the peer's, by name, or None."""
        names = ((wanted if isinstance(wanted, str) else qual(wanted), wanted) for wanted in errorTypes)
        return next((wanted for name, wanted in names if name in self._names), None)

    def getTraceback(self, elideFrameworkCode: bool | int = False, detail: str = "default") -> str:
        """That it came from elsewhere, what it was, and the traceback there if it was sent."""
        return f"Traceback from remote host -- {self.traceback.rstrip()}\n{self.value.remoteType}: {self.value}\n"


def _text(state: Any, name: str) -> str:
    value = state.get(name) if isinstance(state, dict) else None
    if not isinstance(value, (str, bytes, Failure)):
        raise InsecureJelly(f"no failure: its {name} is no text but {type(value).__name__}")
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def failure2Copyable(fail: Failure, unsafeTracebacks: bool | int = False) -> CopyableFailure:
    """The same failure, one that travels."""
    copyable = CopyableFailure(fail)
    copyable.unsafeTracebacks = unsafeTracebacks
    return copyable


setUnjellyableForClass(TAG, CopiedFailure)
