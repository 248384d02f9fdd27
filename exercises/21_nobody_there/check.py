from lecture.exercises import check


def says_and_ends(yours, said, status, rule):
    yours.prints(said, rule=rule)
    yours.ends(status, rule)


@check("R1")
def the_menu(yours):
    house = yours.listen(7771, "the house")
    house.called("R1")
    house.says(b"soup, fish\r\n")
    says_and_ends(yours, "soup, fish\n", 0, "R1")


@check("R1", only=())
def the_menu_and_the_end(yours):
    house = yours.listen(7771, "the house")
    house.called("R1")
    house.says(b"soup, fish\r\n")
    house.closes()
    says_and_ends(yours, "soup, fish\n", 0, "R1")


@check("R2", only=())
def nobody_listens(yours):
    says_and_ends(yours, "refused\n", 1, "R2")


@check("R3", only=())
def the_cable_is_cut(yours):
    yours.listen(7771, "the house")
    yours.cut()
    yours.start()
    yours.later(4)
    yours.prints("", "R3")
    yours.later(1)
    says_and_ends(yours, "silent\n", 2, "R3")


@check("R4", only=())
def it_is_reset(yours):
    house = yours.listen(7771, "the house")
    house.called("R4")
    house.aborts()
    says_and_ends(yours, "lost\n", 3, "R4")


@check("R4", only=())
def it_is_closed(yours):
    house = yours.listen(7771, "the house")
    house.called("R4")
    house.closes()
    says_and_ends(yours, "lost\n", 3, "R4")


@check("R4")
def it_is_closed_in_the_middle(yours):
    house = yours.listen(7771, "the house")
    house.called("R4")
    house.says(b"soup, fi")
    house.closes()
    says_and_ends(yours, "lost\n", 3, "R4")
