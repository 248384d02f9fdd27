from lecture.exercises import check

GRANTED, REFUSED = b"\0\x5a" + bytes(6), b"\0\x5b" + bytes(6)
KITCHEN = "theirs"  # the name of the host on which all others are; its address:
ADDRESS = bytes([10, 0, 0, 2])


def request(port, address, *texts):
    return b"\4\1" + port.to_bytes(2, "big") + bytes(address) + b"".join(text + b"\0" for text in texts)


def named(port, name, last=7):
    return request(port, (0, 0, 0, last), b"ann", name)


def visits(yours, ask, rule, port=7771, answer=b"\0\1soup\0"):
    """A guest asks for the kitchen, and both of them talk."""
    kitchen = yours.listen(port, "the kitchen")
    guest = yours.connect(1080)
    guest.says(ask)
    guest.says(b"hello\0\0kitchen\0")
    guest.hears(GRANTED, rule=rule)
    kitchen.called(rule)
    kitchen.hears(b"hello\0\0kitchen\0", rule=rule)
    kitchen.says(answer)
    guest.hears(answer, rule=rule)
    return guest, kitchen


def is_refused(yours, ask, rule):
    guest = yours.connect(1080)
    guest.says(ask)
    guest.hears(REFUSED, rule=rule)
    guest.is_closed(rule)


@check("R1", also=("glued",))
def an_address(yours):
    guest, kitchen = visits(yours, request(7771, ADDRESS, b"ann"), "R1")
    kitchen.closes()
    guest.is_closed("R1")


@check("R1", only=("slow",))
def addresses_that_look_odd(yours):
    is_refused(yours, request(7771, ADDRESS, b"ann"), "R1")
    is_refused(yours, request(7771, (10, 0, 0, 1), b""), "R1")
    visits(yours, request(7771, ADDRESS, b""), "R1")


@check("R2", also=("glued",))
def a_name(yours):
    guest, kitchen = visits(yours, named(7771, KITCHEN.encode()), "R2")
    guest.closes()
    kitchen.is_closed("R2")


@check("R2", only=())
def every_x(yours):
    for number, last in enumerate((1, 2, 128, 255)):
        visits(yours, named(7000 + number, KITCHEN.upper().encode(), last), "R2", 7000 + number)
    visits(yours, request(7004, (0, 0, 0, 1), b"", b"10.0.0.2"), "R2", 7004)


@check("R3", only=("bytes", "slow"))
def no_address_at_all(yours):
    is_refused(yours, request(7771, (0, 0, 0, 0), b"ann"), "R3")


@check("R4", only=("bytes", "slow"))
def a_name_without_an_end(yours):
    guest = yours.connect(1080)
    guest.says(named(7771, b"x" * 255)[:-1])
    guest.stays("R4", 1)
    guest.says(b"x")
    guest.hears(REFUSED, rule="R4")
    guest.is_closed("R4")


@check("R5", only=("bytes", "slow"))
def names_that_lead_nowhere(yours):
    is_refused(yours, named(7771, b"nowhere"), "R5")
    is_refused(yours, named(7771, KITCHEN.encode()), "R5")
    is_refused(yours, named(7771, b""), "R5")
    is_refused(yours, named(7771, "küche".encode()), "R5")
    is_refused(yours, named(7771, b"\xff\xfe"), "R5")
