"""Who asks first is called first."""

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
            wait = max(0, self.timers[0][0] - self.minutes()) if self.timers else None
            for name in self.poll(wait):
                self.guests[name]()
            now = self.minutes()
            due = [timer for timer in self.timers if timer[0] <= now]
            self.timers = [timer for timer in self.timers if timer[0] > now]
            for _, action in due:
                action()


for argument in sys.argv[1:]:
    Evening(argument).with_loop(Loop)
