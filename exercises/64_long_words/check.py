from lecture.exercises import check

BEFORE = b":crier!crier@doom.test PRIVMSG #doom :"
ROOM = 512 - len(BEFORE) - 2


def cries(yours, text, pieces, rule):
    assert "".join(pieces) == text
    guest = yours.connect(7764)
    guest.says(text.encode() + b"\r\n")
    guest.hears(b"".join(BEFORE + piece.encode() + b"\r\n" for piece in pieces), rule=rule)


@check("R1")
def what_fits(yours):
    cries(yours, "hear ye", ["hear ye"], "R1")
    cries(yours, "x" * ROOM, ["x" * ROOM], "R1")


@check("R2")
def letters_of_two_bytes(yours):
    cries(yours, "é" * ROOM, ["é" * (ROOM // 2), "é" * (ROOM // 2)], "R2")


@check("R3")
def a_letter_at_the_edge(yours):
    cries(yours, "x" * (ROOM - 1) + "éa", ["x" * (ROOM - 1), "éa"], "R3")


@check("R3")
def letters_of_four_bytes(yours):
    each = ROOM // 4
    cries(yours, "𝄞" * (each + 1), ["𝄞" * each, "𝄞"], "R3")


@check("R4")
def as_much_as_has_room(yours):
    cries(yours, "x" * (ROOM + 1), ["x" * ROOM, "x"], "R4")
    cries(yours, "x" * (ROOM - 2) + "éa", ["x" * (ROOM - 2) + "é", "a"], "R4")


@check("R5")
def nothing(yours):
    guest = yours.connect(7764)
    guest.says(b"\r\nhear ye\r\n")
    guest.hears(BEFORE + b"hear ye\r\n", rule="R5")
