"""The ways in which a network may deliver the same conversation, the shortest to tell first.

Pieces that arrive at one instant are one read, so a small packet size proves nothing: a schedule says where reads end
(`reactor.sim.Host.reads`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

EVERY_CUT_UP_TO = 120  # bytes of a stream
CUTS_OF_A_LONGER_ONE = 60  # places, evenly spread, both ends among them; that each byte comes by itself is tried anyway
RESETS = 25  # steps of a run at which a connection is reset, likewise
INTERRUPTS = 60  # steps of a run at which Ctrl-C is pressed, likewise
SLOW = {"latency_s": 0.2, "bandwidth": 2000.0}  # a bad telephone
SEEDS = 5


@dataclass(frozen=True)
class Schedule:
    """How bytes are delivered in one world.

    name: short, and the same in each run: sets of these tell misconceptions apart. said: for people.
    reads: where the program's first reads end. glued: whether what a peer says without waiting is sent in one piece.
    slow: whether the link is. reset_at: the step of the world at which all connections are reset, None for never.
    interrupt_at: likewise, for Ctrl-C at the program. seed: of the world.
    """

    name: str
    said: str
    reads: tuple[int, ...] = ()
    glued: bool = False
    slow: bool = False
    reset_at: int | None = None
    interrupt_at: int | None = None
    seed: int = 0


@dataclass(frozen=True)
class Dice:
    """The seeds that nobody has seen before: so many from the first on. The statement admits them."""

    first: int = 1000
    count: int = 20


PLAIN = Schedule("plain", "as it comes")
KINDS = ("cuts", "bytes", "glued", "slow", "seeds", "resets", "interrupts", "hidden")


def schedules(kinds: tuple[str, ...], stream: int, steps: int, dice: Dice) -> Iterator[Schedule]:
    """All schedules of these kinds, but for the plain one.

    stream: how many bytes the program has read of its longest connection in the plain run. steps: of the world in it.
    """
    for kind in KINDS:
        if kind in kinds:
            yield from _hidden(dice) if kind == "hidden" else _MAKERS[kind](stream, steps)


def _cuts(stream: int, steps: int) -> Iterator[Schedule]:
    most = EVERY_CUT_UP_TO if stream <= EVERY_CUT_UP_TO else CUTS_OF_A_LONGER_ONE
    for place in spread(1, stream, most):
        yield Schedule(f"cut {place}", f"cut in two after {place} byte{'s' * (place != 1)}", reads=(place,))


def _bytes(stream: int, steps: int) -> Iterator[Schedule]:
    if stream > 1:
        yield Schedule("bytes", "each byte by itself", reads=(1,) * stream)
        yield Schedule("threes", "in pieces of three bytes", reads=(3,) * (stream // 3 + 1))


def _glued(stream: int, steps: int) -> Iterator[Schedule]:
    yield Schedule("glued", "all that can be sent at once in one piece", glued=True)


def _slow(stream: int, steps: int) -> Iterator[Schedule]:
    yield Schedule("slow", "over a slow link", slow=True)


def _seeds(stream: int, steps: int) -> Iterator[Schedule]:
    for seed in range(1, SEEDS + 1):
        yield Schedule(f"seed {seed}", f"with pieces and delays by the dice, seed {seed}", seed=seed)


def _resets(stream: int, steps: int) -> Iterator[Schedule]:
    for step in spread(1, steps, RESETS):
        yield Schedule(f"reset {step}", f"another connection was reset before, at step {step}", reset_at=step)


def _interrupts(stream: int, steps: int) -> Iterator[Schedule]:
    for step in spread(1, steps, INTERRUPTS):
        yield Schedule(f"Ctrl-C {step}", f"Ctrl-C at step {step}", interrupt_at=step)


def _hidden(dice: Dice) -> Iterator[Schedule]:
    for number in range(dice.count):
        seed = dice.first + number
        yield Schedule(f"hidden {number + 1}", f"an evening by the dice, seed {seed}", seed=seed)


_MAKERS = {
    "cuts": _cuts,
    "bytes": _bytes,
    "glued": _glued,
    "slow": _slow,
    "seeds": _seeds,
    "resets": _resets,
    "interrupts": _interrupts,
}


def spread(first: int, end: int, most: int) -> list[int]:
    """The whole numbers from `first` to before `end`; of more than `most`, so many, evenly spread."""
    count = end - first
    if count <= most:
        return list(range(first, end))
    return sorted({first + round(n * (count - 1) / (most - 1)) for n in range(most)})
