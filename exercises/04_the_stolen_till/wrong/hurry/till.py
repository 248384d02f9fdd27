"""What is done in one line is done in one step, and can be done in a thread."""

from kitchen import evening, every_order

from reactor import reactor


def waiter(till, euros):
    """A thread: it may be interrupted at each `yield`. Brings some euros to the till."""
    yield
    till.money += euros
    reactor.callLater(0, print, end="")
    yield


for order in every_order():
    evening(order, waiter)
reactor.run()
