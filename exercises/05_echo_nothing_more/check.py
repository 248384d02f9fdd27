from lecture.exercises import check

ANYTHING = bytes(range(256))


@check("R1", also=("glued", "resets"))
def every_byte(yours):
    guest = yours.connect(7771)
    guest.says(b"hello, ")
    guest.says(b"w\xc3\xb6rld")
    guest.hears(b"hello, w\xc3\xb6rld", rule="R1")
    guest.says(ANYTHING)
    guest.hears(ANYTHING, rule="R1")


@check("R2", only=())
def much_and_then_its_half(yours):
    guest = yours.connect(7771)
    guest.pauses()
    guest.says(b"menu " * 60_000)
    guest.half_closes()
    yours.later(5)
    guest.resumes()
    guest.hears(b"menu " * 60_000, rule="R2")
    guest.is_closed("R2")


@check("R3")
def five_at_once(yours):
    guests = [yours.connect(7771, f"guest {n}") for n in range(5)]
    for n, guest in enumerate(guests):
        guest.says(b"I am %d" % n)
    for n, guest in enumerate(guests):
        guest.hears(b"I am %d" % n, rule="R3")
