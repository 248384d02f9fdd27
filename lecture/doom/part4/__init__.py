"""Part 4: further bits and pieces, a slide or two for each."""

from lecture.doom.part4.datagrams import datagrams
from lecture.doom.part4.deferreds import deferreds, threads
from lecture.doom.part4.devices import devices
from lecture.doom.part4.directories import directories
from lecture.doom.part4.endpoints import endpoints
from lecture.doom.part4.files import files
from lecture.doom.part4.framing import framing
from lecture.doom.part4.mailboxes import mailboxes
from lecture.doom.part4.names import names
from lecture.doom.part4.newsgroups import newsgroups
from lecture.doom.part4.positions import positions
from lecture.doom.part4.prompts import prompts
from lecture.doom.part4.proxies import proxies
from lecture.doom.part4.remote_calls import remote_calls
from lecture.doom.part4.remote_objects import remote_objects
from lecture.doom.part4.rooms import rooms
from lecture.doom.part4.shells import shells
from lecture.doom.part4.standing_on_it import ending, standing_on_it
from lecture.doom.part4.testing import testing
from lecture.doom.part4.worlds import worlds
from lecture.slides import Ask, Notes, TitleSlide

part4 = [
    TitleSlide(
        "Part 4: Further Bits and Pieces",
        Notes("""
            You could go home now and write a server. This part is for those who stay: it shows what else the library
            has in its drawers, in a slide or two each, with a program that you can take away.

            None of it changes what you know. There is still one loop, and still no handler may block it. What follows
            are other things to wait for, and nicer ways to say what happens afterwards.

            Pick what you need. Hardly anything depends on what comes before it. Deferreds are the exception: they turn
            up everywhere.
        """),
        Ask(
            "What have you missed so far?",
            """
            Write it down; with some luck there is a slide for it. If there isn't, `docs/guides` may have it, and after
            that the issue tracker has room.
            """,
        ),
        minutes=1,
    ),
    *datagrams,
    *framing,
    *devices,
    *endpoints,
    *names,
    *threads,
    *deferreds,
    *worlds,
    *testing,
    *proxies,
    *mailboxes,
    *newsgroups,
    *remote_objects,
    *remote_calls,
    *directories,
    *positions,
    *files,
    *prompts,
    *shells,
    *rooms,
    *standing_on_it,
    *ending,
]
