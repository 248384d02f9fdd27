from lecture.exercises import check


def enters(yours, name):
    guest = yours.connect(7771, name)
    guest.says(name.encode() + b"\r\n")
    guest.hears(b"", rule="R1")
    return guest


def orders(kitchen, line, answer, rule):
    kitchen.says(line + b"\r\n")
    kitchen.hears(answer + b"\r\n", rule)


@check("R1", only=("cuts", "bytes", "resets"))
def ann_and_bob(yours):
    ann, bob = enters(yours, "ann"), enters(yours, "bob")
    kitchen = yours.connect(7772, "the kitchen")
    orders(kitchen, b"ann your soup is ready", b"told", "R1")
    ann.hears(b"your soup is ready\r\n", rule="R1")
    orders(kitchen, b"bob no fish today", b"told", "R1")
    bob.hears(b"no fish today\r\n", rule="R1")
    ann.hears(b"", rule="R1")


@check("R2", only=())
def one_who_never_came(yours):
    ann = enters(yours, "ann")
    kitchen = yours.connect(7772, "the kitchen")
    orders(kitchen, b"bob no fish today", b"nobody", "R2")
    ann.hears(b"", rule="R2")


@check("R2", only=())
def one_who_has_gone(yours):
    ann, bob = enters(yours, "ann"), enters(yours, "bob")
    kitchen = yours.connect(7772, "the kitchen")
    ann.closes()
    bob.aborts()
    yours.later(1)
    orders(kitchen, b"ann your soup is ready", b"nobody", "R2")
    orders(kitchen, b"bob no fish today", b"nobody", "R2")


@check("R2", only=())
def one_who_has_not_said_who_he_is(yours):
    nameless = yours.connect(7771, "the nameless")
    nameless.closes()
    yours.later(1)
    orders(yours.connect(7772, "the kitchen"), b"ann your soup is ready", b"nobody", "R2")


@check("R3", only=())
def the_second_ann(yours):
    first, second = enters(yours, "ann"), enters(yours, "ann")
    kitchen = yours.connect(7772, "the kitchen")
    orders(kitchen, b"ann your soup is ready", b"told", "R3")
    second.hears(b"your soup is ready\r\n", rule="R3")
    first.closes()
    yours.later(1)
    orders(kitchen, b"ann your tea is ready", b"told", "R3")
    second.hears(b"your tea is ready\r\n", rule="R3")
    second.closes()
    yours.later(1)
    orders(kitchen, b"ann anybody?", b"nobody", "R2")
