"""From a plan that fails to a smaller one that still fails: what can be left out need not be looked at."""

from __future__ import annotations

from tests.faults.running import Run


def shrunk(plan):
    """The smallest plan that is found by leaving out conversations and troubles, one after the other."""
    if not _fails(plan):
        return plan
    for place in reversed(range(len(plan.troubles))):
        plan = _smaller(plan, plan.without(troubles=[place]))
    for place, talk in enumerate(plan.talks):
        if talk is not None and sum(other is not None for other in plan.talks) > 1:
            plan = _smaller(plan, plan.without(talks=[place]))
    return plan


def _smaller(plan, without):
    return without if _fails(without) else plan


def _fails(plan):
    try:
        return bool(Run(plan).go())
    except Exception:
        return True
