"""A loop asks all the time whether there is something to do."""

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
            self.timers.sort(key=lambda timer: timer[0])
            for name in self.poll(0):
                self.guests[name]()
            now = self.minutes()
            due = [timer for timer in self.timers if timer[0] <= now]
            self.timers = [timer for timer in self.timers if timer[0] > now]
            for _, action in sorted(due, key=lambda timer: timer[0]):
                action()


for argument in sys.argv[1:]:
    Evening(argument).with_loop(Loop)
