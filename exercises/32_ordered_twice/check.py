from lecture.exercises import Broken, check


def orders(yours, guest, number, dish, rule):
    """As patiently as a guest does."""
    for _ in range(40):
        guest.sends(b"%d %s" % (number, dish))
        yours.later(1)
        if b"done %d" % number in guest.received:
            return
    raise Broken(rule, f"order {number} is never answered", tuple(guest.sent), b"done %d" % number, b"")


def are_cooked(yours, dishes, rule):
    yours.later(5)
    came = sorted(yours.program.stdout.split())
    if came != sorted(dishes):
        sent = tuple(data for guest in yours.correspondents for data in guest.sent)
        raise Broken(rule, "it cooked otherwise", sent, " ".join(sorted(dishes)), " ".join(came))


@check("R1", only=())
def one_order(yours):
    guest = yours.writes_to(7772)
    guest.sends(b"7 soup")
    guest.hears(b"done 7", "R1")
    are_cooked(yours, ["soup"], "R1")


@check("R2", "R3", only=())
def the_same_again(yours):
    guest = yours.writes_to(7772)
    for _ in range(3):
        guest.sends(b"7 soup")
        guest.hears(b"done 7", "R3")
    are_cooked(yours, ["soup"], "R2")


@check("R2", only=())
def an_old_one_comes_late(yours):
    guest = yours.writes_to(7772)
    for data in (b"1 soup", b"2 fish", b"1 soup", b"3 cake", b"2 fish"):
        guest.sends(data)
        yours.later(1)
    are_cooked(yours, ["soup", "fish", "cake"], "R2")


@check("R4", only=())
def two_guests(yours):
    for name in ("ann", "bob"):
        guest = yours.writes_to(7772, name)
        guest.sends(b"7 soup")
        guest.hears(b"done 7", "R1")
    are_cooked(yours, ["soup", "soup"], "R4")


@check("R5", only=())
def two_soups(yours):
    guest = yours.writes_to(7772)
    for number in (1, 2):
        orders(yours, guest, number, b"soup", "R1")
    are_cooked(yours, ["soup", "soup"], "R5")


@check("R2", "R3", only=("seeds", "hidden"))
def a_bad_line(yours):
    if yours.schedule.seed:
        yours.line(loss=0.3, duplication=0.3, reordering=0.3)
    ann, bob = yours.writes_to(7772, "ann"), yours.writes_to(7772, "bob")
    for number, dish in enumerate((b"soup", b"fish", b"cake"), 1):
        orders(yours, ann, number, dish, "R3")
        orders(yours, bob, number, dish, "R3")
    are_cooked(yours, ["soup", "fish", "cake"] * 2, "R2")
