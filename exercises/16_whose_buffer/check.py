from lecture.exercises import check


@check("R1", also=("glued", "resets"))
def one_guest(yours):
    guest = yours.connect(7771)
    guest.says(b"soup\r\nfish\r\n")
    guest.hears(b"soup\r\nfish\r\n", rule="R1")


@check("R2")
def two_who_speak_at_the_same_time(yours):
    ann, bob = yours.connect(7771, "ann"), yours.connect(7771, "bob")
    ann.says(b"sou")
    yours.later(1)
    bob.says(b"fish\r\n")
    bob.hears(b"fish\r\n", rule="R2")
    ann.says(b"p\r\n")
    ann.hears(b"soup\r\n", rule="R2")


@check("R2", only=())
def one_who_leaves_in_the_middle_of_a_word(yours):
    ann = yours.connect(7771, "ann")
    ann.says(b"sou")
    ann.closes()
    yours.later(1)
    bob = yours.connect(7771, "bob")
    bob.says(b"fish\r\n")
    bob.hears(b"fish\r\n", rule="R2")


@check("R2", only=())
def one_who_comes_in_the_middle_of_a_word(yours):
    ann = yours.connect(7771, "ann")
    ann.says(b"sou")
    yours.later(1)
    yours.connect(7771, "bob")
    ann.says(b"p\r\n")
    ann.hears(b"soup\r\n", rule="R2")
