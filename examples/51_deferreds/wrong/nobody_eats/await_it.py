"""The same two orders, by `await`."""

from kitchen import SoldOut, cook

from reactor import defer, reactor


# [dinner]
async def order(dish):
    try:
        plate = await cook(dish)
    except SoldOut as reason:
        print("waiter:", reason)
        plate = "a plate of soup"
    print("guest gets", plate)


async def evening():
    order("fish")
    order("oysters")
    print("waiter: two orders taken")
    reactor.stop()


# [/dinner]

reactor.callWhenRunning(defer.ensureDeferred, evening())
reactor.run()
