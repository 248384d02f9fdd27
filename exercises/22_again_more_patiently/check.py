from itertools import pairwise

from lecture.exercises import Broken, check


def at_most(waited, most, rule, what):
    if waited > most:
        raise Broken(rule, f"it waits too long {what}", expected=f"at most {most} s", came=f"{waited:.1f} s")


def calls_within(yours, seconds, rule):
    before = len(yours.calls())
    yours.later(seconds)
    if len(yours.calls()) == before:
        raise Broken(rule, f"it doesn't call again within {seconds} seconds", came=yours.complaint())


def nobody_calls_often(yours, rule):
    """A second is enough to see who has no patience at all."""
    yours.later(1)
    if len(yours.calls()) > 5:
        raise Broken(rule, "it calls again and again", came=f"{len(yours.calls())} calls in a second")


@check("R1", "R2", only=())
def nobody_is_there(yours):
    yours.start()
    nobody_calls_often(yours, "R2")
    yours.later(149)
    calls = yours.calls()
    if len(calls) < 2:
        raise Broken("R1", "it doesn't call again", came=yours.complaint())
    waited = [later - call for call, later in pairwise(calls)]
    at_most(waited[0], 2.1, "R1", "the first time")
    at_most(max(waited), 30.1, "R2", "later")
    at_most(150 - calls[-1], 30.1, "R2", "in the end")
    for wait, longer in pairwise(waited):
        if wait < 10 and longer <= wait:
            came = f"{wait:.2f} s, then {longer:.2f} s"
            raise Broken("R2", "a wait is no longer than the one before", came=came)


@check("R1", only=())
def it_is_lost(yours):
    door = yours.opens(7771)
    for leave in ("closes", "aborts"):
        getattr(door.next("R1"), leave)()
        yours.later(0.01)
    calls_within(yours, 8, "R1")


@check("R3", only=())
def a_good_evening(yours):
    yours.start()
    nobody_calls_often(yours, "R2")
    yours.later(99)
    door = yours.opens(7771)
    house = door.next("R2")
    house.says(b"good evening\r\n")
    house.stays("R3", 5)
    house.closes()
    calls_within(yours, 2.1, "R3")


@check("R3", only=())
def a_house_that_hangs_up(yours):
    door = yours.opens(7771)
    yours.start()
    for _ in range(6):
        door.next("R1").closes()
    calls = yours.calls()
    at_most(calls[1] - calls[0], 2.1, "R1", "the first time")
    if calls[5] - calls[4] <= 2:
        raise Broken("R3", "to be accepted is enough for it", came=f"{calls[5] - calls[4]:.2f} s at the sixth time")


@check("R4", only=())
def ten_of_them(yours):
    door = yours.opens(7771)
    yours.start()
    for _ in range(9):
        yours.another()
    guests = [door.next("R1") for _ in range(10)]
    first = len(yours.calls())
    for guest in guests:
        guest.says(b"good night\r\n")
    yours.later(1)
    for guest in guests:
        guest.aborts()
    yours.later(2.2)
    calls = yours.calls()[first:]
    most = max((sum(call <= other < call + 0.1 for other in calls) for call in calls), default=0)
    if len(calls) < 10:
        raise Broken("R1", "not all ten come back within two seconds", came=f"{len(calls)} do")
    if most > 4:
        raise Broken(
            "R4", "ten clients come back together", expected="at most 4 in a tenth of a second", came=str(most)
        )


@check("R5")
def closed_for_good(yours):
    door = yours.opens(7771)
    house = door.next("R1")
    house.says(b"closed for good\r\n")
    house.closes()
    yours.ends(0, "R5")
    door.nobody("R5", 60)
