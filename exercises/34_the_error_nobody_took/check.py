from lecture.exercises import Broken, check


def nothing_is_logged(yours, rule):
    yours.later(5)
    if yours.program.stderr:
        raise Broken(rule, "an error was logged that no errback took", expected="no log", came=yours.complaint())


@check("R1", also=("glued", "resets"))
def soup(yours):
    guest = yours.connect(7771)
    guest.says(b"soup\r\n")
    guest.hears(b"your soup with parsley\r\n", rule="R1")


@check("R2", only=())
def fish(yours):
    guest = yours.connect(7771)
    guest.says(b"fish\r\n")
    guest.hears(b"sorry, no fish\r\n", rule="R2")


@check("R2", only=())
def fish_and_soup(yours):
    guest = yours.connect(7771)
    guest.says(b"cake\r\n")
    guest.hears(b"sorry, no cake\r\n", rule="R2")
    guest.says(b"soup\r\n")
    guest.hears(b"your soup with parsley\r\n", rule="R2")


@check("R3", only=())
def the_log(yours):
    guest = yours.connect(7771)
    guest.says(b"fish\r\n")
    yours.later(3)
    nothing_is_logged(yours, "R3")
