"""Downloads a file, in as many pieces as the network makes of it."""

from reactor import task
from reactor.endpoints import HostnameEndpoint, connectProtocol
from reactor.protocol import Protocol
from reactor.protocols.ftp import CommandFailed, FTPClient


class Got(Protocol):
    """Keeps what comes. data: all of it, of each transfer after the one before."""

    data = b""

    def dataReceived(self, data):
        self.data += data


async def download(client, path, got):
    """Fetch the file. Returns whether it is whole."""
    in_vain = 0
    while in_vain < 3:
        before = len(got.data)
        try:
            await client.retrieveFile(path, got, offset=before)
            return True
        except CommandFailed:
            in_vain = 0 if len(got.data) > before else in_vain + 1
    return False


async def main(reactor):
    client = await connectProtocol(HostnameEndpoint(reactor, "theirs", 21), FTPClient("ann", "secret"))
    got = Got()
    if await download(client, "menu", got):
        print(got.data.decode())
    else:
        print(f"gave up after {len(got.data)} bytes")
    await client.quit()


task.react(main)
