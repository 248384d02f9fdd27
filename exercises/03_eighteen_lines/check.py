from lecture.exercises import Broken, check


def is_served(yours, evening, lines, rule):
    yours.start(evening)
    yours.goes_on(lambda: not yours.program.is_running)
    *came, polls = yours.program.stdout.splitlines() or [""]
    if came != lines:
        raise Broken(rule, "the evening went otherwise", (evening.encode(),), ", ".join(lines), ", ".join(came))
    if int(polls.split()[0]) > len(lines):
        raise Broken("R3", "it polls in vain", (evening.encode(),), f"at most {len(lines)} polls", polls)
    yours.ends(0, "R4")


@check("R2", "R4", only=())
def an_evening_without_guests(yours):
    is_served(yours, "bell!5", ["5 bell", "35 closing"], "R2")


@check("R1", "R3", only=())
def guests(yours):
    is_served(yours, "ann@1+3 bob@2", ["1 ann", "2 bob", "3 ann", "33 closing"], "R1")


@check("R2", only=())
def timers_in_any_order(yours):
    is_served(yours, "late!9 early!4 bell!6", ["4 early", "6 bell", "9 late", "39 closing"], "R2")


@check("R1", "R2", "R3", only=())
def guests_and_timers(yours):
    is_served(yours, "ann@1+7 bell!5", ["1 ann", "5 bell", "7 ann", "37 closing"], "R2")


@check("R1", "R2", only=())
def one_who_takes_his_time(yours):
    lines = ["1 bob", "5 ann", "5 cleo", "9 bell", "39 closing"]
    is_served(yours, "bob@1*4 ann@2 cleo@3 bell!9", lines, "R1")


@check("R2", only=())
def a_timer_that_is_overdue(yours):
    is_served(yours, "bob@1*6 second!4 first!3 ann@9", ["1 bob", "7 first", "7 second", "9 ann", "39 closing"], "R2")
