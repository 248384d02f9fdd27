"""Who was served last is still at the head of the queue."""

import sys
from collections import deque


def evening(guests):
    """When each course is served: [(minute, name)]. guests: [(name, when they come, [how long a course takes])]."""
    arrivals, queue, now, served = deque(sorted(guests, key=lambda guest: guest[1])), deque(), 0, []
    while arrivals or queue:
        if not queue:
            now = max(now, arrivals[0][1])
        while arrivals and arrivals[0][1] <= now:
            queue.append(arrivals.popleft())
        name, came, (course, *rest) = queue.popleft()
        now += course
        served.append((now, name))
        if rest:
            queue.append((name, came, rest))
    return served


for argument in sys.argv[1:]:  # such as "ann@0+3+1 bob@2+1": ann comes at 0, for courses of 3 and 1 minutes
    guests = []
    for one in argument.split():
        name, minutes = one.split("@")
        arrival, *courses = map(int, minutes.split("+"))
        guests.append((name, arrival, courses))
    print(", ".join(f"{name} {minute}" for minute, name in evening(guests)))
