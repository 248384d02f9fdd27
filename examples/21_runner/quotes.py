"""A quote for everybody who connects; how it is run, it doesn't say."""

from reactor import protocol
from reactor.application import internet, service


# [quotes]
class Quote(protocol.Protocol):
    def connectionMade(self):
        self.transport.write(b"An apple a day keeps the doctor away.\n")
        self.transport.loseConnection()


factory = protocol.ServerFactory.forProtocol(Quote)

application = service.Application("quotes")
quotes = internet.TCPServer(7804, factory)
quotes.setServiceParent(application)
# [/quotes]
