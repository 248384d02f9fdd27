"""An oven that blocks until the bread is done, and a waiter who doesn't wait for it."""

from threading import Event

from reactor import reactor

bread_has_risen = Event()


# [baking]
def bake(dough):  # in another thread: it may block, and touches nothing of ours
    bread_has_risen.wait()
    return f"bread of {dough}"


def take_out(bread):  # back in the loop's thread
    print("waiter takes out the", bread)
    reactor.stop()


def walk_past(times):
    print("waiter walks past the oven")
    if times > 1:
        reactor.callLater(0.01, walk_past, times - 1)
    else:
        bread_has_risen.set()


reactor.callWhenRunning(lambda: take_out(bake("rye")))
# [/baking]

reactor.callWhenRunning(walk_past, 3)
reactor.run()
