"""Threads that can be interrupted at each `yield`, in every order; and a till that notes when a thread touches it."""

from itertools import combinations

from reactor import reactor

STEPS = 3  # of each thread
CLOSING_S = 1


class Till:
    """The loop's. money: in euros."""

    def __init__(self):
        self._money, self.notes = 0, set()

    @property
    def money(self):
        self._note()
        return self._money

    @money.setter
    def money(self, euros):
        self._note()
        self._money = euros

    def _note(self):
        if threads.running:
            self.notes.add("touched by a thread")

    def __str__(self):
        return ", ".join([f"{self._money} euros", *sorted(self.notes)])


class Threads:
    """running: the till of those that run now; None when it is the loop that runs."""

    running = None


def every_order():
    """Each order in which two threads can have their steps: "aaabbb", "aababb", …"""
    for places in combinations(range(2 * STEPS), STEPS):
        yield "".join("a" if place in places else "b" for place in range(2 * STEPS))


def evening(order, waiter):
    """Two waiters, interrupted in this order; the till is told when the loop has had its turns."""
    till = Till()
    waiters = {"a": waiter(till, 21), "b": waiter(till, 21)}
    closing.callLater(CLOSING_S, print, f"{order}:", till)
    threads.running = till
    for name in order + "ab" * STEPS:  # who waits for another gets more steps
        next(waiters[name], None)
    threads.running = None


def noted(method):
    """A method of the reactor that no thread may call."""

    def call(*args, **kwargs):
        if threads.running:
            threads.running.notes.add(f"{method.__name__} called in a thread")
        return method(*args, **kwargs)

    return call


class Closing:
    """The reactor's own callLater, for us."""

    callLater = reactor.callLater


threads, closing = Threads(), Closing()
reactor.callLater = noted(reactor.callLater)
closing.callLater(2 * CLOSING_S, reactor.stop)
