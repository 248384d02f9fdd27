from lecture.exercises import check


def a_letter(yours, text, answer, rule):
    guest = yours.connect(7783)
    guest.says(b"DATA\r\n")
    guest.hears(b"354 go on\r\n", rule=rule)
    guest.says(text)
    guest.hears(answer + b"\r\n", rule=rule)
    return guest


@check("R1")
def a_plain_letter(yours):
    guest = a_letter(yours, b"Dear Ann.\r\n\r\nI ate. x.\r\n.\r\n", b"250 Dear Ann.||I ate. x.|", "R1")
    guest.says(b"QUIT\r\n")
    guest.hears(b"221 bye\r\n", rule="R3")
    guest.is_closed("R3")


@check("R1")
def an_empty_letter(yours):
    a_letter(yours, b".\r\n", b"250 ", "R1")


@check("R2")
def dots_in_front(yours):
    a_letter(yours, b"..\r\n...x\r\n.y\r\nz\r\n..\r\n.\r\n", b"250 .|..x|y|z|.|", "R2")


@check("R3", only=("cuts", "slow"))
def everything_at_once(yours):
    guest = yours.connect(7783)
    guest.says(b"DATA\r\none\r\n.\r\nDATA\r\n..\r\n.\r\nHELP\r\nQUIT\r\n")
    guest.hears(b"354 go on\r\n250 one|\r\n354 go on\r\n250 .|\r\n500 what?\r\n221 bye\r\n", rule="R3")
    guest.is_closed("R3")


@check("R4")
def a_letter_in_a_letter(yours):
    hidden = b"Dear Ann\r\n\n.\nDATA\r\nfrom the boss\r\n.\r\n"
    a_letter(yours, hidden, b"550 one of them came alone", "R4")


@check("R4")
def a_lonely_cr(yours):
    a_letter(yours, b"Dear\rAnn\r\n\r.\r\n.\r\n", b"550 one of them came alone", "R4")
