from lecture.exercises import check


def answers(peer, dish, price, rule):
    peer.called(rule)
    peer.hears(dish + b"\r\n", rule)
    peer.says(price + b"\r\n")


@check("R1", "R4", only=("slow", "seeds"))
def two_prices(yours):
    kitchen, cellar = yours.listen(7771, "the kitchen"), yours.listen(7772, "the cellar")
    answers(kitchen, b"soup", b"12", rule="R1")
    answers(cellar, b"wine", b"30", rule="R1")
    yours.prints("soup 12\nwine 30\n", rule="R1")
    yours.ends(0, rule="R4")


@check("R2", only=())
def one_after_the_other(yours):
    kitchen, cellar = yours.listen(7771, "the kitchen"), yours.listen(7772, "the cellar")
    kitchen.called("R2")
    kitchen.hears(b"soup\r\n", "R2")
    yours.later(5)
    cellar.has_heard(b"", "R2")
    kitchen.says(b"12\r\n")
    answers(cellar, b"wine", b"30", rule="R2")


@check("R3", only=())
def the_kitchen_hangs_up(yours):
    kitchen, cellar = yours.listen(7771, "the kitchen"), yours.listen(7772, "the cellar")
    kitchen.called("R3")
    kitchen.hears(b"soup\r\n", "R3")
    kitchen.closes()
    answers(cellar, b"wine", b"30", rule="R3")
    yours.prints("soup ?\nwine 30\n", rule="R3")


@check("R4", only=())
def the_cellar_hangs_up(yours):
    kitchen, cellar = yours.listen(7771, "the kitchen"), yours.listen(7772, "the cellar")
    answers(kitchen, b"soup", b"12", rule="R1")
    cellar.called("R1")
    cellar.aborts()
    yours.prints("soup 12\nwine ?\n", rule="R3")
    yours.ends(0, rule="R4")
