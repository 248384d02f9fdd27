from lecture.exercises import check


@check("R1", also=("resets",))
def soup(yours):
    guest = yours.connect(7771)
    guest.says(b"soup\r\n")
    guest.hears(b"your soup\r\n", rule="R1")


@check("R1", only=())
def soup_that_is_cooked(yours):
    guest = yours.connect(7771)
    guest.says(b"soup\r\n")
    yours.later(1.8)
    guest.has_heard(b"", rule="R1")
    yours.later(0.4)
    guest.has_heard(b"your soup\r\n", rule="R1")


@check("R2", only=())
def tea_beside_the_soup_of_another(yours):
    ann, bob = yours.connect(7771, "ann"), yours.connect(7771, "bob")
    ann.says(b"soup\r\n")
    yours.later(0.5)
    bob.says(b"tea\r\n")
    yours.later(0.1)
    bob.has_heard(b"your tea\r\n", rule="R2")
    ann.hears(b"your soup\r\n", rule="R1")


@check("R3", only=())
def tea_beside_the_own_soup(yours):
    guest = yours.connect(7771)
    guest.says(b"soup\r\n")
    yours.later(0.5)
    guest.says(b"tea\r\n")
    yours.later(0.1)
    guest.has_heard(b"your tea\r\n", rule="R3")
    guest.hears(b"your soup\r\n", rule="R1")


@check("R4", only=())
def three_soups(yours):
    guests = [yours.connect(7771, name) for name in ("ann", "bob", "cleo")]
    for guest in guests:
        guest.says(b"soup\r\n")
    yours.later(2.2)
    for guest in guests:
        guest.has_heard(b"your soup\r\n", rule="R4")
