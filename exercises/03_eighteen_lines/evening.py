"""An evening in the place of a network: who comes is known, and the clock is ours."""

MOMENT = 0.001  # that each poll takes, so that a loop which never waits comes to an end, too
AFTER_ALL = 30


class Evening:
    """An evening such as "ann@1+3 bob@2*4 bell!5": guests, how long they take, and a timer (see the task)."""

    def __init__(self, text):
        self.now = self.polls = 0
        self.coming = []  # (minute, name, how long it takes)
        self.timers = []  # (minute, name)
        for one in text.split():
            if "!" in one:
                name, minute = one.split("!")
                self.timers.append((int(minute), name))
                continue
            name, minutes = one.split("@")
            minutes, _, takes = minutes.partition("*")
            self.coming += [(int(minute), name, int(takes or 0)) for minute in minutes.split("+")]
        last = max(minute for minute, *_ in self.coming + self.timers)
        self.closing = last + AFTER_ALL
        self.timers.append((self.closing, "closing"))

    def minutes(self):
        """What the clock says."""
        return self.now

    def poll(self, minutes):
        """Wait until somebody is ready, but no longer than so many minutes; None is for ever. Returns their names."""
        if minutes is not None and minutes < 0:
            raise ValueError(f"nobody can wait for {minutes} minutes")
        if self.now > self.closing + AFTER_ALL:
            raise RuntimeError("it is long past closing time, and the loop still runs")
        self.polls += 1
        comes = min((minute for minute, *_ in self.coming), default=None)
        if comes is None and minutes is None:
            raise RuntimeError("nobody comes any more: this poll waits for ever")
        until = min(time for time in (comes, None if minutes is None else self.now + minutes) if time is not None)
        self.now = max(self.now + MOMENT, until)
        return sorted({name for minute, name, _ in self.coming if minute <= self.now})

    def serve(self, name):
        """What is called for a guest who is ready."""
        guest = min(one for one in self.coming if one[1] == name)
        self.coming.remove(guest)
        print(int(self.now), name)
        self.now += guest[2]

    def with_loop(self, make):
        """Spend it with a loop."""
        loop = make(self.poll, self.minutes)
        for name in {name for _, name, _ in self.coming}:
            loop.guests[name] = lambda name=name: self.serve(name)
        for minute, name in self.timers:
            loop.timers.append((minute, lambda name=name: self.ring(name, loop)))
        loop.run()
        print(self.polls, "polls")

    def ring(self, name, loop):
        """What is called for a timer."""
        print(int(self.now), name)
        if name == "closing":
            loop.stop()
