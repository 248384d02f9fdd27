"""Take all letters home: fetch, keep, delete, and say goodbye."""

from reactor import task
from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
from reactor.mail.pop3 import AdvancedPOP3Client


async def take_home(reactor):
    server = TCP4ClientEndpoint(reactor, "127.0.0.1", 7815)
    client = await connectProtocol(server, AdvancedPOP3Client())
    await client.login(b"ann", b"secret")
    for index, size in enumerate(await client.listSize()):
        lines = await client.retrieve(index)
        keep(size, lines)
        await client.delete(index)
    await client.quit()


def keep(size, lines):
    print(f"{size} bytes,", *(line.decode() for line in lines if line))


task.react(take_home)
