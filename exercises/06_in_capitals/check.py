from lecture.exercises import check


@check("R1", "R2", also=("glued",))
def dessert(yours):
    guest = yours.connect(7771)
    guest.says("crème brûlée, ".encode())
    guest.says("œufs à la neige".encode())
    guest.hears("CRÈME BRÛLÉE, ŒUFS À LA NEIGE".encode(), rule="R2")


@check("R2")
def two_guests_with_half_a_letter(yours):
    ann, bob = yours.connect(7771, "ann"), yours.connect(7771, "bob")
    ann.says("é".encode()[:1])
    yours.later(1)
    bob.says(b"tea")
    bob.hears(b"TEA", rule="R2")
    ann.says("é".encode()[1:])
    ann.hears("É".encode(), rule="R2")


@check("R3")
def no_text(yours):
    ann, bob = yours.connect(7771, "ann"), yours.connect(7771, "bob")
    ann.says(b"\xff\xfe")
    ann.is_closed("R3")
    bob.says(b"tea")
    bob.hears(b"TEA", rule="R3")
