"""Our protocol serves, a coroutine of asyncio's dines; they share one loop."""

import asyncio

from reactor import reactor
from reactor.asyncioloop import ReactorEventLoop
from reactor.protocol import Factory, Protocol


class Echo(Protocol):
    def dataReceived(self, data):
        print("protocol: somebody says", data.decode().strip())
        self.transport.write(data)


async def dine():
    reader, writer = await asyncio.open_connection("127.0.0.1", 7787)
    for dish in ("soup", "fish"):
        writer.write(dish.encode() + b"\n")
        answer = await reader.readline()
        print("coroutine: back came", answer.decode().strip())
    writer.close()
    await writer.wait_closed()
    reactor.stop()


# [worlds]
loop = ReactorEventLoop(reactor)
reactor.listenTCP(7787, Factory.forProtocol(Echo))
asyncio.run(dine())
reactor.run()
loop.close()
# [/worlds]
