"""The same evening, with a thread for each table."""

from threading import Barrier, Thread

from evening import ORDERS, PRICE

till = 0
unlucky_moment = Barrier(len(ORDERS))  # the interleaving that happens once a month, every time


def serve():
    global till
    seen = till
    unlucky_moment.wait()  # all have looked, none has paid in
    till = seen + PRICE


waiters = [Thread(target=serve) for table in ORDERS]
for waiter in waiters:
    waiter.start()
for waiter in waiters:
    waiter.join()

print("waiters on the payroll:", len(waiters))
print("in the till:", till, "of", PRICE * len(ORDERS))
