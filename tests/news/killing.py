"""Kill -9 at every step of taking an article into a store on disk: run as a program, it prints what each kill has left.

    python -m tests.news.killing FOLDER

A step is a call into SQLite or its return, so each statement has two. Each step has a child of its own, which dies
before it, until a child comes to the end and says "safe".
"""

import json
import os
import signal
import sqlite3
import sys
from itertools import count
from pathlib import Path

from reactor.news.database import NewsDatabase
from reactor.task import Clock
from tests.news.news_doubles import NOW, article

OLD, NEW = "<1@a.example>", "<2@a.example>"
NEW_ARTICLE = article(NEW, "doom.kitchen,doom.cellar")


KINDS = (sqlite3.Connection, sqlite3.Cursor)


def open_store(path):
    clock = Clock()
    store = NewsDatabase(path, "us.example", now=lambda: NOW, reactor=clock)
    store.clock = clock
    store.feeds["them.example"] = lambda group: True
    for name in ("doom.kitchen", "doom.cellar"):
        store.addGroup(name)
    clock.advance(0)
    return store


def die_at(step):
    seen = count(1)

    def watch(frame, event, argument):
        is_sqlite = event in ("c_call", "c_return") and isinstance(getattr(argument, "__self__", None), KINDS)
        if is_sqlite and next(seen) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    return watch


def child(path, step, pipe):
    store = open_store(path)
    sys.setprofile(die_at(step))
    store.takeRequest(NEW_ARTICLE, NEW).addCallback(lambda _: os.write(pipe, b"safe"))
    store.clock.advance(0)
    sys.setprofile(None)
    os._exit(0)


def what_is_left(path):
    store = open_store(path)
    places = {name: [*store.listGroupRequest(name, 1, 9)] for name in ("doom.kitchen", "doom.cellar")}
    high = [group.high for group in store.listRequest()]
    found = {"places": places, "high": high, "new": store.articleExistsRequest(NEW)}
    found |= {"waiting": store.waiting("them.example", 9), "old": store.articleExistsRequest(OLD)}
    store.close()
    return found


def one_kill(path, step):
    store = open_store(path)
    store.takeRequest(article(OLD), OLD)
    store.close()
    reading, writing = os.pipe()
    if not (pid := os.fork()):
        child(path, step, writing)
    os.close(writing)
    _, status = os.waitpid(pid, 0)
    with open(reading, "rb") as pipe:
        told = pipe.read() == b"safe"
    return {"step": step, "killed": os.WIFSIGNALED(status), "told": told, **what_is_left(path)}


def main():
    folder = Path(sys.argv[1])
    for step in count(1):
        found = one_kill(folder / str(step), step)
        print(json.dumps(found))
        if not found["killed"]:
            break


if __name__ == "__main__":
    main()
