"""Kill -9 at every step of what the queue does: run as a program, it prints what each kill has left behind, as JSON.

    python -m tests.mail.killing_queue FOLDER add|settle|done

A step is a call of the operating system, by `os` or by a file. `add` takes a letter; `settle` keeps one of its two
recipients, and tells the sender of the other; `done` forgets it.
"""

import json
import os
import signal
import sys
from itertools import count
from pathlib import Path

from reactor.defer import ensureDeferred
from reactor.mail.bounce import Outcome
from reactor.mail.queue import Queue
from reactor.mail.relaymanager import OneLetter, SmartHostSMTPRelayingManager
from reactor.mail.smtp import Address
from reactor.testing import MemoryReactorClock

LETTER = b"Subject: x\r\n\r\nhello\r\n"
WAITS, REFUSED = Outcome("later@b", 450, "4.2.0 later"), Outcome("never@b", 550, "5.1.1 never")


def die_at(step):
    seen = count(1)

    def watch(frame, event, argument):
        if event != "c_call":
            return
        is_file = type(getattr(argument, "__self__", None)).__module__ == "_io"
        if (is_file or argument.__module__ == "posix") and next(seen) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    return watch


def add(queue):
    return queue.add(Address(b"ann@a"), [Address(b"later@b"), Address(b"never@b")], LETTER)


def doing(what, folder):
    """What a child does, ready to be called."""
    queue = Queue(folder, now=lambda: 1000.0)
    if what == "add":
        return lambda: add(queue)
    [message] = queue.getWaiting()
    queue.setRelaying(message)
    if what == "done":
        return lambda: queue.done(message)
    relaying = OneLetter(SmartHostSMTPRelayingManager(queue, reactor=MemoryReactorClock()), message)
    return lambda: ensureDeferred(relaying.settle([WAITS, REFUSED]))


def one_kill(what, folder, step):
    if what != "add":
        add(Queue(folder, now=lambda: 0.0))
    reading, writing = os.pipe()
    if not (pid := os.fork()):
        action = doing(what, folder)
        sys.setprofile(die_at(step))
        action()
        sys.setprofile(None)
        os.write(writing, b"safe")
        os._exit(0)
    os.close(writing)
    _, status = os.waitpid(pid, 0)
    with open(reading, "rb") as pipe:
        told = pipe.read() == b"safe"
    queue = Queue(folder, now=lambda: 1e9)
    found = {}
    for message in queue.getWaiting():
        with queue.open(message) as file:
            envelope = queue.getEnvelope(message)
            found[envelope.sender] = [[one.address for one in envelope.recipients], file.read().decode()]
    rests = [name for name in os.listdir(folder) if name.endswith(".tmp")]
    return {"step": step, "killed": os.WIFSIGNALED(status), "told": told, "found": found, "rests": rests}


def main():
    folder, what = Path(sys.argv[1]), sys.argv[2]
    for step in count(1):
        found = one_kill(what, folder / str(step), step)
        print(json.dumps(found), flush=True)
        if not found["killed"]:
            break


if __name__ == "__main__":
    main()
