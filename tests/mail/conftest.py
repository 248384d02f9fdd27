"""Fixtures for mail: a place where letters arrive."""

import pytest


class Letters:
    """A delivery that takes letters for some, and keeps them; `refusals` is what it raises at which step."""

    def __init__(self, *names):
        self.names = names
        self.taken, self.lost, self.refusals = [], 0, {}
        self.senders, self.users = [], []

    def getMessageDelivery(self):
        return self

    def check(self, step):
        if step in self.refusals:
            raise self.refusals[step]

    def receivedHeader(self, helo, origin, recipients):
        return b""

    def validateFrom(self, helo, origin):
        self.check("from")
        self.senders.append(origin)
        return origin

    def validateTo(self, user):
        from reactor.mail.smtp import SMTPBadRcpt

        if self.names and user.dest.local not in self.names:
            raise SMTPBadRcpt(user)
        self.users.append(user)
        return lambda: Letter(self, user)


class Letter:
    def __init__(self, letters, user):
        letters.check("begin")
        self.letters, self.user, self.lines = letters, user, []

    def lineReceived(self, line):
        self.letters.check("line")
        self.lines.append(line)

    def eomReceived(self):
        from reactor.defer import succeed

        self.letters.check("end")
        self.letters.check(bytes(self.user))
        self.letters.taken.append((bytes(self.user), b"\n".join(self.lines)))
        return succeed(None)

    def connectionLost(self):
        self.letters.lost += 1


@pytest.fixture
def letters():
    return Letters()


@pytest.fixture
def converse(letters):
    """Holds a server, of a kind, against a transcript."""

    def check(transcript, kind=None, **attributes):
        from reactor.testing import check_dialogue
        from tests.mail.servers import QuietESMTP

        def make():
            server = (kind or QuietESMTP)()
            server.delivery = letters
            vars(server).update(attributes)
            return server

        check_dialogue(make, transcript)

    return check


@pytest.fixture
def server(letters):
    """A server on a transport for tests."""
    from reactor.testing import StringTransport
    from tests.mail.servers import QuietESMTP

    made = QuietESMTP()
    made.delivery = letters
    made.makeConnection(StringTransport())
    return made


@pytest.fixture
def ours(letters):
    """Makes servers that bring letters there."""
    from reactor.mail.smtp import ESMTP
    from reactor.testing import Clock

    def make(kind=ESMTP, **attributes):
        server = kind()
        server.delivery, server.noisy = letters, False
        server.callLater = Clock().callLater
        vars(server).update(attributes)
        return server

    return make
