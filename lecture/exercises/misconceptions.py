"""Which misconception is it? Programs with the same mistake fail in the same schedules, and mostly with the same words.

The wrong solutions of an exercise are graded once. A program that fails is compared with them: of the schedules in
which one of the two fails, how many are those in which both do, and how many in which both do the same?
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

LIKELY = 0.6  # below it, nothing is said: a wrong guess teaches a second mistake

WITH_ANOTHER = 0.75  # of two mistakes in one program, one is named if four fifths of it are there

Fingerprint = Mapping[str, str]  # what came, by check and schedule: see Verdict


def nearest(failed: Fingerprint, known: Mapping[str, Fingerprint]) -> str | None:
    """The name of the wrong solution that fails most like this; None when none is like it, or two are equally.

    known: the fingerprints of wrong solutions, by name.
    """
    ranked = sorted(((*_scores(failed, print_), name) for name, print_ in known.items()), reverse=True)
    if not ranked or ranked[0][0] < LIKELY or (len(ranked) > 1 and ranked[1][:2] == ranked[0][:2]):
        return None
    return ranked[0][2]


def nearest_of_noted(failed: Fingerprint, known: Mapping[str, Fingerprint]) -> str | None:
    """The same for fingerprints that were noted once: other dice were thrown then, so what they did doesn't count."""
    return nearest(_without_dice(failed), {name: _without_dice(print_) for name, print_ in known.items()})


def _without_dice(fingerprint: Fingerprint) -> Fingerprint:
    return {place: said for place, said in fingerprint.items() if ": hidden " not in place}


def _scores(failed: Fingerprint, known: Fingerprint) -> tuple[float, float]:
    """How well a known mistake explains a failure; and by what one of two goes that explain it equally well."""
    like = likeness(failed, known)
    return max(like, WITH_ANOTHER * contained(failed, known)), like


def contained(failed: Fingerprint, known: Fingerprint) -> float:
    """0 to 1: how much of a known mistake is there, whatever else is wrong.

    None of it counts if it doesn't explain the first failure, which is the one that a student is shown: a program that
    does nothing yet has a part of every mistake after which nothing comes.
    """
    shown = next(iter(failed), "")
    if failed.get(shown) != known.get(shown):
        return 0.0
    return sum(failed.get(schedule) == said for schedule, said in known.items()) / len(known) if known else 0.0


def likeness(one: Fingerprint, other: Fingerprint) -> float:
    """0 to 1: half for failing in the same schedules (Jaccard's index), half for doing the same there."""
    either, both = one.keys() | other.keys(), one.keys() & other.keys()
    same = sum(one[schedule] == other[schedule] for schedule in both)
    return (len(both) + same) / (2 * len(either)) if either else 0.0


def alike(known: Mapping[str, Fingerprint]) -> Iterable[tuple[str, str]]:
    """Pairs of wrong solutions that no schedule tells apart: an exercise that lists both lacks a check."""
    names = sorted(known)
    return ((a, b) for n, a in enumerate(names) for b in names[n + 1 :] if known[a] == known[b])
