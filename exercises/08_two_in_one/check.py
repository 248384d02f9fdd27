from lecture.exercises import check


@check("R1", "R2", also=("glued", "resets"))
def orders(yours):
    guest = yours.connect(7771)
    guest.says(b"soup\r\n")
    guest.says(b"fish\r\ncake\r\n")
    guest.hears(b"one soup\r\none fish\r\none cake\r\n", rule="R2")


@check("R3")
def a_mistake(yours):
    ann, bob = yours.connect(7771, "ann"), yours.connect(7771, "bob")
    ann.says(b"nothing\r\n")
    ann.is_closed("R3")
    bob.says(b"tea\r\n")
    bob.hears(b"one tea\r\n", rule="R3")
