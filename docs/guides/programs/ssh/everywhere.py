"""Run a command on all hosts at once, and say what each answers: everywhere.py COMMAND"""

import sys

from reactor import defer, task
from reactor.conch.endpoints import SSHCommandClientEndpoint
from reactor.endpoints import connectProtocol
from reactor.error import ProcessDone
from reactor.protocol import Protocol

HOSTS = {"kitchen": 7891, "cellar": 7892}


class Answer(Protocol):
    """done: a Deferred of what the command has printed; fails with how it ended."""

    def __init__(self):
        self.printed, self.done = b"", defer.Deferred()

    def dataReceived(self, data):
        self.printed += data

    def connectionLost(self, reason):
        if reason.check(ProcessDone):
            self.done.callback(self.printed.decode())
        else:
            self.done.errback(reason)


async def ask(reactor, port):
    command = SSHCommandClientEndpoint.newConnection(
        reactor, sys.argv[1], "ann", "localhost", port, keys=["ann"], knownHosts="known_hosts", timeout=20
    )
    answer = await connectProtocol(command, Answer())
    return await answer.done


async def main(reactor):
    asked = [defer.ensureDeferred(ask(reactor, port)) for port in HOSTS.values()]
    for host, (is_well, result) in zip(HOSTS, await defer.DeferredList(asked, consumeErrors=True), strict=True):
        print(f"{host}: {result.strip() if is_well else result.getErrorMessage()}")


task.react(main)
