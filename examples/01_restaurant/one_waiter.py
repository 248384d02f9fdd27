"""The evening, with one waiter who never waits."""

from collections import deque

from evening import ORDERS, PRICE

# [evening]
till = 0
events = deque(("hungry", table) for table in ORDERS)

while events:
    what, table = events.popleft()
    if what == "hungry":
        # The kitchen will call. Meanwhile, the next table.
        events.append(("cooked", table))
    elif what == "cooked":
        events.append(("finished", table))
    elif what == "finished":
        till += PRICE
# [/evening]

print("waiters on the payroll:", 1)
print("in the till:", till, "of", PRICE * len(ORDERS))
