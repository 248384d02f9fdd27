"""Part 1: why a program that talks to many people should not wait for any of them."""

from lecture.doom.part1.framework import framework
from lecture.doom.part1.waiters import waiters
from lecture.slides import Ask, Notes, TitleSlide

part1 = [
    TitleSlide(
        "Part 1 – Introduction",
        Notes("""
            Welcome. In the next quarter of an hour we answer one question: a program has many conversations going on at
            the same time, most of them silent most of the time. Who waits?

            There are several answers, and people get heated about them. We look at two, with the help of a restaurant,
            and then stay with one of them for the rest of the day.

            One promise before we start: every program that you will see ran when these slides were built, and every
            output is what it printed then. If a slide is wrong, it is wrong honestly.
        """),
        Ask(
            "Who has written a program that used a socket? A thread? A thread that worked?",
            """
            Fewer hands each time, as a rule. The third question is unfair: a thread that works looks just like one that
            has not failed yet.
            """,
        ),
        minutes=1,
        short=True,
    ),
    *waiters,
    *framework,
]
