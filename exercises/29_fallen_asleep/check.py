from lecture.exercises import Broken, check


def is_gone(guest, rule):
    if not guest.has_ended:
        raise Broken(rule, "he is still there", tuple(guest.sent))


def no_timer_is_left(yours, rule):
    left = len(yours.program.reactor.getDelayedCalls())
    if left:
        raise Broken(rule, "a timer is left of a guest who has gone", expected="0 timers", came=f"{left} timers")


@check("R1", also=("glued", "resets"))
def lines(yours):
    guest = yours.connect(7771)
    guest.says(b"hello\r\n")
    guest.says(b"soup\r\n")
    guest.hears(b"hello\r\nsoup\r\n", rule="R1")


@check("R2", only=())
def one_who_says_nothing(yours):
    guest = yours.connect(7771)
    guest.stays("R2", seconds=50)
    yours.later(15)
    is_gone(guest, "R2")


@check("R2", only=())
def one_who_falls_asleep(yours):
    guest = yours.connect(7771)
    guest.stays("R2", seconds=30)
    guest.says(b"soup\r\n")
    guest.hears(b"soup\r\n", rule="R1")
    guest.stays("R2", seconds=50)
    yours.later(15)
    is_gone(guest, "R2")


@check("R3", only=())
def one_letter_after_the_other(yours):
    guest = yours.connect(7771)
    for letter in b"zzzzzzz":
        guest.says(bytes([letter]))
        yours.later(10)
    is_gone(guest, "R3")


@check("R4", only=())
def a_slow_talker(yours):
    guest = yours.connect(7771)
    for _ in range(5):
        guest.stays("R4", seconds=49)
        guest.says(b"well\r\n")
        guest.hears(b"well\r\n", rule="R4")


@check("R5", only=())
def one_who_leaves(yours):
    guest = yours.connect(7771)
    guest.says(b"soup\r\n")
    guest.hears(b"soup\r\n", rule="R1")
    guest.closes()
    yours.later(1)
    no_timer_is_left(yours, "R5")
