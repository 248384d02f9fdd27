from lecture.exercises import check

MESSAGE = b"Hello, world!\r\n"


def asked(yours):
    server = yours.listen(7771)
    server.called("R1")
    server.hears(MESSAGE, rule="R1")
    return server


@check("R1", "R2")
def it_comes_back(yours):
    server = asked(yours)
    server.says(MESSAGE)
    yours.prints("the same\n", rule="R2")
    server.is_closed("R2")
    yours.ends(0, "R2")


@check("R3", only=("cuts", "bytes"))
def in_another_language(yours):
    server = asked(yours)
    server.says(b"Hello, welt!")
    yours.prints("something else\n", rule="R3")
    server.is_closed("R3")
    yours.ends(0, "R3")


@check("R3", only=())
def in_small_letters(yours):
    server = asked(yours)
    server.says(b"h")
    yours.prints("something else\n", rule="R3")
    yours.ends(0, "R3")


@check("R2", only=())
def after_a_while(yours):
    server = asked(yours)
    server.says(MESSAGE[:5])
    yours.prints("", rule="R2")
    server.says(MESSAGE[5:])
    yours.prints("the same\n", rule="R2")


@check("R4", only=("cuts",))
def it_goes_in_the_middle(yours):
    server = asked(yours)
    server.says(MESSAGE[:5])
    server.closes()
    yours.prints("only 5 bytes\n", rule="R4")
    yours.ends(0, "R4")
