"""A quote for every client; how it is run, the program doesn't say."""

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
