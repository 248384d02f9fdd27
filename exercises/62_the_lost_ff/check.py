from lecture.exercises import check

IAC = b"\xff"


def shows(yours, picture, answer, rule):
    guest = yours.connect(7762)
    guest.says(picture)
    guest.hears(answer, rule=rule)


@check("R1")
def bytes_of_255(yours):
    shows(yours, b"a\xff\xffb\xff\xff\xff\xff\xf0", b"61ff62fffff0", "R1")


@check("R1")
def a_byte_that_comes_in_halves(yours):
    guest = yours.connect(7762)
    guest.says(b"a" + IAC)
    yours.send_all()
    yours.later(3600)
    guest.says(IAC + b"b")
    guest.hears(b"61ff62", rule="R1")


@check("R2")
def commands_of_two_bytes(yours):
    shows(yours, b"a" + IAC + b"\xf1b" + IAC + b"\xf9" + IAC + IAC + IAC + b"\xf6c", b"6162ff63", "R2")


@check("R2")
def commands_of_three_bytes(yours):
    shows(yours, b"a" + IAC + b"\xfc\x01b" + IAC + b"\xfe\xffc" + IAC + b"\xfc\xf0d", b"61626364", "R2")


@check("R3")
def something_about_an_option(yours):
    shows(yours, b"a" + IAC + b"\xfa\x1f\0\xf0\0\xfb" + IAC + b"\xf0b", b"6162", "R3")


@check("R3")
def a_byte_of_255_in_it(yours):
    shows(
        yours, b"a" + IAC + b"\xfa\x1f" + IAC + IAC + b"\xf0c" + IAC * 4 + IAC + b"\xf0b" + IAC + IAC, b"6162ff", "R3"
    )


@check("R4")
def wishes_are_refused(yours):
    shows(yours, b"a" + IAC + b"\xfb\x18b" + IAC + b"\xfd\x01c", b"61\xff\xfe\x1862\xff\xfc\x0163", "R4")


@check("R4")
def refusals_are_not_answered(yours):
    shows(yours, IAC + b"\xfc\x18" + IAC + b"\xfe\x01" + IAC + b"\xfd\x03z", b"\xff\xfc\x037a", "R4")
