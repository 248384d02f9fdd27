from lecture.exercises import Broken, check

SONG = b"".join(b"verse %03d " % n + b"la " * 1300 + b"\r\n" for n in range(1, 151))
GOODBYE = b"goodbye\r\n"


def has_heard(guest, rule, expected):
    """In short, if it isn't so: the song is too long for a verdict."""
    if guest.received != expected:
        came = guest.received[-30:] if guest.received else b"nothing"
        raise Broken(rule, "the end isn't as it should be", tuple(guest.sent), expected[-30:], came)


@check("R1", only=())
def the_whole_song(yours):
    guest = yours.connect(7771)
    yours.goes_on(lambda: guest.has_ended or len(guest.received) >= len(SONG + GOODBYE))
    has_heard(guest, "R1", SONG + GOODBYE)


@check("R1", only=())
def a_guest_who_listens_late(yours):
    guest = yours.connect(7771)
    guest.pauses()
    yours.later(20)
    guest.resumes()
    yours.later(20)
    has_heard(guest, "R1", SONG + GOODBYE)


@check("R2", only=())
def the_click(yours):
    guest = yours.connect(7771)
    guest.is_closed("R2")


@check("R3", only=())
def stop(yours):
    guest = yours.connect(7771)
    guest.pauses()
    yours.later(5)
    guest.says(b"stop\r\n")
    yours.later(1)
    guest.resumes()
    guest.is_closed("R3")
    verses = len(guest.received) // (len(SONG) // 150)
    if verses > 125:
        raise Broken("R3", "he sings on", (b"stop\r\n",), "what was on its way", f"{verses} verses")
    has_heard(guest, "R3", SONG[: verses * (len(SONG) // 150)] + GOODBYE)
