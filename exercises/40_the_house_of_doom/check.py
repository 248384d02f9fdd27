from random import Random

from lecture.exercises import Broken, check

MOST = 131_072
NAMES = [b"ann", b"bob", b"cleo", b"dan"]


class Evening:
    """Guests, and what each of them should have been told."""

    def __init__(self, yours):
        self.yours, self.guests, self.told = yours, {}, {}

    def comes(self, name):
        guest = self.yours.connect(7771, name.decode())
        guest.says(name + b"\r\n")
        if name in self.guests:
            self.passes()
            guest.has_heard(b"taken\r\n", "R2")
            guest.aborts()
        else:
            self.tell(name + b" comes")
            self.guests[name], self.told[name] = guest, b""

    def speaks(self, name, text):
        for piece in (text[:3], text[3:] + b"\r\n"):
            self.guests[name].says(piece)
        self.tell(name + b": " + text, name)

    def leaves(self, name, how):
        getattr(self.guests.pop(name), how)()
        self.tell(name + b" leaves")

    def tell(self, line, sender=None):
        for name in self.guests.keys() - {sender}:
            self.told[name] += line + b"\r\n"
        self.passes()

    def passes(self, rule="R1"):
        self.yours.later(2)
        for name, guest in self.guests.items():
            if guest.received != self.told[name]:
                raise Broken(
                    rule, f"{guest.name} was told otherwise", tuple(guest.sent), self.told[name], guest.received
                )


@check("R1", also=("resets",))
def ann_and_bob(yours):
    evening = Evening(yours)
    evening.comes(b"ann")
    evening.comes(b"bob")
    evening.speaks(b"ann", b"good evening")
    evening.speaks(b"bob", b"is it?")
    for name in (b"ann", b"bob"):
        evening.leaves(name, "closes")


@check("R1", only=())
def two_lines_at_once(yours):
    evening = Evening(yours)
    evening.comes(b"bob")
    ann = yours.connect(7771, "ann")
    ann.says(b"ann\r\nsoup!\r\nfish!\r\n")
    evening.told[b"bob"] = b"ann comes\r\nann: soup!\r\nann: fish!\r\n"
    evening.passes()


@check("R2", only=())
def one_without_a_name(yours):
    evening = Evening(yours)
    nobody = yours.connect(7771, "somebody without a name")
    evening.comes(b"ann")
    evening.comes(b"bob")
    evening.speaks(b"ann", b"who is that?")
    nobody.has_heard(b"", "R2")
    nobody.closes()
    evening.passes("R2")


@check("R2", "R3", only=())
def a_name_that_is_taken(yours):
    evening = Evening(yours)
    for name in (b"bob", b"ann", b"ann"):
        evening.comes(name)
    evening.speaks(b"ann", b"I am ann")
    evening.leaves(b"ann", "aborts")
    evening.comes(b"ann")


@check("R3", only=())
def ways_to_leave(yours):
    evening = Evening(yours)
    evening.comes(b"bob")
    for how in ("closes", "half_closes", "aborts"):
        evening.comes(b"ann")
        evening.leaves(b"ann", how)


@check("R4", only=())
def one_who_has_fallen_asleep(yours):
    evening = Evening(yours)
    for name in (b"ann", b"bob", b"cleo"):
        evening.comes(name)
    asleep = evening.guests.pop(b"cleo")
    asleep.pauses()
    highest = 0
    for _ in range(30):
        evening.guests[b"ann"].says((b"x" * 998 + b"\r\n") * 15)
        yours.later(1)
        highest = max(highest, yours.waiting_bytes)
    if highest > MOST:
        raise Broken("R4", "too much waits", expected=f"at most {MOST:,} bytes", came=f"{highest:,} bytes")
    yours.later(5)
    if not evening.guests[b"bob"].received.endswith(b"x\r\n") and b"cleo leaves" not in evening.guests[b"bob"].received:
        raise Broken("R4", "bob isn't told that cleo has left", came=evening.guests[b"bob"].received[-40:])
    if b"cleo leaves\r\n" not in evening.guests[b"bob"].received:
        raise Broken("R4", "cleo reads nothing, and is still a guest", expected=b"cleo leaves\r\n")


@check("R1", "R2", "R3", only=("seeds", "hidden"))
def an_evening_by_the_dice(yours):
    dice, evening = Random(yours.schedule.seed), Evening(yours)
    for _ in range(15):
        name = dice.choice(NAMES)
        if name not in evening.guests or dice.random() < 0.1:
            evening.comes(name)
        elif dice.random() < 0.3:
            evening.leaves(name, dice.choice(["closes", "half_closes", "aborts"]))
        else:
            evening.speaks(name, dice.choice([b"soup", b"is anybody there?", b"doom"]))
