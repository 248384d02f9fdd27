"""The Tutorial of Doom itself: a lecture on event-driven networking, first given in 2003.

Each part of the talk has a package, and each idea a file; the programs that they show are in the folder `examples`.
"""

from pathlib import Path

from lecture.doom.missions import missions
from lecture.doom.part1 import part1
from lecture.doom.part2 import part2
from lecture.doom.part2.clients import clients
from lecture.doom.part2.flow import flow
from lecture.doom.part2.protocols import protocols
from lecture.doom.part2.reactors import reactors
from lecture.doom.part3 import part3
from lecture.doom.part4 import part4
from lecture.doom.part4.datagrams import datagrams
from lecture.doom.part4.deferreds import deferreds
from lecture.doom.part4.directories import directories
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
from lecture.exercises.folder import exercises_near
from lecture.slides import Lecture, Topic

__all__ = ["lecture"]

lecture = Lecture("The Tutorial of Doom", *part1, *part2, *part3, *part4)
lecture.missions = missions
lecture.exercises = tuple(exercises_near(Path(__file__).parent))
lecture.topics = (
    Topic("live", "The reactor in a notebook", live=Path(__file__).with_name("live.md")),
    Topic("protocols", "Protocols and their factories", tuple(protocols), (5, 7, 8, 15, 16, 17, 18, 20)),
    Topic("clients", "Clients", tuple(clients), (19, 21, 22, 23)),
    Topic("flow", "Buffers, goodbyes and producers", tuple(flow), (13, 14, 24, 25, 26, 27, 28)),
    Topic("reactors", "Reactors and time", tuple(reactors), (1, 2, 3, 4, 29, 30, 31, 38, 39)),
    Topic("framing", "Where a message ends", tuple(framing), (6, 9, 10, 11, 12)),
    Topic("deferreds", "Deferreds", tuple(deferreds), (33, 34, 35, 36, 37)),
    Topic(
        "further",
        "Datagrams, names, proxies, mail, news, calls from elsewhere, directories, positions, files, shells and rooms",
        (
            *(*datagrams, *names, *proxies, *mailboxes, *newsgroups),
            *(*remote_objects, *remote_calls, *directories, *positions, *files, *prompts, *shells, *rooms),
        ),
        (32, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 40),
    ),
)
