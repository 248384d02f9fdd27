"""A kitchen that can't be told: its Deferred has no canceller."""

from reactor import defer, reactor


# [kitchen]
def cook(dish):
    cooking = defer.Deferred()
    reactor.callLater(0.02, done, dish, cooking)
    return cooking


def done(dish, cooking):
    print(f"kitchen: the {dish} is done, and nobody wants it")
    cooking.callback(dish)  # ignored, this once
    reactor.stop()


# [/kitchen]

stew = cook("stew")
stew.addErrback(lambda failure: print("guest:", failure.type.__name__))
stew.cancel()
reactor.run()
