from lecture.exercises import check


@check("R1", also=("glued", "resets"))
def three_lines(yours):
    guest = yours.connect(7771)
    guest.says(b"soup\r\n")
    guest.says(b"\r\ncrab cakes\r\n")
    guest.hears(b"4\r\n0\r\n10\r\n", rule="R1")


@check("R2")
def lone_ends(yours):
    guest = yours.connect(7771)
    guest.says(b"a\nb\rc\r\n")
    guest.hears(b"5\r\n", rule="R2")


@check("R3", "R4", only=("slow",))
def a_line_without_an_end(yours):
    guest = yours.connect(7771)
    for _ in range(20):
        guest.says(b"x" * 100)
        yours.later(1)
    guest.is_closed("R3")
