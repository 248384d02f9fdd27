"""What happens around startup and shutdown.

An event has three phases. `before`: get ready; a trigger may return a Deferred, and the event waits for it. `during`:
the event itself. `after`: what relies on the event being over. A trigger that raises is logged; the others still run.
Each trigger runs once: a second run of the reactor needs its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reactor import log
from reactor.core.loop.descriptors import log_raised
from reactor.defer import Deferred

PHASES = ("before", "during", "after")


class Trigger:
    """One call that belongs to a phase of an event. A user keeps it only in order to remove it."""

    def __init__(self, phase: str, func: Callable[..., Any], args: tuple[Any, ...], kw: dict[str, Any]) -> None:
        self.phase = phase
        self._func = func
        self._args = args
        self._kw = kw

    def run(self) -> Any:
        """Make the call; what it raises is logged."""
        try:
            return self._func(*self._args, **self._kw)
        except BaseException as problem:
            log_raised(problem, f"in the {self.phase} phase of a system event")


class SystemEvent:
    """One event (startup, shutdown or a program's own) with its triggers.

    essence: the event itself, run first in the `during` phase, every time. conclusion: run last in that phase.
    """

    def __init__(
        self, essence: Callable[[], object] | None = None, conclusion: Callable[[], object] | None = None
    ) -> None:
        self._triggers: dict[str, list[Trigger]] = {phase: [] for phase in PHASES}
        self._essence = essence
        self._conclusion = conclusion
        self._awaited = 0
        self._firing = 0  # which firing this is: a Deferred that an earlier one no longer awaits may still fire

    def add(self, phase: str, func: Callable[..., Any], args: tuple[Any, ...], kw: dict[str, Any]) -> Trigger:
        """Add a call. Raises KeyError for an unknown phase, TypeError if `func` can't be called."""
        if phase not in PHASES:
            raise KeyError(f"a trigger's phase is one of {', '.join(PHASES)}, not {phase!r}")
        if not callable(func):
            raise TypeError(f"a trigger is something to call, not {func!r}")
        trigger = Trigger(phase, func, args, kw)
        self._triggers[phase].append(trigger)
        return trigger

    def has(self, trigger: object) -> bool:
        """Whether this trigger is here and still to run."""
        return any(trigger is other for triggers in self._triggers.values() for other in triggers)

    def remove(self, trigger: Trigger) -> None:
        """Remove a trigger. Raises ValueError if it isn't here: it ran, or was removed."""
        self._triggers[trigger.phase].remove(trigger)

    def fire(self) -> None:
        """Run `before`; when every Deferred that came back has fired, run `during` and `after`."""
        self._firing += 1
        self._awaited = 1  # for this function itself, so that a Deferred which fires at once can't be the last
        for trigger in self._drain("before"):
            result = trigger.run()
            if isinstance(result, Deferred):
                self._awaited += 1
                result.addErrback(log.err, "in the before phase of a system event")
                result.addBoth(self._one_is_done, self._firing)
        self._one_is_done(None, self._firing)

    def _one_is_done(self, result: object, firing: int) -> None:
        if firing != self._firing:
            return
        self._awaited -= 1
        if not self._awaited:
            self._go_on()

    def stop_waiting(self) -> int:
        """Go on without the Deferreds that `before` waits for. Returns how many there were; does nothing if none."""
        given_up, self._awaited = self._awaited, 0
        if given_up:
            self._firing += 1
            self._go_on()
        return given_up

    def _go_on(self) -> None:
        if self._essence is not None:
            self._essence()
        self.run_phase("during")
        if self._conclusion is not None:
            self._conclusion()
        self.run_phase("after")

    def run_phase(self, phase: str) -> None:
        """Run the triggers of a phase. A conclusion that takes long does this for those that are added meanwhile."""
        for trigger in self._drain(phase):
            trigger.run()

    def _drain(self, phase: str) -> Any:
        """The triggers of a phase, each removed before it runs; those added meanwhile are included."""
        triggers = self._triggers[phase]
        while triggers:  # not a loop over a copy: a trigger may remove the next one
            yield triggers.pop(0)
