"""A loop: it serves whoever is ready, and calls each timer when it is due."""

import sys

from evening import Evening


class Loop:
    def __init__(self, poll, minutes):
        """poll, minutes: functions, see evening.py."""
        self.poll, self.minutes = poll, minutes
        self.guests = {}  # what to call for whom
        self.timers = []  # (minute, what to call)
        self.is_running = True

    def stop(self):
        self.is_running = False

    def run(self):
        while self.is_running:
            self.poll(1)  # TODO: how long? And then?


for argument in sys.argv[1:]:
    Evening(argument).with_loop(Loop)
