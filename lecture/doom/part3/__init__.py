"""Part 3: from programs to applications, which have services, a log, and somebody who runs them."""

from lecture.doom.part3.running import running
from lecture.doom.part3.services import services
from lecture.slides import Notes, TitleSlide

part3 = [
    TitleSlide(
        "Part 3 – Building Applications With Twisted",
        Notes("""
            So far every program had the same last line, and ran until you pressed Ctrl-C. That is fine for a talk. It
            is not how the thing will live: somebody will want it started at boot, under another user, with a log that
            doesn't fill the disk, and stopped without losing what it knows.

            You can write all that yourself, and most of us have, more than once, each time a little wrong. This part
            is about not doing it again: what your program should say about itself, so that somebody else can do the
            rest.

            There are three things to say: what it consists of, what it has to report, and how it wants to be started.
            Nothing of it changes a single line of your protocols.

            *Ask:* who has written a daemon? Who has written the same one twice?
        """),
    ),
    *services,
    *running,
]
