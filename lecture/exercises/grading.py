"""The verdict on a program: every check, in every schedule, and the shortest way in which it fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from lecture.exercises.checks import Check
from lecture.exercises.peers import Broken
from lecture.exercises.schedules import PLAIN, Dice, Schedule, schedules
from lecture.exercises.trying import ResetNow, Yours
from reactor.sim import SimulationError

RUNS = "runs"  # the rule that no statement needs to give: it starts, and raises nothing that nobody catches
_LONGEST = 100  # bytes that are shown of what was sent, came or was expected
# The same mistake is in another line of another program, and in another place in memory.
_LINE = re.compile(r" \(\S+, line \d+\)| at 0x[0-9a-f]+")
QUIET = "it raises an exception that it doesn't catch"


@dataclass(frozen=True)
class Failure:
    """A check that didn't hold, and in which schedule. The rest is as in Broken; bytes as text with escapes."""

    check: str
    schedule: str
    said: str
    rule: str
    what: str
    sent: tuple[str, ...]
    expected: str | None
    came: str | None
    seed: int


@dataclass(frozen=True)
class Verdict:
    """What the grader found. failures: in the order in which they were found, the shortest to tell first.

    tried: how many worlds there were.
    """

    failures: tuple[Failure, ...]
    tried: int

    @property
    def passed(self) -> bool:
        """Whether there was no failure."""
        return not self.failures

    @property
    def fingerprint(self) -> dict[str, str]:
        """In which checks and schedules it failed, and a hash of how: programs with the same mistake do the same."""
        return {
            f"{one.check}: {one.schedule}": _hash(_LINE.sub("", f"{one.rule} {one.what} {one.came}"))
            for one in self.failures
        }

    def as_json(self) -> dict[str, Any]:
        """For another process."""
        return asdict(self)

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Verdict:
        """The reverse."""
        failures = (Failure(**{**one, "sent": tuple(one["sent"])}) for one in found["failures"])
        return cls(tuple(failures), found["tried"])


def grade(
    script: Path,
    checks: Sequence[Check],
    dice: Dice = Dice(),  # noqa: B008  # it can't be changed
    watch: Callable[[str, Failure], object] = lambda what, failure: None,
    first_only: bool = False,
) -> Verdict:
    """Try a program. script: its file; other files of its own are beside it. dice: the hidden seeds.

    first_only: stop at the first failure.
    watch: called before each try as `watch("tries", …)`, with a Failure that has no findings yet, and when something
        has failed as `watch("failure", …)`, for who must know what was found if the program never comes back.
    """
    failures: list[Failure] = []
    tried = 0
    for check in checks:
        for schedule, yours in _worlds(script, check, dice):
            watch("tries", _failure(check, schedule, Broken(check.rules[0], "")))
            broken = converse(yours, check)
            tried += 1
            if broken is not None:
                failures.append(_failure(check, schedule, broken))
                watch("failure", failures[-1])
                if first_only:
                    return Verdict(tuple(failures), tried)
    return Verdict(tuple(failures), tried)


def _worlds(script: Path, check: Check, dice: Dice) -> Iterator[tuple[Schedule, Yours]]:
    with Yours(script, PLAIN) as plain:
        yield PLAIN, plain
        stream, steps = plain.stream, plain.steps
    for schedule in schedules(check.kinds, stream, steps, dice):
        with Yours(script, schedule) as yours:
            yield schedule, yours


def converse(yours: Yours, check: Check) -> Broken | None:
    """Hold a program to a check once, in the world that it is in. Returns the rule that it breaks, if any."""
    try:
        try:
            check.conversation(yours)
        except ResetNow:  # that was somebody else; now we come, and want to be served as if nothing had happened
            yours.schedule = PLAIN
            yours.later(1)
            check.conversation(yours)
    except Broken as broken:
        yours.tell_unhandled()
        return _explained(broken, yours)
    except SimulationError as problem:
        return Broken(check.rules[0], str(problem), came=yours.complaint())
    yours.tell_unhandled()
    return Broken(RUNS, QUIET, came=yours.complaint()) if yours.has_raised else None


def _explained(broken: Broken, yours: Yours) -> Broken:
    """A program that has raised something breaks rules for that reason."""
    if yours.has_raised and broken.rule != RUNS:
        broken.what += f"; before that it raised {yours.complaint()}"
    return broken


def _failure(check: Check, schedule: Schedule, broken: Broken) -> Failure:
    sent = tuple(map(_text, _in_pieces(broken.sent, schedule)))
    expected, came = _text(broken.expected), _text(broken.came)
    return Failure(
        check.name, schedule.name, schedule.said, broken.rule, broken.what, sent, expected, came, schedule.seed
    )


def _hash(words: str) -> str:
    return sha256(words.encode(errors="surrogatepass")).hexdigest()[:8]


def _in_pieces(sent: tuple[bytes, ...], schedule: Schedule) -> tuple[bytes, ...]:
    """What was sent, cut as the program has read it."""
    if not schedule.reads:
        return (b"".join(sent),) if schedule.glued else sent
    stream, pieces = b"".join(sent), []
    for size in schedule.reads:
        piece, stream = stream[:size], stream[size:]
        pieces.append(piece)
    return tuple(filter(None, [*pieces, stream]))


def _text(value: object) -> Any:
    if isinstance(value, bytes):
        more = f"… ({len(value):,} bytes)" if len(value) > _LONGEST else ""
        return f"'{''.join(map(_character, value[:_LONGEST].decode(errors='surrogateescape')))}'{more}"
    return None if value is None else str(value)


def _character(one: str) -> str:
    """As Python would write it in bytes, but for letters of other alphabets, which people want to read."""
    if "\udc80" <= one <= "\udcff":  # a byte that isn't UTF-8; half of a letter, for instance
        return f"\\x{ord(one) - 0xDC00:02x}"
    return one if one not in "\\'" and one.isprintable() else "\\'" if one == "'" else repr(one)[1:-1]
