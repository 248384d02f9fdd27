from lecture.exercises import Broken, check


@check("R1", "R2", only=())
def the_good_oven(yours):
    yours.start("good")
    yours.prints("ok\n", "R1")
    yours.ends(0, "R1")
    if yours.world.seconds() > 1:  # `prints` waits half a second
        raise Broken("R2", "the test takes time", expected="none", came=f"{yours.world.seconds():,.0f} seconds")


@check("R3", only=())
def the_hasty_oven(yours):
    yours.start("hasty")
    yours.ends(1, "R3")


@check("R4", only=())
def the_eager_oven(yours):
    yours.start("eager")
    yours.ends(1, "R4")


@check("R5", only=())
def the_stubborn_oven(yours):
    yours.start("stubborn")
    yours.ends(1, "R5")
