"""Kill -9 at every step of what a mailbox of IMAP does: run as a program, it prints what each kill has left, as JSON.

    python -m tests.mail.killing_imap FOLDER append|store|expunge|copy|move

A step is a call of the operating system, of a file's, or of SQLite's; a child for each dies before it.
"""

import io
import json
import os
import shutil
import signal
import sys
from itertools import count
from pathlib import Path

from reactor.mail.folders import MaildirAccount
from reactor.mail.imap4 import MessageSet

OLD = b"Subject: %d\r\n\r\nold\r\n"
NEW = b"Subject: new\r\n\r\n" + b"0123456789\r\n" * 1000
KEPT = {"1": ["work"], "2": [], "3": [r"\Seen"], "4": []}


def append(inbox, there):
    return inbox.addMessage(io.BytesIO(NEW), [r"\Seen"])


def store(inbox, there):
    return inbox.store(MessageSet(1, 3), [r"\Flagged", "urgent"], 1, True)


def expunge(inbox, there):
    inbox.expunge([1, 3])


def copy(inbox, there):
    inbox.copyTo([1, 2, 3], there)


def move(inbox, there):
    inbox.copyTo([1, 2, 3], there, move=True)


def die_at(step):
    seen = count(1)

    def watch(frame, event, argument):
        kind = getattr(argument, "__module__", None) or type(getattr(argument, "__self__", None)).__module__
        if event == "c_call" and kind in ("posix", "_io", "io", "sqlite3") and next(seen) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    return watch


def opened(path):
    account = MaildirAccount(path)
    return account, account.select("INBOX"), account.select("There")


def prepare(path, what):
    account = MaildirAccount(path)
    account.create("There")
    inbox = account.select("INBOX")
    for number in range(1, 5):
        inbox.deliver(OLD % number)
    inbox.look()
    inbox.store(MessageSet(1), ["work"], 1, True)
    inbox.store(MessageSet(3), [r"\Seen"], 1, True)
    if what == "expunge":
        inbox.store(MessageSet([(1, 1), (3, 3)]), [r"\Deleted"], 1, True)
    validity = inbox.getUIDValidity()
    inbox.close()
    account.close()
    return validity


def child(what, path, step, pipe):
    _, inbox, there = opened(path)
    sys.setprofile(die_at(step))
    globals()[what](inbox, there)
    sys.setprofile(None)
    os.write(pipe, b"safe")
    os._exit(0)


def looked_at(mailbox):
    """UID → (flags, text)."""
    found = {}
    for uid in mailbox.uids():
        with mailbox._messages[uid].open() as file:
            found[uid] = sorted(mailbox._messages[uid].flags), file.read().decode()
    return found


def one_kill(what, path, step, validity):
    shutil.copytree(path.parent / "prepared", path)
    reading, writing = os.pipe()
    if not (pid := os.fork()):
        child(what, path, step, writing)
    os.close(writing)
    _, status = os.waitpid(pid, 0)
    with open(reading, "rb") as pipe:
        told = pipe.read() == b"safe"
    account, inbox, there = opened(path)
    found = {"inbox": looked_at(inbox), "there": looked_at(there), "killed": os.WIFSIGNALED(status), "told": told}
    found |= {"step": step, "validity": inbox.getUIDValidity() == validity, "next": inbox.getUIDNext()}
    for one in (inbox, there, account):
        one.close()
    return found


def main():
    folder, what = Path(sys.argv[1]), sys.argv[2]
    validity = prepare(folder / "prepared", what)
    for step in count(1):
        found = one_kill(what, folder / str(step), step, validity)
        print(json.dumps(found))
        if not found["killed"]:
            break


if __name__ == "__main__":
    main()
