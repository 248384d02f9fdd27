"""Only who writes can do damage."""

from kitchen import evening, every_order

from reactor import reactor


def waiter(till, euros):
    """A thread: it may be interrupted at each `yield`. Brings some euros to the till."""
    found = till.money
    yield
    reactor.callFromThread(put, till, found + euros)
    yield


def put(till, euros):
    till.money = euros


for order in every_order():
    evening(order, waiter)
reactor.run()
