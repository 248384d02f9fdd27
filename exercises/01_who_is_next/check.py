from collections import deque
from random import Random

from lecture.exercises import Broken, check


def served(evening):
    """Right answers."""
    coming, queue, now, line = [], deque(), 0, []
    for one in evening.split():
        name, minutes = one.split("@")
        came, *courses = map(int, minutes.split("+"))
        coming.append((came, name, courses))
    coming.sort(key=lambda guest: guest[0])
    while coming or queue:
        now = now if queue else max(now, coming[0][0])
        queue.extend(guest for guest in coming if guest[0] <= now)
        coming = [guest for guest in coming if guest[0] > now]
        came, name, courses = queue.popleft()
        now += courses[0]
        line.append(f"{name} {now}")
        queue.extend(guest for guest in coming if guest[0] <= now)
        coming = [guest for guest in coming if guest[0] > now]
        if courses[1:]:
            queue.append((came, name, courses[1:]))
    return ", ".join(line)


def some(seed, most_courses):
    dice = Random(seed)
    names = dice.sample(["ann", "bob", "cleo", "dan", "eve"], dice.randint(2, 5))
    courses = {name: [dice.randint(1, 5) for _ in range(dice.randint(1, most_courses))] for name in names}
    return " ".join(f"{name}@{dice.randint(0, 9)}+{'+'.join(map(str, courses[name]))}" for name in names)


def are_right(yours, rule, *evenings):
    yours.start(*evenings)
    yours.ends(0, rule)
    lines = yours.program.stdout.splitlines()
    for n, evening in enumerate(evenings):
        came = lines[n] if n < len(lines) else ""
        if came != served(evening):
            raise Broken(rule, "it served otherwise", (evening.encode(),), served(evening), came)


@check("R1", only=())
def one_thing_at_a_time(yours):
    are_right(yours, "R1", "ann@0+3", "ann@0+3 bob@1+1")


@check("R2", only=())
def first_come_first_served(yours):
    are_right(yours, "R2", "ann@0+3 bob@0+1", "bob@2+1 ann@0+3", "ann@0+4 bob@1+3 cleo@2+1")


@check("R3", only=())
def nobody_there(yours):
    are_right(yours, "R3", "ann@5+1", "ann@0+1 bob@9+2")


@check("R4", only=())
def several_courses(yours):
    are_right(yours, "R4", "ann@0+3+1", "ann@0+3+1 bob@1+1", "ann@0+3+1 bob@3+1", "ann@0+1+1 bob@5+1")


@check("R1", "R2", "R3", only=())
def ten_evenings(yours):
    are_right(yours, "R2", *(some(seed, 1) for seed in range(10)))


@check("R4", only=())
def ten_long_evenings(yours):
    are_right(yours, "R4", *(some(seed, 3) for seed in range(10, 20)))
