"""Events happen in parallel: each guest is served when he comes."""

import sys


def evening(guests):
    """When each course is served: [(minute, name)]. guests: [(name, when they come, [how long a course takes])]."""
    served = []
    for name, now, courses in guests:
        for course in courses:
            now += course
            served.append((now, name))
    return sorted(served, key=lambda one: one[0])


for argument in sys.argv[1:]:  # such as "ann@0+3+1 bob@2+1": ann comes at 0, for courses of 3 and 1 minutes
    guests = []
    for one in argument.split():
        name, minutes = one.split("@")
        arrival, *courses = map(int, minutes.split("+"))
        guests.append((name, arrival, courses))
    print(", ".join(f"{name} {minute}" for minute, name in evening(guests)))
