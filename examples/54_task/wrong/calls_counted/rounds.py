"""A waiter makes his rounds every ten minutes, and is held up once."""

from reactor import task

clock = task.Clock()


def round(due):
    print(f"{clock.seconds() / 60:3.0f} min: {due} round(s) due")


rounds = task.LoopingCall(round, 1)
rounds.clock = clock
rounds.start(600)
for minutes in (10, 10, 35, 5, 10):
    clock.advance(minutes * 60)
rounds.stop()
