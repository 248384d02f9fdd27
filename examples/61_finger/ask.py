"""Ask a finger server about everybody on the command line."""

import sys

from reactor import task
from reactor.endpoints import TCP4ClientEndpoint
from reactor.protocols.finger import query


async def ask(reactor, *users):
    server = TCP4ClientEndpoint(reactor, "127.0.0.1", 7797)
    for user in users:
        answer = await query(server, user.encode())
        print(answer.decode(), end="")


task.react(ask, sys.argv[1:])
