"""Two waiters, each in a thread of his own, and one till, which is the loop's."""

from kitchen import evening, every_order

from reactor import reactor


def waiter(till, euros):
    """A thread: it may be interrupted at each `yield`. Brings some euros to the till."""
    found = till.money  # TODO: what if another waiter comes now?
    yield
    found = found + euros
    yield
    till.money = found


for order in every_order():
    evening(order, waiter)
reactor.run()
