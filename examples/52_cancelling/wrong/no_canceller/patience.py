"""Two dishes that take too long: one guest sets a time-out, the other changes her mind."""

from reactor import defer, reactor


def cook(dish):
    print("kitchen: the stove is on for the", dish)
    return defer.Deferred()


# [guests]
def wait_for(dish, seconds):
    cooking = cook(dish)
    cooking.addTimeout(seconds, reactor)
    cooking.addErrback(lambda failure: failure.trap(defer.TimeoutError))
    cooking.addCallback(lambda _: print("first guest: too late"))
    return cooking


async def change_her_mind(dish):
    cooking = cook(dish)
    reactor.callLater(0.01, cooking.cancel)
    try:
        await cooking
    except defer.CancelledError:
        print("second guest: never mind")


# [/guests]


async def evening():
    await wait_for("roast", 0.01)
    await change_her_mind("stew")
    reactor.stop()


reactor.callWhenRunning(defer.ensureDeferred, evening())
reactor.run()
