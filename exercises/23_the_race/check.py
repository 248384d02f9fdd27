from lecture.exercises import Broken, check

DEAD, REFUSED, HOUSE, OTHER = "10.0.0.99", "10.0.0.1", "10.0.0.2", "10.0.0.3"


def tells(yours, house, rule, within):
    """It tells the menu, and the program is through with everything."""
    house.called(rule)
    if yours.world.seconds() > within:
        came = f"{yours.world.seconds():.1f} s"
        raise Broken(rule, "it took too long to connect", expected=f"{within} s", came=came)
    house.says(b"soup, fish\r\n")
    yours.prints("soup, fish\n", "R1")
    yours.ends(0, "R1")


def tried(yours, times, rule):
    calls = [round(time, 1) for time in yours.calls()]
    if calls != times:
        raise Broken(rule, "it tried at other times", expected=times, came=calls)


def race(yours, *addresses):
    yours.start(*addresses)


@check("R1")
def the_first_answers(yours):
    house = yours.listen(7771, "the house")
    race(yours, HOUSE, OTHER)
    tells(yours, house, "R1", 1)


@check("R2", only=())
def the_first_is_dead(yours):
    house = yours.listen(7771, "the house")
    race(yours, DEAD, HOUSE)
    tells(yours, house, "R2", 1)


@check("R2", only=())
def the_first_refuses(yours):
    house = yours.listen(7771, "the house")
    race(yours, REFUSED, REFUSED, REFUSED, REFUSED, HOUSE)
    tells(yours, house, "R2", 0.25)


@check("R2", only=())
def the_first_is_slow(yours):
    first = yours.listen(7771, "the first", host="slow")
    yours.world.link("yours", "slow", latency_s=0.25)
    race(yours, OTHER, DEAD)
    tells(yours, first, "R2", 1)


@check("R3", only=())
def nobody_is_tried_without_need(yours):
    house = yours.listen(7771, "the house")
    race(yours, HOUSE, REFUSED)
    house.called("R1")
    yours.later(2)
    tried(yours, [0.0], "R3")


@check("R3", only=())
def the_loser_is_hung_up_on(yours):
    house, other = yours.listen(7771, "the house"), yours.listen(7771, "the other", host="slow")
    yours.world.link("yours", "slow", latency_s=0.31)
    race(yours, OTHER, HOUSE, DEAD)
    house.called("R3")
    yours.later(2)
    if other.transport and not other.has_ended:
        raise Broken("R3", "it stays connected to the one that came in second", expected="one connection", came="two")
    tried(yours, [0.0, 0.3], "R3")
    tells(yours, house, "R3", 4)


@check("R4", only=())
def all_refuse(yours):
    race(yours, REFUSED, REFUSED)
    yours.prints("nobody\n", "R4")
    yours.ends(0, "R4")


@check("R4", only=())
def some_are_dead(yours):
    race(yours, DEAD, REFUSED)
    yours.later(4)
    yours.prints("", "R4")
    yours.later(1)
    yours.prints("nobody\n", "R4")
    yours.ends(0, "R4")
