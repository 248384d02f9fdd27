"""A mail server for one kitchen: it prints every letter that comes."""

from reactor import reactor
from reactor.defer import succeed
from reactor.mail.smtp import ESMTP, SMTPBadRcpt, SMTPFactory


class Letter:
    def __init__(self, user):
        self.user, self.lines = user, []

    def lineReceived(self, line):
        self.lines.append(line.decode())

    def eomReceived(self):
        print("for", self.user, self.lines)
        return succeed(None)

    def connectionLost(self):
        print("half a letter for", self.user)


class Kitchen(ESMTP):
    noisy = False

    def validateFrom(self, helo, origin):
        return origin

    def validateTo(self, user):
        if user.dest.domain != b"kitchen.example":
            raise SMTPBadRcpt(user, 550, "5.7.1 We are no post office")
        return lambda: Letter(user)

    def receivedHeader(self, helo, origin, recipients):
        return b""


factory = SMTPFactory()
factory.noisy, factory.protocol = False, Kitchen
reactor.listenTCP(7813, factory)
print("listening on port 7813")
reactor.run()
