from lecture.exercises import check

BAD = b"bad"


def message(text):
    return len(text).to_bytes(2, "big") + text


def name(*labels):
    return b"".join(bytes([len(label)]) + label for label in labels)


def pointer(place):
    return (0xC000 | place).to_bytes(2, "big")


def asks(yours, *questions, rule):
    """questions: pairs of a message and its answer. After all of them, a good one is answered still."""
    guest = yours.connect(7753)
    for text, answer in questions:
        guest.says(message(text))
        guest.hears(message(answer), rule=rule)
    guest.says(message(b"\0\2" + name(b"tea") + b"\0"))
    guest.hears(message(b"tea."), rule="R6" if questions[-1][1] == BAD else rule)


@check("R1", also=("glued",))
def names_without_pointers(yours):
    guest = yours.connect(7753)
    guest.says(message(b"\0\2" + name(b"www", b"example") + b"\0"))
    guest.says(message(b"\0\3\0" + name(b"com") + b"\0rest") + message(b"\0\2\0"))
    guest.hears(message(b"www.example.") + message(b"com.") + message(b"."), rule="R1")


@check("R2", also=("resets",))
def a_pointer(yours):
    guest = yours.connect(7753)
    guest.says(message(b"\0\x08\0" + name(b"com") + b"\0" + name(b"www") + pointer(3)))
    guest.hears(message(b"www.com."), rule="R2")


@check("R2", only=())
def a_pointer_to_a_far_place(yours):
    asks(yours, (b"\1\5" + b"\0" * 254 + name(b"com") + b"\0" + name(b"www") + pointer(256), b"www.com."), rule="R2")


@check("R2", only=())
def pointers_to_pointers(yours):
    com = b"\0" + name(b"com") + b"\0"
    twice = com + name(b"www") + pointer(3) + name(b"a") + pointer(8)
    asks(yours, (b"\0\x0e" + twice, b"a.www.com."), rule="R2")


@check("R3", "R6", only=())
def circles(yours):
    asks(yours, (b"\0\2" + pointer(2), BAD), rule="R3")
    asks(yours, (b"\0\2" + pointer(4) + pointer(2), BAD), rule="R3")
    asks(yours, (b"\0\2" + name(b"www") + pointer(2), BAD), rule="R3")
    asks(yours, (b"\0\6" + name(b"www") + name(b"com") + pointer(2), BAD), rule="R3")


@check("R3", only=())
def ways_that_lead_forward(yours):
    asks(yours, (b"\0\2" + pointer(4) + name(b"com") + b"\0", BAD), rule="R3")
    asks(yours, (b"\0\6" + pointer(8) + b"\0\0" + pointer(2) + name(b"com") + b"\0", BAD), rule="R3")


@check("R4", "R6", only=())
def lengths_that_are_none(yours):
    asks(yours, (b"\0\2\x40" + b"x" * 64 + b"\0", BAD), (b"\0\2\xbf" + b"x" * 191 + b"\0", BAD), rule="R4")


@check("R4", "R6", only=())
def the_end_of_the_message(yours):
    asks(yours, (b"\0\2\5com\0", BAD), (b"\0\2\3com", BAD), rule="R4")
    asks(yours, (b"\0\2", BAD), (b"\xff\xff\0", BAD), (b"\0\3\0\xc0", BAD), rule="R4")


@check("R5", "R6", only=())
def as_long_as_may_be(yours):
    most = [b"x" * 63] * 3 + [b"y" * 61]
    asks(yours, (b"\0\2" + name(*most) + b"\0", b".".join([*most, b""])), rule="R5")
    asks(yours, (b"\0\2" + name(*most[:3], b"y" * 62) + b"\0", BAD), rule="R5")
    half = name(b"x" * 63, b"y" * 63)
    asks(yours, (b"\0\x84\0" + half + b"\0" + half + pointer(3), BAD), rule="R5")


@check("R2", only=())
def two_thousand_pointers(yours):
    com = b"\0" + name(b"com") + b"\0"
    last = 8 + 2 * 1999
    way = pointer(3) + b"".join(pointer(place) for place in range(8, last, 2))
    asks(yours, (last.to_bytes(2, "big") + com + way, b"com."), rule="R2")
