"""Part 2: basic networking, in the order of the talk."""

from lecture.doom.part2.clients import clients
from lecture.doom.part2.definitions import definitions
from lecture.doom.part2.flow import flow
from lecture.doom.part2.protocols import protocols
from lecture.doom.part2.reactors import reactors

part2 = [*definitions, *protocols, *clients, *flow, *reactors]
