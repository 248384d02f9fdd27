from lecture.exercises import Broken, check


def evenings(yours):
    yours.start()
    yours.ends(0, "R1")
    lines = dict(line.split(": ") for line in yours.program.stdout.splitlines())
    if len(lines) != 20:
        raise Broken("R1", "evenings are missing", expected="20 evenings", came=f"{len(lines)}")
    return lines


@check("R1", only=())
def no_euro_is_lost(yours):
    for order, said in evenings(yours).items():
        if not said.startswith("42 euros"):
            raise Broken("R1", "the till isn't right", (order.encode(),), "42 euros", said)


@check("R2", only=())
def the_till_is_the_loops(yours):
    for order, said in evenings(yours).items():
        if "touched" in said:
            raise Broken("R2", "a thread touched the till", (order.encode(),), "42 euros", said)


@check("R3", only=())
def threads_ask_the_loop_in_the_one_way_there_is(yours):
    for order, said in evenings(yours).items():
        if "called" in said:
            raise Broken("R3", "a thread used the reactor", (order.encode(),), "42 euros", said)
