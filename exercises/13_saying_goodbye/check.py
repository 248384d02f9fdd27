from lecture.exercises import Broken, check

LIST = b"".join(b"%d: a wine of the year %d\r\n" % (n, 1900 + n % 100) for n in range(20_000))


def comes(yours):
    guest = yours.connect(7771)
    guest.pauses()
    return guest


@check("R1", "R2", "R3", only=())
def one_who_reads(yours):
    guest = yours.connect(7771)
    yours.goes_on(lambda: guest.has_ended)
    guest.hears(LIST, rule="R1")
    guest.is_closed("R2")
    yours.ends(0, "R3")


@check("R1", "R2", "R3", only=())
def one_who_reads_slowly(yours):
    guest = comes(yours)
    for _ in range(2):
        yours.later(10)
        guest.resumes()
        yours.later(0.001)
        guest.pauses()
    if not yours.program.is_running:
        raise Broken("R3", "it has ended while the guest was still reading", expected="running", came="ended")
    guest.resumes()
    yours.goes_on(lambda: guest.has_ended)
    guest.hears(LIST, rule="R1")
    guest.is_closed("R2")
    yours.later(1)
    if yours.program.is_running:
        raise Broken("R3", "a second after its last guest has gone it still runs", expected="exit 0", came="it waits")
    yours.ends(0, "R3")


@check("R3", only=())
def one_who_runs_away(yours):
    guest = comes(yours)
    yours.later(5)
    guest.aborts()
    yours.later(1.5)
    if yours.program.is_running:
        raise Broken("R3", "a second after its last guest has gone it still runs", expected="exit 0", came="it waits")
