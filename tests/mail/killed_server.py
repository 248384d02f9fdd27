"""A server of mail and news in a process of its own, which kill -9 ends at a step: what `many_kills` kills.

A step is a call into the operating system, a file, a socket or SQLite, or its return, in any thread.
"""

import os
import signal
import sys
import threading
from pathlib import Path

from reactor import log
from reactor.cred.checkers import AllowAnonymousAccess
from reactor.cred.portal import Portal
from reactor.cred.stored_password import StoredPassword
from reactor.mail import plugin as mail
from reactor.mail.mail import Domain, MailService
from reactor.mail.maildir import Maildir
from reactor.mail.smtp import SMTPFactory
from reactor.news import plugin as news
from reactor.ssl import developmentCertificate
from tests.peers.daemons import free_ports

COUNTED = ("posix", "_io", "io", "_socket", "sqlite3")
DOORS = ("smtp", "submission", "pop3", "imap", "nntp", "elsewhere")
GROUPS = "doom.kitchen y\ndoom.cellar y\n"


class Place:
    """Where servers keep everything. ports: by the names of DOORS."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir()
        self.ports = dict(zip(DOORS, free_ports(len(DOORS)), strict=True))
        (self.folder / "users").write_text(f"ann:{StoredPassword.of(b'secret', rounds=4096)}\n")
        (self.folder / "groups").write_text(GROUPS)
        developmentCertificate(("us.example",), self.folder)

    def _at(self, name):
        return f"tcp:{self.ports[name]}:interface=127.0.0.1"

    def services(self):
        """A new server of mail, and one of news."""
        certificate = self.folder / "development.pem"
        yield mail.makeService(
            mail.Options(
                users=self.folder / "users",
                domain=["us.example"],
                maildirs=self.folder / "mail",
                queue=self.folder / "queue",
                smart_host=("127.0.0.1", self.ports["elsewhere"]),
                certificate=certificate,
                **{name: self._at(name) for name in ("smtp", "submission", "pop3", "imap")},
            )
        )
        yield news.makeService(
            news.Options(
                groups=self.folder / "groups",
                store=self.folder / "news",
                anonymous=news.anonymous("post"),
                listen=self._at("nntp"),
                certificate=certificate,
            )
        )

    def serve(self, step):
        """A server that is killed so many steps after it was doomed."""

        def serve():
            for service in self.services():
                service.privilegedStartService()
                service.startService()

        return Child(serve, die_at(step))

    def elsewhere(self):
        """A server of other domains, with a Maildir each for bob and joe. It is not killed before the end."""

        def serve():
            from reactor import reactor

            service = MailService()
            for name, domain in (("bob", b"b.example"), ("joe", b"j.example")):
                service.addDomain(domain, Domain({name.encode(): Maildir(self.folder / name, reactor)}))
            factory = SMTPFactory(Portal(service, [AllowAnonymousAccess()]))
            reactor.listenTCP(self.ports["elsewhere"], factory, interface="127.0.0.1")

        return Child(serve)


def die_at(step):
    """What makes a process kill itself so many steps after SIGUSR1, and say "k" on a pipe before."""

    def begin(pipe):
        left = [0]

        def watch(frame, event, argument):
            if not left[0] or event not in ("c_call", "c_return"):
                return
            kind = getattr(argument, "__module__", None) or type(getattr(argument, "__self__", None)).__module__
            if kind in COUNTED:
                left[0] -= 1
                if not left[0]:
                    os.write(pipe, b"k")
                    os.kill(os.getpid(), signal.SIGKILL)

        signal.signal(signal.SIGUSR1, lambda number, frame: left.__setitem__(0, step))
        threading.setprofile(watch)
        sys.setprofile(watch)

    return begin


class Child:
    """A process that runs a reactor. It listens when this returns. serve: opens its ports. then: called afterwards."""

    def __init__(self, serve, then=lambda pipe: None):
        reading, writing = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            os.close(reading)
            self._run(serve, then, writing)
        os.close(writing)
        self._pipe = reading
        assert os.read(reading, 1) == b"r", "the server has not started"

    def _run(self, serve, then, pipe):
        try:
            from reactor import reactor

            log.discardLogs()
            serve()
            reactor.callWhenRunning(lambda: (os.write(pipe, b"r"), then(pipe)))
            reactor.run()
        finally:
            os._exit(1)

    def doom(self):
        """It has begun to die."""
        os.kill(self.pid, signal.SIGUSR1)

    def end(self):
        """Kill it, if it isn't dead yet. Returns whether it was its own kill."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        with open(self._pipe, "rb") as pipe:
            return pipe.read() == b"k"
