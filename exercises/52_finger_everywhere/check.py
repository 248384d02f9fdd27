from lecture.exercises import check

BY_IPV6, AT_HOME = r"tcp:fd00\:\:1:7780", "unix:/run/finger"


def asks(guest, number, place, rule, user=b"alice", answer=b"cooks until ten"):
    guest.says(user + b"\r\n")
    guest.hears(answer + b"\r\nYou are number %d, and call from %s\r\n" % (number, place), rule=rule)
    guest.is_closed(rule)


@check("R1", "R2", only=("cuts", "bytes", "slow"))
def one_door(yours):
    yours.start("tcp:7779")
    asks(yours.connect(7779, rule="R1"), 1, b"10.0.0.2", "R1")


@check("R1", only=("slow",))
def two_doors(yours):
    yours.start("tcp:7779", "tcp:7780")
    asks(yours.connect(7779, rule="R1"), 1, b"10.0.0.2", "R1")
    asks(yours.connect(7780, rule="R1"), 2, b"10.0.0.2", "R1", b"bob", b"is at table two")
    asks(yours.connect(7779, rule="R1"), 3, b"10.0.0.2", "R1", b"carol", b"No such user")


@check("R2", only=("slow",))
def over_ipv6(yours):
    yours.start("tcp6:7780")
    asks(yours.connect(BY_IPV6, host="theirs", rule="R2"), 1, b"fd00::2", "R2")


@check("R2", only=("slow",))
def at_a_unix_socket(yours):
    yours.start("unix:/run/finger")
    asks(yours.connect(AT_HOME, rule="R2"), 1, b"here", "R2")


@check("R3", only=("slow",))
def over_ipv4_at_a_door_of_ipv6(yours):
    yours.start("tcp6:7780")
    asks(yours.connect(7780, rule="R3"), 1, b"10.0.0.2", "R3")


@check("R4", only=("slow",))
def a_door_that_is_taken(yours):
    yours.start("tcp:7779", "tcp:7779", "tcp:7781")
    yours.prints("shut: tcp:7779\n", rule="R4")
    asks(yours.connect(7779, rule="R4"), 1, b"10.0.0.2", "R4")
    yours.connect(7781, rule="R4")


@check("R4", only=("slow",))
def a_door_that_is_none(yours):
    yours.start("gate:7779", "tcp:seven", "tcp:7781")
    yours.prints("shut: gate:7779\nshut: tcp:seven\n", rule="R4")
    asks(yours.connect(7781, rule="R4"), 1, b"10.0.0.2", "R4")


@check("R1", "R2", "R3", only=("slow",))
def all_of_them(yours):
    yours.start("tcp:7779", "tcp6:7780", "unix:/run/finger")
    asks(yours.connect(7779, rule="R1"), 1, b"10.0.0.2", "R1")
    asks(yours.connect(BY_IPV6, host="theirs", rule="R1"), 2, b"fd00::2", "R1")
    asks(yours.connect(AT_HOME, rule="R1"), 3, b"here", "R1")
    asks(yours.connect(7780, rule="R1"), 4, b"10.0.0.2", "R3")
