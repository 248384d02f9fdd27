import random

from lecture.exercises import check


def comes(yours, answer, rule):
    guest = yours.connect(7771)
    guest.hears(answer, rule)
    return guest


def is_welcome(yours, rule="R1"):
    return comes(yours, b"welcome\r\n", rule)


def is_sent_away(yours):
    comes(yours, b"full\r\n", "R2").is_closed("R2")


def says_bye(guest):
    guest.says(b"bye\r\n")
    guest.is_closed("R3")


LEAVES = {"close": lambda guest: guest.closes(), "reset": lambda guest: guest.aborts(), "bye": says_bye}


@check("R1", "R2", only=("resets",))
def three_guests(yours):
    is_welcome(yours).stays("R1")
    is_welcome(yours)
    is_sent_away(yours)


@check("R3", only=())
def one_closes(yours):
    is_welcome(yours)
    is_welcome(yours).closes()
    is_welcome(yours, "R3")
    is_sent_away(yours)


@check("R3", only=())
def one_is_cut_off(yours):
    is_welcome(yours)
    is_welcome(yours).aborts()
    is_welcome(yours, "R3")
    is_sent_away(yours)


@check("R3")
def one_says_bye(yours):
    is_welcome(yours)
    says_bye(is_welcome(yours))
    is_welcome(yours, "R3")
    is_sent_away(yours)


@check("R2", "R3", only=())
def one_is_sent_away_and_leaves_no_seat(yours):
    is_welcome(yours)
    is_welcome(yours)
    is_sent_away(yours)
    is_sent_away(yours)


@check("R3", only=("seeds",))
def a_long_evening(yours):
    dice, guests = random.Random(yours.schedule.seed), []
    for _ in range(30):
        if guests and dice.random() < 0.4:
            LEAVES[dice.choice(sorted(LEAVES))](guests.pop(dice.randrange(len(guests))))
            yours.later(1)
        elif len(guests) < 2:
            guests.append(is_welcome(yours, "R3"))
        else:
            is_sent_away(yours)
