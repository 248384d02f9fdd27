from lecture.exercises import Broken, check

TICK = b"tick\r\n"


def nothing_is_left(yours, rule):
    yours.later(3)
    left = yours.program.reactor.getDelayedCalls()
    if left:
        raise Broken(rule, f"{len(left)} timer is left of a guest who has gone", expected="none", came=f"{len(left)}")


@check("R1", only=())
def it_ticks(yours):
    guest = yours.connect(7771)
    guest.hears(TICK, rule="R1")
    yours.later(1.2)
    guest.hears(2 * TICK, rule="R1")


@check("R2", only=())
def one_who_leaves(yours):
    guest = yours.connect(7771)
    guest.hears(TICK, rule="R1")
    guest.closes()
    nothing_is_left(yours, "R2")


@check("R2", only=())
def one_who_slams_the_door(yours):
    guest = yours.connect(7771)
    guest.hears(TICK, rule="R1")
    guest.aborts()
    nothing_is_left(yours, "R2")


@check("R3", only=())
def the_others_stay(yours):
    ann = yours.connect(7771, "ann")
    bob = yours.connect(7771, "bob")
    ann.closes()
    yours.later(0.4)
    bob.hears(TICK, rule="R3")
    yours.later(1.2)
    bob.hears(2 * TICK, rule="R3")
