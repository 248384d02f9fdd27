from lecture.exercises import Broken, check

MENU = b"".join(b"dish %05d " % number + b"with truffles " * 6 + b"\r\n" for number in range(10_000))
MOST = 131_072


def little_waits(size):
    if size > MOST:
        raise Broken("R2", "too much waits for a reader", expected=f"at most {MOST:,} bytes", came=f"{size:,} bytes")


def has_read_all(yours, guest, rule):
    highest = 0

    def watched():
        nonlocal highest
        highest = max(highest, yours.waiting_bytes)
        return guest.has_ended

    yours.goes_on(watched)
    if guest.received != MENU:
        came = f"{len(guest.received):,} bytes, the last of them {guest.received[-30:]!r}"
        raise Broken(rule, "the menu isn't what it was", expected=f"{len(MENU):,} bytes", came=came)
    if not guest.has_ended:
        raise Broken(rule, "the connection stays open")
    little_waits(highest)


def goes_into_the_tunnel(yours, guest):
    guest.pauses()
    yours.later(30)
    little_waits(yours.waiting_bytes)


@check("R1", "R2", only=())
def one_who_reads(yours):
    has_read_all(yours, yours.connect(7771), "R1")


@check("R2", only=())
def one_in_the_tunnel(yours):
    guest = yours.connect(7771)
    goes_into_the_tunnel(yours, guest)
    guest.resumes()
    has_read_all(yours, guest, "R1")


@check("R3", only=())
def another_meanwhile(yours):
    ann = yours.connect(7771, "ann")
    ann.pauses()
    has_read_all(yours, yours.connect(7771, "bob"), "R3")
    ann.resumes()
    has_read_all(yours, ann, "R1")
