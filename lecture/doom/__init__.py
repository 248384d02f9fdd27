"""The Tutorial of Doom itself: a lecture on event-driven networking, first given in 2003.

Each part of the talk has a package, and each idea a file; the programs that they show are in the folder `examples`.
"""

from lecture.doom.missions import missions
from lecture.doom.part1 import part1
from lecture.doom.part2 import part2
from lecture.doom.part3 import part3
from lecture.doom.part4 import part4
from lecture.slides import Lecture

__all__ = ["lecture"]

lecture = Lecture("The Tutorial of Doom", *part1, *part2, *part3, *part4)
lecture.missions = missions
