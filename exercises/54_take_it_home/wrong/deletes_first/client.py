"""A letter that was received may be deleted."""

from reactor import task
from reactor.defer import Deferred, fail
from reactor.endpoints import HostnameEndpoint, connectProtocol
from reactor.mail.pop3 import AdvancedPOP3Client
from reactor.protocols.basic import LineReceiver


class Archive(LineReceiver):
    """`keep` returns a Deferred of the archive's answer; it fails when the archive is gone."""

    gone = None

    def connectionMade(self):
        self.waiting = []

    def keep(self, lines):
        if self.gone is not None:
            return fail(self.gone)
        for line in [b"KEEP %d" % len(lines), *lines]:
            self.sendLine(line)
        self.waiting.append(Deferred())
        return self.waiting[-1]

    def lineReceived(self, line):
        self.waiting.pop(0).callback(line)

    def connectionLost(self, reason):
        self.gone = reason
        while self.waiting:
            self.waiting.pop(0).errback(reason)


async def take_home(reactor):
    archive = await connectProtocol(HostnameEndpoint(reactor, "theirs", 7782), Archive())
    mailbox = await connectProtocol(HostnameEndpoint(reactor, "theirs", 110), AdvancedPOP3Client())
    mailbox.allowInsecureLogin = True
    await mailbox.login(b"ann", b"secret")
    count, size = await mailbox.stat()
    for index in range(count):
        lines = await mailbox.retrieve(index)
        await mailbox.delete(index)
        try:
            answer = await archive.keep(lines)
        except Exception:
            answer = b"gone"
        if answer != b"kept":
            await mailbox.reset()
            break
    await mailbox.quit()


task.react(take_home)
