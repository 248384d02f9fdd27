import struct

from lecture.exercises import check


def nine(letter, one, two):
    return struct.pack("!cii", letter, one, two)


def mean(value):
    return struct.pack("!i", value)


@check("R1", "R2", also=("glued", "resets"))
def an_evening(yours):
    probe = yours.connect(7771, "the thermometer")
    for time, value in ((300, 21), (100, -10), (200, -3)):
        probe.says(nine(b"I", time, value))
    probe.says(nine(b"Q", 100, 200))
    probe.hears(mean(-7), rule="R1")
    probe.says(nine(b"Q", 100, 300))
    probe.hears(mean(2), rule="R1")
    probe.says(nine(b"Q", 400, 500))
    probe.hears(mean(0), rule="R2")


@check("R1", only=())
def large_numbers(yours):
    probe = yours.connect(7771, "the thermometer")
    probe.says(nine(b"I", -(2**31), 2**31 - 1) + nine(b"I", 2**31 - 1, 2**31 - 1))
    probe.says(nine(b"Q", -(2**31), 2**31 - 1))
    probe.hears(mean(2**31 - 1), rule="R1")


@check("R3")
def two_of_them(yours):
    one, two = yours.connect(7771, "one"), yours.connect(7771, "the other")
    one.says(nine(b"I", 1, 100))
    two.says(nine(b"I", 1, 7))
    two.says(nine(b"Q", 0, 9))
    two.hears(mean(7), rule="R3")
    one.says(nine(b"Q", 0, 9))
    one.hears(mean(100), rule="R3")


@check("R4")
def an_unknown_letter(yours):
    probe = yours.connect(7771, "the thermometer")
    probe.says(nine(b"X", 1, 2))
    probe.is_closed("R4")
