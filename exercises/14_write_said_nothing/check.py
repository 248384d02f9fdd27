from lecture.exercises import check


def it_pays(yours):
    house = yours.listen(7771, "the house")
    house.called("R1")
    house.hears(b"pay 5\r\n", rule="R1")
    return house


@check("R1")
def the_house_answers(yours):
    house = it_pays(yours)
    yours.prints("", rule="R1")
    house.says(b"paid\r\n")
    yours.prints("paid\n", rule="R1")
    yours.ends(0, "R1")


@check("R1", only=())
def the_house_takes_its_time(yours):
    house = it_pays(yours)
    yours.later(8)
    house.says(b"paid\r\n")
    yours.prints("paid\n", rule="R1")
    house.closes()
    yours.ends(0, "R1")


@check("R2", only=())
def nobody_listens(yours):
    yours.prints("not paid\n", rule="R2")
    yours.ends(0, "R2")


@check("R2", only=())
def nobody_answers(yours):
    yours.cut()
    yours.start()
    yours.later(6)
    yours.prints("not paid\n", rule="R2")
    yours.ends(0, "R2")


@check("R3", only=())
def the_house_closes(yours):
    it_pays(yours).closes()
    yours.prints("not known\n", rule="R3")
    yours.ends(0, "R3")


@check("R3", only=())
def the_connection_is_reset(yours):
    it_pays(yours).aborts()
    yours.prints("not known\n", rule="R3")
    yours.ends(0, "R3")


@check("R3", only=())
def the_answer_breaks_off(yours):
    house = it_pays(yours)
    house.says(b"pai")
    house.closes()
    yours.prints("not known\n", rule="R3")
    yours.ends(0, "R3")


@check("R3", only=())
def the_link_is_cut(yours):
    house = yours.listen(7771, "the house")
    house.called("R1")
    yours.cut()
    yours.later(9)
    yours.prints("", rule="R3")
    yours.later(2)
    yours.prints("not known\n", rule="R3")
    yours.ends(0, "R3")
