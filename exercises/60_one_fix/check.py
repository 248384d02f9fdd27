from functools import reduce
from operator import xor

from lecture.exercises import check

PORT = 10110


def line(text):
    return f"${text}*{reduce(xor, text.encode()):02X}\r\n".encode()


def rmc(second, north=48.1173):
    return line(f"GPRMC,1235{second:02},A,{minutes(north)},N,01131.0000,E,022.4,084.4,230394,,")


def gga(second, height="545.4", north=48.1173):
    return line(f"GPGGA,1235{second:02},{minutes(north)},N,01131.0000,E,1,08,0.9,{height},M,46.9,M,,")


def gll(second, north=48.1173):
    return line(f"GPGLL,{minutes(north)},N,01131.0000,E,1235{second:02},A")


def minutes(degrees):
    return f"{int(degrees)}{60 * (degrees % 1):07.4f}"


def fix(second, height="", north=48.1173):
    return f"12:35:{second} {north:.4f} 11.5167{f' {height}' if height else ''}\n"


def receiver(yours, rule):
    peer = yours.listen(PORT, "the receiver")
    peer.called(rule)
    return peer


def hears(yours, peer, *lines):
    for one in lines:
        peer.says(one)
    yours.send_all()


@check("R1", "R2")
def three_sentences_of_a_moment(yours):
    peer = receiver(yours, "R1")
    hears(yours, peer, rmc(19), gga(19), gll(19), rmc(20))
    yours.prints(fix(19, 545) + fix(20), "R1")


@check("R1", only=("slow",))
def the_place_that_was_said_last(yours):
    peer = receiver(yours, "R1")
    hears(yours, peer, rmc(19, 48.1), gga(19, north=48.2), rmc(20))
    yours.prints(fix(19, 545, 48.2) + fix(20), "R1")


@check("R1", only=("slow",))
def a_moment_without_a_place(yours):
    peer = receiver(yours, "R1")
    hears(yours, peer, line("GPZDA,123519,23,03,1994"), rmc(20), line("GPZDA,123521,23,03,1994"), rmc(22))
    yours.prints(fix(20) + fix(22), "R1")


@check("R2", only=("slow",))
def a_height_that_is_not_said_again(yours):
    peer = receiver(yours, "R2")
    hears(yours, peer, rmc(19), gga(19), rmc(20), gll(20), rmc(21), gga(21, "0.0"), rmc(22))
    yours.prints(fix(19, 545) + fix(20) + fix(21, "0") + fix(22), "R2")


@check("R3", only=("slow",))
def the_last_moment(yours):
    peer = receiver(yours, "R3")
    hears(yours, peer, rmc(19))
    yours.later(0.3)
    hears(yours, peer, gga(19))
    yours.prints(fix(19, 545), "R3")
    hears(yours, peer, rmc(20))
    yours.prints(fix(20), "R3")


@check("R4", only=("slow",))
def a_receiver_that_repeats_itself(yours):
    peer = receiver(yours, "R4")
    for _ in range(3):
        hears(yours, peer, rmc(19), gga(19))
        yours.later(2)
    hears(yours, peer, rmc(20))
    yours.prints(fix(19, 545) + fix(20), "R4")


@check("R5", only=("slow",))
def a_place_before_any_time(yours):
    peer = receiver(yours, "R5")
    hears(yours, peer, gll(18), gga(18))
    yours.later(2)
    hears(yours, peer, rmc(19))
    yours.prints(fix(19), "R5")
