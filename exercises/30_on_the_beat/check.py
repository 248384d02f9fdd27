from lecture.exercises import Broken, check


@check("R1", only=("slow",))
def it_beats(yours):
    guest = yours.connect(7771)
    guest.hears(b"beat 0\r\n", rule="R1")
    yours.later(1.9)
    guest.has_heard(b"beat 1\r\nbeat 2\r\n", rule="R1")


@check("R2", only=())
def he_drops_a_stick(yours):
    guest = yours.connect(7771)
    guest.hears(b"beat 0\r\n", rule="R1")
    guest.says(b"trip\r\n")
    yours.later(1)
    guest.has_heard(b"oops\r\n", rule="R2")
    yours.later(2)
    guest.has_heard(b"beat 2\r\nbeat 3\r\n", rule="R2")


@check("R3", only=())
def a_pause(yours):
    guest = yours.connect(7771)
    guest.hears(b"beat 0\r\n", rule="R1")
    guest.says(b"hold\r\n")
    yours.later(4)
    guest.has_heard(b"", rule="R3")
    guest.says(b"go on\r\n")
    yours.later(2)
    guest.has_heard(b"beat 5\r\nbeat 6\r\n", rule="R3")


@check("R4", only=())
def in_time_after_the_pause(yours):
    guest = yours.connect(7771)
    guest.hears(b"beat 0\r\n", rule="R1")
    guest.says(b"hold\r\n")
    yours.later(2.3)
    guest.says(b"go on\r\n")
    yours.later(0.1)
    guest.has_heard(b"", rule="R4")
    yours.later(0.2)
    guest.has_heard(b"beat 3\r\n", rule="R4")
    yours.later(0.8)
    guest.has_heard(b"", rule="R4")
    yours.later(0.2)
    guest.has_heard(b"beat 4\r\n", rule="R4")


@check("R5", only=())
def one_who_leaves(yours):
    ann, bob = yours.connect(7771, "ann"), yours.connect(7771, "bob")
    ann.says(b"hold\r\n")
    bob.says(b"trip\r\n")
    yours.later(2)
    for guest in (ann, bob):
        guest.closes()
    yours.later(2)
    left = len(yours.program.reactor.getDelayedCalls())
    if left:
        raise Broken("R5", "somebody drums for a guest who has gone", expected="0 timers", came=f"{left} timers")
    if yours.program.stderr:
        raise Broken("R5", "something was logged", came=yours.complaint())
