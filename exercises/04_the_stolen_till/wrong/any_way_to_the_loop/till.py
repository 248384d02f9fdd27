"""`callLater(0, …)` has the loop do it, from wherever one calls."""

from kitchen import evening, every_order

from reactor import reactor


def waiter(till, euros):
    """A thread: it may be interrupted at each `yield`. Brings some euros to the till."""
    yield
    reactor.callLater(0, put, till, euros)
    yield


def put(till, euros):
    till.money = till.money + euros


for order in every_order():
    evening(order, waiter)
reactor.run()
