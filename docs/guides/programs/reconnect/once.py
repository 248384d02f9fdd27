"""Connect, but not at any price: give up after the third failure."""

from watch import WatcherFactory

from reactor.application.internet import ClientService, backoffPolicy
from reactor.endpoints import clientFromString
from reactor.error import ConnectError
from reactor.task import react


async def main(reactor):
    endpoint = clientFromString(reactor, "tcp:127.0.0.1:7811")
    service = ClientService(endpoint, WatcherFactory(), backoffPolicy(0.1, jitter=lambda: 0))
    service.startService()
    try:
        watcher = await service.whenConnected(failAfterFailures=3)
        print("connected to", watcher.transport.getPeer())
    except ConnectError as problem:
        raise SystemExit(f"no kitchen: {problem}") from None
    finally:
        await service.stopService()


react(main)
