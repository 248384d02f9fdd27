"""A service that counts visits, through whichever door they come, and remembers them."""

from reactor import app, protocol


class Visits(app.ApplicationService):
    count = 0

    def startService(self):
        super().startService()
        print("until now:", self.count)

    def stopService(self):
        super().stopService()
        print("closing after", self.count)

    def another(self):  # business logic!
        self.count += 1
        return self.count


class Door(protocol.Protocol):
    def connectionMade(self):
        number = application.getServiceNamed("visits").another()
        self.transport.write(f"you are number {number}\n".encode())
        self.transport.loseConnection()


# [application]
application = app.Application("museum")
visits = Visits("visits", application)
assert application.getServiceNamed("visits") is visits
factory = protocol.ServerFactory.forProtocol(Door)
application.listenTCP(7802, factory)  # front door
application.listenTCP(7803, factory)  # back door

if __name__ == "__main__":
    application.run(save=1)
# [/application]
