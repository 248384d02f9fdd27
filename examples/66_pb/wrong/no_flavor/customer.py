"""Order, and be called back."""

from reactor import task
from reactor.defer import Deferred
from reactor.endpoints import TCP4ClientEndpoint
from reactor.spread import pb


class Customer:
    def __init__(self):
        self.full = Deferred()

    def remote_taste(self, dish):
        self.full.callback(dish)
        return f"more {dish}!"


async def eat(reactor):
    kitchen, customer = pb.PBClientFactory(), Customer()
    await TCP4ClientEndpoint(reactor, "127.0.0.1", 7820).connect(kitchen)
    waiter = await kitchen.getRootObject()
    print(await waiter.callRemote("order", "soup", customer))
    print("I had", await customer.full)
    print(await waiter.callRemote("pay", 5))


task.react(eat)
