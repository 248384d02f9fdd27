from lecture.exercises import check


def guests(yours, *purses):
    for n, purse in enumerate(purses):
        guest = yours.connect(7771, f"guest {n + 1}")
        guest.says(purse + b"\r\n")
        yield guest


@check("R1", only=("cuts", "bytes", "slow"))
def one(yours):
    for guest in guests(yours, b"full"):
        guest.hears(b"an oyster\r\n", rule="R1")


@check("R1", only=())
def ten_at_once(yours):
    came = list(guests(yours, *[b"full"] * 10))
    yours.later(20)
    for guest in came[:3]:
        guest.hears(b"an oyster\r\n", rule="R1")
    for guest in came[3:]:
        guest.hears(b"sold out\r\n", rule="R1")


@check("R2", only=())
def one_too_late(yours):
    *_, last = guests(yours, *[b"full"] * 4)
    yours.later(0.3)
    last.has_heard(b"sold out\r\n", rule="R2")


@check("R3", only=())
def an_empty_purse(yours):
    first, *_ = guests(yours, b"empty", b"full", b"full")
    yours.later(2)
    first.hears(b"no money\r\n", rule="R3")
    for guest in guests(yours, b"full"):
        guest.hears(b"an oyster\r\n", rule="R3")
    for guest in guests(yours, b"full"):
        guest.hears(b"sold out\r\n", rule="R3")


@check("R4", only=())
def three_at_once(yours):
    came = list(guests(yours, *[b"full"] * 3))
    yours.later(1.2)
    for guest in came:
        guest.has_heard(b"an oyster\r\n", rule="R4")
