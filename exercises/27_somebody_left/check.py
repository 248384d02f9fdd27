from lecture.exercises import Broken, check

MENU = b"".join(b"dish %05d with truffles and a glass of the house's own\r\n" % number for number in range(8_000))
MOST = 131_072


def little_waits(yours):
    if yours.waiting_bytes > MOST:
        raise Broken("R2", "too much waits for a reader", expected=f"at most {MOST:,} bytes", came=yours.waiting_bytes)


def open_files(yours, expected, rule):
    yours.later(2)
    words = yours.program.stdout.split()
    found = words.count("opened") - words.count("closed")
    if found != expected:
        raise Broken(rule, "files are open, or closed, that shouldn't be", expected=f"{expected} open", came=f"{found}")


def reads_all(yours, guest, rule):
    yours.goes_on(lambda: guest.has_ended)
    if guest.received != MENU:
        raise Broken(
            rule, "the menu isn't what it was", expected=f"{len(MENU):,} bytes", came=f"{len(guest.received):,}"
        )
    guest.is_closed(rule)


@check("R1", "R3", only=())
def one_who_reads(yours):
    reads_all(yours, yours.connect(7771), "R1")
    open_files(yours, 0, "R3")


@check("R2", "R3", only=())
def one_who_is_slow(yours):
    guest = yours.connect(7771)
    guest.pauses()
    yours.later(5)
    little_waits(yours)
    guest.resumes()
    reads_all(yours, guest, "R1")
    open_files(yours, 0, "R3")


@check("R4", only=("resets",))
def one_who_leaves_soon(yours):
    yours.line(bandwidth=100_000)
    guest = yours.connect(7771)
    yours.goes_on(lambda: len(guest.received) > 20_000)
    guest.aborts()
    open_files(yours, 0, "R4")


@check("R4", only=())
def one_who_leaves_and_one_who_stays(yours):
    ann, bob = yours.connect(7771, "ann"), yours.connect(7771, "bob")
    for guest in (ann, bob):
        guest.pauses()
    yours.later(5)
    ann.aborts()
    open_files(yours, 1, "R4")
    bob.resumes()
    reads_all(yours, bob, "R4")
    open_files(yours, 0, "R4")
