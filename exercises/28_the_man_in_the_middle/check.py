from lecture.exercises import Broken, check

PIECE = b"a long line of a long order " * 300 + b"\r\n"
MOST = 262_144


def at_the_table(yours):
    kitchen = yours.listen(7772, "the kitchen")
    guest = yours.connect(7771)
    kitchen.called("R1")
    kitchen.keeps_open = guest.keeps_open = True
    return guest, kitchen


def little_waits(yours, rule):
    if yours.waiting_bytes > MOST:
        came = f"{yours.waiting_bytes:,} bytes"
        raise Broken(rule, "too much waits for one who doesn't read", expected=f"at most {MOST:,} bytes", came=came)


@check("R1", "R2")
def an_order(yours):
    guest, kitchen = at_the_table(yours)
    guest.says(b"an oyster\r\noysters\r\n")
    kitchen.hears(b"an turnip\r\nturnips\r\n", rule="R1")
    kitchen.says(b"one oyster?\r\n")
    guest.hears(b"one oyster?\r\n", rule="R2")


@check("R3", only=())
def half_of_the_goodbye(yours):
    guest, kitchen = at_the_table(yours)
    guest.says(b"soup\r\n")
    guest.half_closes()
    kitchen.hears(b"soup\r\n", rule="R3")
    kitchen.is_half_closed("R3")
    kitchen.says(b"your soup\r\n")
    guest.hears(b"your soup\r\n", rule="R3")
    kitchen.closes()
    guest.is_half_closed("R3")


@check("R4", only=())
def the_kitchen_closes(yours):
    guest, kitchen = at_the_table(yours)
    guest.keeps_open = False
    kitchen.says(b"closed\r\n")
    kitchen.closes()
    guest.hears(b"closed\r\n", rule="R4")
    guest.is_closed("R4")


@check("R4", only=())
def the_guest_slams_the_door(yours):
    guest, kitchen = at_the_table(yours)
    kitchen.keeps_open = False
    guest.aborts()
    kitchen.is_closed("R4")


@check("R4", only=())
def the_kitchen_burns_down(yours):
    guest, kitchen = at_the_table(yours)
    guest.keeps_open = False
    guest.pauses()
    for _ in range(60):
        kitchen.says(PIECE)
    yours.later(10)
    kitchen.aborts()
    yours.later(1)
    guest.says(b"is there anybody?\r\n")
    yours.later(1)
    guest.resumes()
    guest.is_closed("R4")


@check("R5", only=())
def a_slow_kitchen(yours):
    guest, kitchen = at_the_table(yours)
    kitchen.pauses()
    for _ in range(120):
        guest.says(PIECE)
    yours.later(10)
    little_waits(yours, "R5")
    kitchen.resumes()
    kitchen.hears(PIECE * 120, rule="R1")


@check("R5", only=())
def a_slow_guest(yours):
    guest, kitchen = at_the_table(yours)
    guest.pauses()
    for _ in range(120):
        kitchen.says(PIECE)
    yours.later(10)
    little_waits(yours, "R5")
    guest.resumes()
    guest.hears(PIECE * 120, rule="R2")
