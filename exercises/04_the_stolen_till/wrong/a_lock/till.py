"""What is shared needs a lock."""

from kitchen import evening, every_order

from reactor import reactor


def waiter(till, euros):
    """A thread: it may be interrupted at each `yield`. Brings some euros to the till."""
    while busy:
        yield
    busy.append(euros)
    found = till.money
    yield
    till.money = found + euros
    busy.clear()
    yield


busy = []


for order in every_order():
    evening(order, waiter)
reactor.run()
