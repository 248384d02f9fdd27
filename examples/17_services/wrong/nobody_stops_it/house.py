"""Services in services: a house that is opened from the ground up, and closed from the roof down."""

from reactor import reactor
from reactor.application import service


class Noting(service.Service):
    def __init__(self, name, parent):
        self.setName(name)
        self.setServiceParent(parent)

    def startService(self):
        super().startService()
        print(self.name, "is open")

    def stopService(self):
        super().stopService()
        print(self.name, "is closed")


# [house]
house = service.MultiService()
cellar = Noting("cellar", house)
shop = service.MultiService()
shop.setServiceParent(house)
till = Noting("till", shop)
door = Noting("door", shop)

house.startService()
print("the till is", shop.getServiceNamed("till") is till and "found")
# [/house]
reactor.callWhenRunning(reactor.stop)
reactor.run()
