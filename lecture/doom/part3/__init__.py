"""Part 3: from programs to applications, which have services, a log, and an administrator who runs them."""

from lecture.doom.part3.running import running
from lecture.doom.part3.services import services
from lecture.slides import Ask, Notes, TitleSlide

part3 = [
    TitleSlide(
        "Part 3 – Building Applications With Twisted",
        Notes("""
            So far every program had the same last line, and most ran until you pressed Ctrl-C. That is fine for a talk.
            In real life an administrator wants the program to start at boot, as another user, with a log that doesn't
            fill the disk, and to stop without losing what it knows.

            You can write all that yourself, and most of us have, more than once, each time a little wrong. This part is
            about not doing it again: your program describes itself, and a runner does the rest.

            There are three things to describe: what the program consists of, what it reports, and how to start it. None
            of them changes a single line of your protocols.
        """),
        Ask(
            "Who has written a daemon? Who has written the same one twice?",
            """
            A daemon forks, starts a session of its own, forks again, changes directory, closes what it inherited,
            writes its number down, and is wrong in one of these. Once is an education. Twice is a reason for this part.
            """,
        ),
        minutes=1.25,
    ),
    *services,
    *running,
]
