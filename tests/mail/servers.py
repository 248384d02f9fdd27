"""Servers of SMTP whose names and clock are known, and transcripts that they begin with."""

from reactor.mail.smtp import ESMTP, LMTP, SMTP
from reactor.testing import Clock

HELLO = """
    S: 220 mx.example ESMTP of ours ESMTP
    C: EHLO client
    S: 250-mx.example Hello [..]
    S: 250-PIPELINING
    S: 250-8BITMIME
    S: 250-SMTPUTF8
    S: 250-CHUNKING
    S: 250-ENHANCEDSTATUSCODES
    S: 250 SIZE 26214400
"""
SENDER = """
    C: MAIL FROM:<ann@a.example>
    S: 250 2.1.0 Sender address accepted
"""
ENVELOPE = (
    SENDER
    + """
    C: RCPT TO:<bob@b.example>
    S: 250 2.1.5 Recipient address accepted
"""
)


class Quiet:
    noisy = False
    factory = None

    def greeting(self):
        return b"mx.example ESMTP of ours" + (b"" if self.spoken == "SMTP" else b" " + self.spoken.encode())

    def connectionMade(self):
        self.callLater = CLOCK.callLater
        self.host = b"mx.example"
        super().connectionMade()


class QuietSMTP(Quiet, SMTP):
    pass


class QuietESMTP(Quiet, ESMTP):
    pass


class QuietLMTP(Quiet, LMTP):
    pass


CLOCK = Clock()


def say(server, *lines):
    """Send these lines, and return the codes of the replies."""
    server.transport.clear()
    server.dataReceived(b"".join(line + b"\r\n" for line in lines))
    return [line[:3] for line in server.transport.value().split(b"\r\n")[:-1] if line[3:4] == b" "]
