"""Part 2: basic networking, in the order of the talk."""

from lecture.doom.part2_clients import clients
from lecture.doom.part2_definitions import definitions
from lecture.doom.part2_flow import flow
from lecture.doom.part2_protocols import protocols
from lecture.doom.part2_reactors import reactors

part2 = [*definitions, *protocols, *clients, *flow, *reactors]
