"""Post a letter, in secret or not at all: `python client.py NAME LETTER`, if the server proves that it is NAME."""

import sys
from pathlib import Path

from reactor import defer, ssl
from reactor.endpoints import HostnameEndpoint, connectProtocol
from reactor.error import ConnectionDone
from reactor.protocols.basic import LineOnlyReceiver
from reactor.task import react


class Refused(Exception):
    """The server refuses what it was asked for."""


class Postman(LineOnlyReceiver):
    """One connection. It asks one thing at a time."""

    delimiter = b"\n"

    def __init__(self):
        self.answers = defer.DeferredQueue()  # the server's lines, and at last the reason for the end
        self.gone = defer.Deferred(lambda gone: self.transport.abortConnection())

    def lineReceived(self, line):
        self.answers.put(line.decode("utf-8", "replace"))

    def connectionLost(self, reason):
        self.answers.put(reason)
        self.gone.callback(None)

    async def answer(self):
        """The server's next line. Raises Refused if it says no, and the connection's reason when that is lost."""
        line = await self.answers.get()
        if not isinstance(line, str):
            line.raiseException()
        if not line.startswith("2"):
            raise Refused(line)
        return line

    async def post(self, letter, options):
        """Begin TLS, then hand over the letter."""
        if "STARTTLS" not in await self.answer():
            raise Refused("no STARTTLS is offered")  # never go on in plain text: that is what an attacker wants
        self.sendLine(b"STARTTLS")
        await self.answer()
        self.transport.startTLS(options)
        self.sendLine(b"LETTER " + letter.encode())
        return await self.answer()


async def main(reactor, name, letter):
    """Post one letter, within ten seconds."""
    trusted = ssl.Certificate.loadPEM(Path("development.pem").read_bytes())
    options = ssl.optionsForClientTLS(name, trusted)
    postman = await connectProtocol(HostnameEndpoint(reactor, "localhost", 7820), Postman())
    try:
        print(await defer.ensureDeferred(postman.post(letter, options)).addTimeout(10, reactor))
    except (Refused, ConnectionDone, ssl.VerificationError, defer.TimeoutError) as problem:
        raise SystemExit(f"not posted: {problem}") from None
    finally:
        postman.transport.loseConnection()
        await postman.gone.addTimeout(2, reactor, lambda failure, seconds: None)  # cut off, if it takes longer


react(main, sys.argv[1:])
