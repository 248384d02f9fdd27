from lecture.exercises import check


def program(yours, name="Ann's program"):
    return yours.connect(7784, name, rule="R1")


def brings(courier, letter, rule):
    courier.says(letter + b"\r\n")
    courier.hears(b"taken\r\n", rule=rule)


@check("R1")
def idle_and_done(yours):
    ann = program(yours)
    ann.says(b"a7 IDLE\r\n")
    ann.hears(b"+ idling\r\n", rule="R1")
    ann.says(b"DONE\r\n")
    ann.hears(b"a7 OK IDLE\r\n", rule="R1")
    ann.says(b"a8 NOOP\r\na9 IDLE\r\n")
    ann.hears(b"a8 OK NOOP\r\n+ idling\r\n", rule="R1")


@check("R2")
def told_at_once(yours):
    ann, courier = program(yours), yours.connect(7785, "the courier", rule="R2")
    ann.says(b"x IDLE\r\n")
    ann.hears(b"+ idling\r\n", rule="R1")
    for number, letter in enumerate((b"soup", b"fish", b"bill"), 1):
        brings(courier, letter, "R2")
        ann.hears(b"* %d EXISTS\r\n" % number, rule="R2")
    ann.says(b"DONE\r\n")
    ann.hears(b"x OK IDLE\r\n", rule="R1")


@check("R2", only=("slow",))
def everybody_is_told(yours):
    ann, phone = program(yours), program(yours, "Ann's telephone")
    courier = yours.connect(7785, "the courier", rule="R2")
    for one, tag in ((ann, b"a"), (phone, b"p")):
        one.says(tag + b" IDLE\r\n")
        one.hears(b"+ idling\r\n", rule="R1")
    brings(courier, b"soup", "R2")
    for one in (ann, phone):
        one.hears(b"* 1 EXISTS\r\n", rule="R2")


@check("R3")
def told_with_the_next_answer(yours):
    ann, courier = program(yours), yours.connect(7785, "the courier", rule="R3")
    ann.says(b"a NOOP\r\n")
    ann.hears(b"a OK NOOP\r\n", rule="R3")
    brings(courier, b"soup", "R3")
    brings(courier, b"fish", "R3")
    ann.has_heard(b"", rule="R3")
    ann.says(b"b NOOP\r\nc NOOP\r\n")
    ann.hears(b"* 2 EXISTS\r\nb OK NOOP\r\nc OK NOOP\r\n", rule="R3")
    brings(courier, b"bill", "R3")
    ann.says(b"d IDLE\r\n")
    ann.hears(b"+ idling\r\n* 3 EXISTS\r\n", rule="R3")


@check("R4", only=("slow",))
def who_has_left(yours):
    ann, phone = program(yours), program(yours, "Ann's telephone")
    courier = yours.connect(7785, "the courier", rule="R4")
    for one in (phone, ann):
        one.says(b"a IDLE\r\n")
        one.hears(b"+ idling\r\n", rule="R1")
    phone.aborts()
    yours.later(1)
    brings(courier, b"soup", "R4")
    ann.hears(b"* 1 EXISTS\r\n", rule="R4")
