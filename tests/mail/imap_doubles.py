"""A client of IMAP for tests, and the server's part, which the test plays."""

from reactor.failure import Failure
from reactor.mail.imap4 import IMAP4Client
from reactor.protocol import connectionDone
from reactor.task import Clock
from tests.mail.pop3_doubles import HERE, SecurableTransport


class Listener(IMAP4Client):
    """Keeps what it hears."""

    def __init__(self, contextFactory=None):
        super().__init__(contextFactory)
        self.news = []

    def serverGreeting(self, caps):
        self.news.append(("greeting", caps))

    def alertReceived(self, text):
        self.news.append(("alert", text))

    def modeChanged(self, writeable):
        self.news.append(("mode", writeable))

    def flagsChanged(self, newFlags):
        self.news.append(("flags", newFlags))

    def newMessages(self, exists, recent):
        self.news.append(("new", exists, recent))

    def messageExpunged(self, message):
        self.news.append(("gone", message))


class Talk:
    """A connected client. greeting: of the server's; b"" for none yet. capabilities: what it says to be asked."""

    def __init__(self, greeting=b"* PREAUTH ready", peer=HERE, capabilities=b"", context=None, kind=Listener, **known):
        self.client = kind(context)
        vars(self.client).update(known)
        self.clock = Clock()
        self.client.callLater = self.clock.callLater
        self.transport = SecurableTransport(peerAddress=peer)
        self.client.makeConnection(self.transport)
        if greeting:
            self.say(greeting)
        self.client.news = []
        if capabilities:
            self.client.getCapabilities()
            self.answer(b"CAPABILITY", b"* CAPABILITY IMAP4rev1 " + capabilities)

    def say(self, *lines):
        self.client.dataReceived(b"".join(line + b"\r\n" for line in lines))

    def hear(self):
        """What the client has said since."""
        while self.transport.producer is not None and not self.transport.streaming:
            self.transport.producer.resumeProducing()
        heard = self.transport.value()
        self.transport.clear()
        return heard

    def answer(self, command, *lines, end=b"OK done"):
        """Hear this command, with these arguments, alone; say the lines, and the end."""
        tag, _, heard = self.hear().partition(b" ")
        assert heard == command + b"\r\n", heard
        self.say(*lines, tag + b" " + end)

    def close(self):
        self.client.connectionLost(Failure(connectionDone.value))
