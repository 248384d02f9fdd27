"""Two waiters, each in a thread of his own, and one till, which is the loop's."""

from kitchen import evening, every_order

from reactor import reactor


def waiter(till, euros):
    """A thread: it may be interrupted at each `yield`. Brings some euros to the till."""
    yield
    reactor.callFromThread(put, till, euros)
    yield


def put(till, euros):
    till.money = till.money + euros


for order in every_order():
    evening(order, waiter)
reactor.run()
