"""Kill -9 at every step of what a Maildir does: run as a program, it prints what each kill has left behind, as JSON.

    python -m tests.mail.killing FOLDER deliver|expunge SIZE

A step is a call of a function that is written in C, so every system call is one. Each step has a child of its own,
which dies before it: the 1st before the first step, and so on, until a child comes to the end and says "safe".
"""

import json
import os
import signal
import sys
from itertools import count
from pathlib import Path

from reactor.mail.maildir import Maildir, MaildirMailbox

OLD = b"Subject: old %d\r\n\r\nsafe since yesterday\r\n"


def letter(size):
    return b"Subject: new\r\n\r\n" + b"0123456789abcdef.\r\n" * (size // 19)


def doing(what, path, size):
    """What a child does, ready to be called."""
    if what == "deliver":
        maildir = Maildir(path)
        return lambda: maildir.deliver(letter(size))
    mailbox = MaildirMailbox(path)
    for index in (0, 2, 4):
        mailbox.deleteMessage(index)
    return mailbox.sync


def die_at(step):
    seen = count(1)

    def watch(frame, event, argument):
        if event == "c_call" and next(seen) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    return watch


def child(what, path, size, step, pipe):
    action = doing(what, path, size)
    sys.setprofile(die_at(step))
    action()
    sys.setprofile(None)
    os.write(pipe, b"safe")
    os._exit(0)


def one_kill(what, path, size, step):
    """Prepare a Maildir, let a child die in it, and tell what is there."""
    maildir = Maildir(path)
    for number in range(5):
        (path / "new" / f"{number}.old").write_bytes(OLD % number)
    reading, writing = os.pipe()
    if not (pid := os.fork()):
        child(what, path, size, step, writing)
    os.close(writing)
    _, status = os.waitpid(pid, 0)
    with open(reading, "rb") as pipe:
        told = pipe.read() == b"safe"
    texts = []
    for found in maildir.letters():
        with maildir.open(found) as file:
            texts.append(file.read().decode())
    unfinished = len(os.listdir(path / "tmp"))
    return {"step": step, "killed": os.WIFSIGNALED(status), "told": told, "texts": texts, "unfinished": unfinished}


def main():
    folder, what, size = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    for step in count(1):
        found = one_kill(what, folder / str(step), size, step)
        print(json.dumps(found))
        if not found["killed"]:
            break


if __name__ == "__main__":
    main()
