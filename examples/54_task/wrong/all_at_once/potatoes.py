"""Long jobs in small slices: two cooks share the one thread there is."""

from reactor import task


def peel(cook, potatoes):
    for potato in range(potatoes):
        print(cook, "has peeled", potato + 1)
    yield  # let others have their turn


async def main(reactor):
    ann = task.cooperate(peel("ann", 3))
    bob = task.cooperate(peel("bob", 2))
    await ann.whenDone()
    await bob.whenDone()
    print("done")


task.react(main)
