"""Two stoves, three cooks, and a window through which the dishes go."""

from reactor import defer, reactor, task

stoves = defer.DeferredSemaphore(2)
window = defer.DeferredQueue()


async def cook(name, dish, seconds):
    async with stoves:
        print(name, "has a stove")
        await task.deferLater(reactor, seconds)
    window.put(dish)


async def waiter(dishes):
    for _ in range(dishes):
        print("served:", await window.get())
    reactor.stop()


async def evening():
    defer.ensureDeferred(waiter(3))
    defer.ensureDeferred(cook("ann", "roast", 0.02))
    defer.ensureDeferred(cook("bob", "soup", 0.01))
    defer.ensureDeferred(cook("cid", "cake", 0.02))


reactor.callWhenRunning(defer.ensureDeferred, evening())
reactor.run()
