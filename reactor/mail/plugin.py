"""Keep mail for a domain: take it by SMTP, hand it out by POP3 and IMAP, send it on for who is logged in.

python -m reactor.cred users ann                           # asks for a password
reactord mail --users users --domain example.org           # on this machine only, until --smtp says otherwise

--smtp          letters from other servers, for our users; and from our users, to anybody
--submission    the same for our users' programs alone: nothing without a login (RFC 6409)
--pop3, --imap  for reading
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reactor.application import strports
from reactor.application.options import at_least_one, option, place
from reactor.application.service import Service
from reactor.cred.checkers import AllowAnonymousAccess, StoredPasswordFile
from reactor.cred.portal import Portal
from reactor.default import the_reactor
from reactor.mail.alias import loadAliasFile
from reactor.mail.folders import MaildirAccount
from reactor.mail.imap4 import Accounts, IMAP4Factory
from reactor.mail.mail import Domain, MailService
from reactor.mail.maildir import Maildir, Maildirs
from reactor.mail.maildrop import Mailboxes
from reactor.mail.pop3 import POP3Factory
from reactor.mail.queue import Queue
from reactor.mail.relaymanager import SmartHostSMTPRelayingManager
from reactor.mail.smtp import ESMTP, SMTPFactory
from reactor.ssl import PrivateCertificate, ServerNames, developmentCertificate, optionsForClientTLS


def host_and_port(text: str, port: int = 25) -> tuple[str, int]:
    """Read a server, such as mail.example.org:587. port: what it is without one."""
    host, _, number = text.partition(":")
    if not host or not (number or "1").isdecimal() or not 0 < int(number or port) < 65536:
        raise ValueError("a server such as mail.example.org, or mail.example.org:587")
    return host, int(number or port)


def place_or_none(text: str) -> str:
    """Read where to listen; "none" is nowhere."""
    return "" if text in ("", "none") else place(text)


CERTIFICATE = "a PEM file with key and certificates, or a folder of NAME.pem; left out, one for development is made"


def server_context(certificate: Path | None, names: Sequence[str], folder: Path) -> Any:
    """What a server shows: a certificate, that of each name in a folder, or one for development, kept in `folder`."""
    if certificate is None:
        folder.mkdir(0o700, parents=True, exist_ok=True)
        return developmentCertificate((*names, "localhost", "127.0.0.1"), folder).options()
    if certificate.is_dir():
        return ServerNames.fromFolder(certificate)
    return PrivateCertificate.fromFiles(certificate).options()


@dataclass
class Options:
    """The options of `reactord mail`."""

    users: Path = option(help="who has a mailbox: lines that `python -m reactor.cred FILE NAME` writes")
    domain: list[str] = option(["localhost"], "a domain whose mail ends here; the first is our own name")
    maildirs: Path = option(Path("mail"), "the folder with a Maildir for each user")
    smtp: str = option("tcp:25:interface=127.0.0.1", "where to listen for SMTP; none: nowhere", place_or_none)
    submission: str = option("tcp:587:interface=127.0.0.1", "the same for users' programs", place_or_none)
    pop3: str = option("tcp:110:interface=127.0.0.1", "the same for POP3", place_or_none)
    imap: str = option("tcp:143:interface=127.0.0.1", "the same for IMAP", place_or_none)
    certificate: Path | None = option(None, CERTIFICATE)
    queue: Path | None = option(None, "the folder for letters to elsewhere; left out, there are none")
    smart_host: Any = option(None, "the server that takes all of those; left out, each domain's own", host_and_port)
    aliases: Path | None = option(None, "who stands for whom: lines NAME: NAME, ADDRESS")
    connections: int = option(1000, "how many clients a port takes at the same time", at_least_one)
    connections_per_peer: int = option(50, "how many of them from one address", at_least_one)

    def __post_init__(self) -> None:
        for name in ("users", "maildirs", "certificate", "queue", "aliases"):  # a daemon changes its working directory
            path = getattr(self, name)
            setattr(self, name, path and path.absolute())
        if self.smart_host is not None and self.queue is None:
            raise ValueError("--smart-host takes what is in the queue: give --queue too")
        for path in (self.users, self.aliases):
            if path is not None and not path.is_file():
                raise ValueError(f"{path} is no file")
        if self.certificate is not None and not self.certificate.exists():
            raise ValueError(f"{self.certificate} is no file, and no folder")


class People:
    """Everybody in a file of users, by their names, and their Maildirs. Capitals matter where they tell two apart."""

    def __init__(self, file: StoredPasswordFile, stores: Maildirs) -> None:
        self._file, self._stores = file, stores

    def _name(self, name: bytes) -> bytes | None:
        users = self._file.users()
        return name if name in users else next((one for one in users if one.lower() == name.lower()), None)

    def __contains__(self, name: bytes) -> bool:
        return self._name(name) is not None

    def __getitem__(self, name: bytes) -> Maildir:
        found = self._name(name)
        if found is None:
            raise KeyError(name)
        return self._stores[found]

    def account(self, name: bytes) -> MaildirAccount:
        """Somebody's mailboxes, for IMAP. Raises KeyError for who has none."""
        return MaildirAccount(self[name].path, the_reactor())


class Relaying(Service):
    """Sends what is in the queue while it runs."""

    def __init__(self, mail: MailService, queue: Queue, options: Options) -> None:
        self._mail, self._queue, self._options = mail, queue, options
        self.manager: Any = None

    def startService(self) -> None:
        super().startService()
        self.manager = SmartHostSMTPRelayingManager(self._queue, identity=self._options.domain[0].encode("idna"))
        self.manager.send = self._mail.send
        if self._options.smart_host is not None:
            self.manager.smartHost = self._options.smart_host
            self.manager.contextFactory = optionsForClientTLS(self.manager.smartHost[0])
        self.manager.start()

    def stopService(self) -> None:
        self.manager.stop()
        super().stopService()


def makeService(options: Options) -> Service:
    """The services that listen, and the one that sends."""
    reactor = the_reactor()
    checker = StoredPasswordFile(options.users)
    checker.users()  # a line that can't be read is told now
    people = People(checker, Maildirs(options.maildirs, reactor))
    aliases = loadAliasFile(options.aliases) if options.aliases is not None else {}
    mail = MailService()
    for name in options.domain:
        mail.addDomain(name.encode("idna"), Domain(people, aliases))
    context = server_context(options.certificate, options.domain, options.maildirs)
    portal = Portal(mail, [AllowAnonymousAccess(), checker])
    if options.queue is not None:
        mail.setQueue(Queue(options.queue, reactor))
        Relaying(mail, mail.queue, options).setServiceParent(mail)  # type: ignore[arg-type]  # it was set in the line above
    doors: list[tuple[str, Any]] = [
        (options.smtp, _smtp_factory(portal, options, context, False)),
        (options.submission, _smtp_factory(portal, options, context, True)),
        (options.pop3, POP3Factory(Portal(Mailboxes(people), [checker]), context)),
        (options.imap, IMAP4Factory(Portal(Accounts(people.account), [checker]), context)),
    ]
    for where, factory in doors:
        factory.maxConnections, factory.maxConnectionsPerPeer = options.connections, options.connections_per_peer
        if where:
            strports.service(where, factory).setServiceParent(mail)
    return mail


def _smtp_factory(portal: Portal, options: Options, context: Any, isSubmission: bool) -> SMTPFactory:
    class Server(ESMTP):
        announced = (*ESMTP.announced, b"DSN") if options.queue is not None else ESMTP.announced
        requireAuthentication = isSubmission

    factory = SMTPFactory(portal)
    factory.protocol, factory.domain, factory.contextFactory = Server, options.domain[0].encode("idna"), context
    return factory
