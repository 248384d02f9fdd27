"""A waiter who takes orders from anywhere, and calls the customer when the dish is there."""

from reactor import reactor
from reactor.spread import pb


class Waiter(pb.Root):
    def remote_order(self, dish, customer):
        reactor.callLater(0.2, self.bring, dish, customer)
        return f"one {dish}, in a moment"

    def bring(self, dish, customer):
        customer.callRemote("taste", dish).addCallback(self.hear)

    def remote_pay(self, amount):
        return f"{amount} it is: come again"

    def hear(self, opinion):
        print("the customer says:", opinion)


reactor.listenTCP(7820, pb.PBServerFactory(Waiter()))
print("listening on port 7820")
reactor.run()
