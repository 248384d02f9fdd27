from lecture.exercises import Broken, check


def the_stove_is_off(yours, rule):
    left = len(yours.program.reactor.getDelayedCalls())
    if left:
        raise Broken(rule, "the stove is on, and nobody waits", expected="0 timers", came=f"{left} timers")


@check("R1", also=("resets",))
def soup(yours):
    guest = yours.connect(7771)
    guest.says(b"soup\r\n")
    guest.hears(b"your soup\r\n", rule="R1")


@check("R2", only=())
def goose(yours):
    guest = yours.connect(7771)
    guest.says(b"goose\r\n")
    guest.hears(b"never mind\r\n", rule="R2")
    yours.later(20)
    guest.hears(b"", rule="R2")


@check("R2", only=())
def soup_in_time_is_all(yours):
    guest = yours.connect(7771)
    guest.says(b"soup\r\n")
    yours.later(20)
    guest.hears(b"your soup\r\n", rule="R2")


@check("R3", only=())
def the_stove(yours):
    guest = yours.connect(7771)
    guest.says(b"goose\r\n")
    guest.hears(b"never mind\r\n", rule="R2")
    the_stove_is_off(yours, "R3")


@check("R4", only=())
def one_who_leaves(yours):
    guest = yours.connect(7771)
    guest.says(b"goose\r\n")
    yours.later(1)
    guest.closes()
    yours.later(1)
    the_stove_is_off(yours, "R4")
    yours.later(20)
    if yours.program.stderr:
        raise Broken("R4", "something was logged about a guest who has gone", came=yours.complaint())
