"""A server as an application: it says what it is made of, and starts later."""

from reactor import app, protocol


class Greeter(protocol.Protocol):
    def connectionMade(self):
        self.transport.write(b"good morning\n")
        self.transport.loseConnection()


# [application]
factory = protocol.ServerFactory.forProtocol(Greeter)

application = app.Application("greeter")
application.listenTCP(7801, factory)
print("nobody listens yet")

if __name__ == "__main__":
    application.run()
# [/application]
