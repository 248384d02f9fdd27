from lecture.exercises import check


def enters(yours, name, others=b""):
    guest = yours.connect(7771, name.decode())
    guest.says(name + b"\r\n")
    guest.hears(b"here: " + others + b"\r\n", rule="R1")
    return guest


@check("R1", "R2", "R3", also=("resets",))
def an_evening(yours):
    ann = enters(yours, b"ann")
    bob = enters(yours, b"bob", b"ann")
    ann.hears(b"+ bob\r\n", rule="R1")
    ann.says(b"hello\r\nand welcome\r\n")
    bob.hears(b"ann: hello\r\nann: and welcome\r\n", rule="R2")
    ann.hears(b"", rule="R2")
    ann.closes()
    bob.hears(b"- ann\r\n", rule="R3")
    bob.closes()
    yours.later(1)


@check("R3", only=())
def one_who_slams_the_door(yours):
    ann, bob = enters(yours, b"ann"), enters(yours, b"bob", b"ann")
    ann.hears(b"+ bob\r\n", rule="R1")
    bob.aborts()
    ann.hears(b"- bob\r\n", rule="R3")
    enters(yours, b"cleo", b"ann")
    ann.hears(b"+ cleo\r\n", rule="R1")


@check("R4", only=())
def one_without_a_name(yours):
    ann = enters(yours, b"ann")
    nobody = yours.connect(7771, "the nameless")
    ann.says(b"is there anybody?\r\n")
    nobody.hears(b"", rule="R4")
    enters(yours, b"bob", b"ann")
    ann.hears(b"+ bob\r\n", rule="R1")
    nobody.hears(b"", rule="R4")
    nobody.closes()
    ann.hears(b"", rule="R4")
