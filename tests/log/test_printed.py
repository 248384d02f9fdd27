"""What threads and children print while it is logged: every line once."""

import os
import signal
import subprocess
import sys
import threading
from functools import partial

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted mixes what threads print", allow_module_level=True)

from reactor import log
from reactor.log.printed import LoggingFile
from reactor.log.starting import stopLogging


def test_each_line_that_a_thread_prints_is_logged_once_and_whole():
    lines = []
    file = LoggingFile(lambda line, **_: lines.append(line), None)
    threads = [threading.Thread(target=print_in_pieces, args=(file, name)) for name in "abcd"]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert sorted(lines) == sorted(f"{name} {number}" for name in "abcd" for number in range(300))


def print_in_pieces(file, name):
    for number in range(300):
        print(name, number, file=file)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a system without fork")
def test_a_child_does_not_log_its_parents_unfinished_line_again():
    source = """
import os, sys
from reactor import log
log.startLogging(sys.stdout)
print("begun", end="")
child = os.fork()
if not child:
    print("the child's")
    sys.exit()
os.waitpid(child, 0)
print(" and ended")
"""
    lines = [line.split("] ", 1)[1] for line in output_of(source).splitlines()]
    assert sorted(lines) == ["Log opened.", "begun and ended", "the child's"]


def output_of(source):
    return subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=20, check=True).stdout


class Handler:
    def prints(self, number, frame):
        print("the handler's")


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="a system without that signal")
@pytest.mark.parametrize(
    "wrap", [lambda one: one.prints, lambda one: partial(one.prints), lambda one: lambda *at: one.prints(*at)]
)
@pytest.mark.parametrize("times", [1, 3])
def test_a_line_that_a_signals_handler_prints_waits_for_the_observer_that_it_interrupts(times, wrap):
    told = []

    def observer(event):
        [text] = event["message"]
        if text == "interrupted":
            for _ in range(times):
                os.kill(os.getpid(), signal.SIGUSR1)
            print("the observer's own")
        told.append(text)

    before = signal.signal(signal.SIGUSR1, wrap(Handler()))
    log.startLoggingWithObserver(observer)
    try:
        print("interrupted")
        print("and on")
    finally:
        stopLogging(observer)
        signal.signal(signal.SIGUSR1, before)
    assert told == ["Log opened.", "interrupted", *["the handler's"] * times, "and on"]


def test_what_is_printed_is_told_as_printed_until_the_log_is_stopped():
    events, before = [], (sys.stdout, sys.stderr)
    log.startLoggingWithObserver(events.append)
    print("out")
    print("err", file=sys.stderr)
    stopLogging(events.append)
    found = [(event["message"], event["printed"], event["isError"]) for event in events if "printed" in event]
    assert (sys.stdout, sys.stderr) == before
    assert found == [(("out",), 1, 0), (("err",), 1, 1)]


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="a system without that signal")
def test_an_observer_that_was_interrupted_and_then_raised_is_told_no_more(logged_errors):
    told = []

    def observer(event):
        told.append(event["message"])
        os.kill(os.getpid(), signal.SIGUSR1)
        raise ZeroDivisionError

    before = signal.signal(signal.SIGUSR1, lambda *_: log.msg("the handler's"))
    log.addObserver(observer)
    try:
        log.msg("interrupted")
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert told == [("interrupted",)] and len(logged_errors.flush(ZeroDivisionError)) == 1
