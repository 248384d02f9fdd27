"""Four ovens, of which one is good.

An oven is a function `bake(clock, seconds, ring)`. It calls `ring()` once, `seconds` from now on this clock. What it
returns is a function that switches the oven off: from then on it doesn't ring.
"""


def good(clock, seconds, ring):
    return clock.callLater(seconds, ring).cancel


def hasty(clock, seconds, ring):
    return clock.callLater(seconds / 2, ring).cancel


def eager(clock, seconds, ring):
    calls = [clock.callLater(times * seconds, ring) for times in (1, 2)]
    return lambda: [call.cancel() for call in calls]


def stubborn(clock, seconds, ring):
    clock.callLater(seconds, ring)
    return lambda: None


OVENS = {"good": good, "hasty": hasty, "eager": eager, "stubborn": stubborn}
