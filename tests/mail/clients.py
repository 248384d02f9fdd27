"""Clients of SMTP with letters to send, and a server that says what a script says."""

import io

from reactor.mail.smtp import ESMTPClient, SMTPClient
from reactor.protocols.basic import LineReceiver
from reactor.testing import connectedServerAndClient

LETTER = b"Subject: x\n\n.\n..\nbare\rand\nend"
NO_TLS = {"EHLO": "250-x\n250 STARTTLS", "STARTTLS": "454 no"}
ARRIVED = b"Subject: x\n\n.\n..\nbare\nand\nend"


class Sending:
    """Sends the letters that it has; keeps what it hears."""

    def __init__(self, *letters, **options):
        super().__init__(**options)
        self.letters, self.sent, self.errors = list(letters), [], []

    def getMailFrom(self):
        self.current = self.letters.pop(0) if self.letters else None
        return self.current and self.current[0]

    def getMailTo(self):
        return self.current[1]

    def getMailData(self):
        return io.BytesIO(self.current[2])

    def sentMail(self, code, resp, numOk, addresses, log):
        self.sent.append((code, resp, numOk, addresses))

    def sendError(self, exc):
        self.errors.append(exc)
        super().sendError(exc)


class Old(Sending, SMTPClient):
    pass


class New(Sending, ESMTPClient):
    def __init__(self, *letters, secret=None, **options):
        super().__init__(*letters, secret=secret, **options)


class Script(LineReceiver):
    """A server that answers by the first word of each line; a text by `text`."""

    greeting = b"220 hello"

    def __init__(self, **replies):
        self.replies = {"EHLO": "250 x", "HELO": "250 x", "QUIT": "221 bye", "RSET": "250 ok", "MAIL": "250 ok"}
        self.replies |= {"RCPT": "250 ok", "DATA": "354 go", "text": "250 taken"} | replies
        self.heard, self.text = [], None

    def connectionMade(self):
        self.sendLine(self.greeting)

    def lineReceived(self, line):
        if self.text is None:
            self.heard.append(line)
            word = line.split(b" ")[0].decode()
            reply = self.replies.get(word, "500 what?")
            self.text = [] if reply.startswith("354") else None
        elif line == b".":
            self.text, reply = None, self.replies["text"]
        else:
            return self.text.append(line)
        for one in reply.split("\n"):
            self.sendLine(one.encode())
        return None


def ask(server, client):
    client, server, pump = connectedServerAndClient(lambda: server, lambda: client)
    pump.flush()
    return client, server


def letter(*recipients, sender=b"ann@a.example", text=LETTER):
    return sender, list(recipients) or [b"bob@b.example"], text
