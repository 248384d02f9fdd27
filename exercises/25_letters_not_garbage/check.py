from lecture.exercises import Broken, check

PAGES, PAGE_BYTES = 40, 12_000
LETTER = b"".join((b"page %02d " % number * PAGE_BYTES)[:PAGE_BYTES] for number in range(PAGES))
MOST = 131_072


def has_all(guest, rule="R1"):
    if guest.received != LETTER:
        same = [a == b for a, b in zip(guest.received, LETTER, strict=False)]
        wrong = same.index(False) if False in same else len(same)
        came = f"{len(guest.received):,} bytes, which differ on page {wrong // PAGE_BYTES}"
        raise Broken(rule, "the letter isn't what was dictated", expected=f"{len(LETTER):,} bytes", came=came)
    guest.is_closed(rule)


def little_waits(yours):
    if yours.waiting_bytes > MOST:
        raise Broken("R2", "too much waits for a reader", expected=f"at most {MOST:,} bytes", came=yours.waiting_bytes)


@check("R1", "R3", only=())
def one_who_writes_fast(yours):
    guest = yours.connect(7771)
    yours.later(0.2)
    if not 15 * PAGE_BYTES <= len(guest.received) <= 21 * PAGE_BYTES:
        raise Broken("R3", "after 0.2 seconds", expected="20 pages", came=f"{len(guest.received) // PAGE_BYTES} pages")
    yours.later(1)
    has_all(guest)


@check("R1", "R2", only=())
def one_who_pauses_once(yours):
    guest = yours.connect(7771)
    guest.pauses()
    yours.later(5)
    little_waits(yours)
    guest.resumes()
    yours.later(5)
    has_all(guest)


@check("R1", "R2", only=())
def a_hundred_pauses(yours):
    guest = yours.connect(7771)
    for _ in range(100):
        guest.pauses()
        yours.later(0.05)
        little_waits(yours)
        guest.resumes()
        yours.later(0.001)
    yours.later(5)
    has_all(guest)


@check("R1", "R2", "R3", only=())
def a_slow_line(yours):
    yours.line(bandwidth=200_000)
    guest = yours.connect(7771)
    for _ in range(50):
        yours.later(0.1)
        little_waits(yours)
    has_all(guest)


@check("R3", only=())
def the_pace_after_a_pause(yours):
    guest = yours.connect(7771)
    guest.pauses()
    yours.later(1)
    guest.resumes()
    yours.later(0.01)
    before = len(guest.received)
    yours.later(0.05)
    came = (len(guest.received) - before) / PAGE_BYTES
    if came > 6.5:
        raise Broken("R3", "in the next 0.05 seconds", expected="5 pages", came=f"{came:.0f} pages")
    yours.later(5)
    has_all(guest)


@check("R4", only=())
def one_who_leaves(yours):
    guest = yours.connect(7771)
    yours.later(0.1)
    guest.aborts()
    yours.later(0.1)
    if timers := len(yours.program.reactor.getDelayedCalls()):
        raise Broken("R4", "he has left, and timers still run", expected="none", came=f"{timers}")
