"""Show what is in a group."""

from reactor import task
from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
from reactor.news.nntp import NNTPClient


async def read(reactor):
    server = TCP4ClientEndpoint(reactor, "127.0.0.1", 7819)
    client = await connectProtocol(server, NNTPClient())
    group = await client.fetchGroup("doom.kitchen")
    print(f"{group.name}: {group.size} articles")
    for number, fields in await client.fetchOverview(group.low, group.high):
        body = await client.fetchBody(number)
        print(number, fields["Subject"], "--", body.decode().strip())


task.react(read)
