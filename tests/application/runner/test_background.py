"""What a daemon tells the process that started it."""

import os

from reactor.application.runner.background import Pipe


def test_the_starter_is_told_once_and_a_later_failure_is_for_the_log():
    read_end, write_end = os.pipe()
    pipe = Pipe(write_end, null=-1)
    pipe.failed(1, "no such user")
    pipe.failed(1, "no such group")
    with open(read_end, encoding="utf-8") as told:
        assert told.read() == "1 no such user"


def test_a_starter_that_is_gone_is_no_failure():
    read_end, write_end = os.pipe()
    os.close(read_end)
    Pipe(write_end, null=-1).failed(1, "nobody hears it")
