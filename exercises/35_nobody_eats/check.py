from lecture.exercises import Broken, check


@check("R1", only=("cuts", "bytes", "resets"))
def soup(yours):
    guest = yours.connect(7771)
    guest.says(b"soup\r\n")
    guest.hears(b"your soup\r\n", rule="R1")


@check("R1", only=())
def not_before_it_is_cooked(yours):
    guest = yours.connect(7771)
    guest.says(b"soup\r\n")
    yours.later(0.4)
    guest.has_heard(b"", rule="R1")
    yours.later(0.8)
    guest.has_heard(b"your soup\r\n", rule="R1")


@check("R2", only=())
def three_orders(yours):
    ann, bob = yours.connect(7771, "ann"), yours.connect(7771, "bob")
    ann.says(b"soup\r\nsoup\r\n")
    bob.says(b"soup\r\n")
    yours.later(1.2)
    ann.has_heard(b"your soup\r\nyour soup\r\n", rule="R2")
    bob.has_heard(b"your soup\r\n", rule="R2")


@check("R3", only=())
def fish(yours):
    guest = yours.connect(7771)
    guest.says(b"fish\r\n")
    guest.hears(b"sorry, no fish\r\n", rule="R3")
    guest.says(b"soup\r\n")
    guest.hears(b"your soup\r\n", rule="R3")


@check("R4", only=())
def one_who_leaves(yours):
    guest = yours.connect(7771)
    guest.says(b"soup\r\n")
    yours.later(0.3)
    guest.closes()
    yours.later(0.3)
    left = len(yours.program.reactor.getDelayedCalls())
    if left:
        raise Broken("R4", "something cooks for a guest who has gone", expected="0 timers", came=f"{left} timers")
    if yours.program.stderr:
        raise Broken("R4", "something was logged about a guest who has gone", came=yours.complaint())
