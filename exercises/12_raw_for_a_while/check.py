from lecture.exercises import check


@check("R1", "R2", also=("glued",))
def put_and_get(yours):
    guest = yours.connect(7771)
    guest.says(b"put 5\r\n")
    guest.says(b"bread")
    guest.hears(b"5 kept\r\n", rule="R1")
    guest.says(b"get\r\n")
    guest.hears(b"5\r\nbread", rule="R2")


@check("R2", only=())
def an_empty_cupboard(yours):
    guest = yours.connect(7771)
    guest.says(b"get\r\n")
    guest.hears(b"0\r\n", rule="R2")


@check("R3")
def lines_in_it(yours):
    guest = yours.connect(7771)
    guest.says(b"put 9\r\nget\r\n\0\r\n\n")
    guest.hears(b"9 kept\r\n", rule="R3")
    guest.says(b"get\r\n")
    guest.hears(b"9\r\nget\r\n\0\r\n\n", rule="R3")


@check("R3")
def another_behind_it(yours):
    guest = yours.connect(7771)
    guest.says(b"put 3\r\nteaput 5\r\nbreadget\r\n")
    guest.hears(b"3 kept\r\n5 kept\r\n5\r\nbread", rule="R3")


@check("R4")
def nothing_is_put(yours):
    guest = yours.connect(7771)
    guest.says(b"put 3\r\ntea")
    guest.hears(b"3 kept\r\n", rule="R1")
    guest.says(b"put 0\r\n")
    guest.hears(b"0 kept\r\n", rule="R4")
    guest.says(b"get\r\n")
    guest.hears(b"0\r\n", rule="R4")
