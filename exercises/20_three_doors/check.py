from lecture.exercises import check

STREET, GARDEN = 7771, "unix:/run/garden"


def greeted(yours, door, place, number, rule):
    guest = yours.connect(door, rule=rule)
    guest.hears(f"welcome from {place}, number {number}\r\n".encode(), rule)


@check("R1", only=())
def from_the_street(yours):
    greeted(yours, STREET, "10.0.0.2", 1, "R1")
    greeted(yours, STREET, "10.0.0.2", 2, "R4")


@check("R2", only=())
def through_the_garden(yours):
    greeted(yours, GARDEN, "the garden", 1, "R2")


@check("R4", only=())
def street_and_garden(yours):
    greeted(yours, STREET, "10.0.0.2", 1, "R1")
    greeted(yours, GARDEN, "the garden", 2, "R4")
    greeted(yours, STREET, "10.0.0.2", 3, "R4")


@check("R3", only=())
def another_port(yours):
    yours.start("tcp:7772")
    greeted(yours, 7772, "10.0.0.2", 1, "R3")


@check("R3", only=())
def another_garden(yours):
    yours.start("unix:/run/back")
    greeted(yours, "unix:/run/back", "the garden", 1, "R3")


@check("R3", only=())
def for_this_machine_alone(yours):
    yours.start("tcp:7772:interface=127.0.0.1")
    greeted(yours, "tcp:127.0.0.1:7772", "127.0.0.1", 1, "R3")


@check("R4", only=())
def all_three(yours):
    yours.start("tcp:7772")
    greeted(yours, STREET, "10.0.0.2", 1, "R1")
    greeted(yours, 7772, "10.0.0.2", 2, "R4")
