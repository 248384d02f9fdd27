"""Upload a file: upload.py NAME."""

import sys

from reactor import task
from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
from reactor.protocols.basic import FileSender
from reactor.protocols.ftp import FTPClient


async def upload(reactor, name):
    server = TCP4ClientEndpoint(reactor, "127.0.0.1", 7021)
    client = await connectProtocol(server, FTPClient("ann", "secret"))
    connected, done = client.storeFile(name)
    with open(name, "rb") as file:
        consumer = await connected
        await FileSender().beginFileTransfer(file, consumer)
    consumer.finish()
    for line in await done:
        print(line)
    await client.quit()


task.react(upload, sys.argv[1:])
