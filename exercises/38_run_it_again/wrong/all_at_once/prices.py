"""What is awaited later starts later."""

from reactor.defer import Deferred, ensureDeferred
from reactor.endpoints import clientFromString
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver
from reactor.task import react


class Asker(LineReceiver):
    def __init__(self, dish):
        self.dish, self.answer = dish, Deferred()

    def connectionMade(self):
        self.sendLine(self.dish)

    def lineReceived(self, line):
        self.answer.callback(line)
        self.transport.loseConnection()

    def connectionLost(self, reason):
        if not self.answer.called:
            self.answer.errback(reason)


async def ask(reactor, place, dish):
    """The price. Raises what went wrong."""
    endpoint = clientFromString(reactor, place)
    asker = await endpoint.connect(Factory.forProtocol(lambda: Asker(dish)))
    return (await asker.answer).decode()


async def main(reactor):
    questions = [("tcp:theirs:7771", b"soup"), ("tcp:theirs:7772", b"wine")]
    started = [(dish, ensureDeferred(ask(reactor, place, dish))) for place, dish in questions]
    for dish, question in started:
        try:
            price = await question
        except Exception:
            price = "?"
        print(dish.decode(), price)


react(main)
