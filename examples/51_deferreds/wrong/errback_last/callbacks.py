"""Two orders at once: each dish comes when it comes, or doesn't come at all."""

from kitchen import SoldOut, cook

from reactor import defer, reactor


# [dinner]
def apologise(failure):
    failure.trap(SoldOut)
    print("waiter:", failure.getErrorMessage())
    return "a plate of soup"


def serve(plate):
    print("guest gets", plate)


def order(dish):
    cooking = cook(dish)
    cooking.addCallback(serve)
    cooking.addErrback(apologise)
    return cooking


evening = defer.gatherResults([order("fish"), order("oysters")])
evening.addCallback(lambda _: reactor.stop())
print("waiter: two orders taken")
# [/dinner]

reactor.run()
