"""The house: whose mail ends here, where it goes, and who may send mail elsewhere.

    a letter for …            goes to …
    a user of our domains     their store
    an alias                  whomever it stands for
    anybody else              the queue, if who sends it is logged in; else it is refused: no open relay

Domains compare without case; so do users. What is left of the @ is looked up as it is, so that `user%host@us`, or
`"user@host"@us`, is a user that we don't have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reactor.application.service import MultiService
from reactor.cred.checkers import ANONYMOUS
from reactor.defer import Deferred, DeferredList, maybeDeferred
from reactor.mail.interfaces import IMailbox, IMessageDelivery, IMessageDeliveryFactory, IMessageSMTP
from reactor.mail.queue import Queue
from reactor.mail.smtp.addresses import Address, User, dequote, messageid, received_header, rfc822date
from reactor.mail.smtp.errors import SMTPBadRcpt, SMTPServerError

MOST_RECEIVED = 50  # a letter that has come through so many servers goes in circles (RFC 5321 section 6.3 wants 100)


class Letter:
    """A letter that comes in: it is put together, and at its end given to all who keep it.

    keep: called with its bytes; may return a Deferred. isNew: whether it comes from who wrote it, and not from another
    server: then it gets the Date and Message-ID that it lacks (RFC 6409 section 8).
    """

    def __init__(self, keep: Callable[[bytes], Any], isNew: bool = False) -> None:
        self._keep, self._is_new = keep, isNew
        self._lines: list[bytes] = []

    def lineReceived(self, line: bytes) -> None:
        self._lines.append(line)

    def eomReceived(self) -> Deferred[Any]:
        lines, self._lines = self._lines, []
        names = [line.partition(b":")[0].lower() for line in lines[: lines.index(b"") if b"" in lines else None]]
        if names.count(b"received") > MOST_RECEIVED:
            raise SMTPServerError(
                554, f"5.4.6 This letter has come through {MOST_RECEIVED} servers: it goes in circles"
            )
        if self._is_new:
            added = ((b"date", b"Date: " + rfc822date()), (b"message-id", b"Message-ID: " + messageid()))
            lines[:0] = [header for name, header in added if name not in names]
        return maybeDeferred(self._keep, b"\r\n".join([*lines, b""]))

    def connectionLost(self) -> None:
        self._lines = []


class Domain:
    """A domain whose mail ends here; an IDomain.

    stores: user, bytes in small letters → IMailbox: a dictionary, or what else knows `in` and `[]`. aliases: as
    loadAliasFile gives. service: who takes letters for aliases of people elsewhere.
    """

    def __init__(self, stores: Any, aliases: Mapping[bytes, list[bytes]] | None = None) -> None:
        self._stores = stores
        self._aliases = aliases or {}
        self.service: Any = None

    def _targets(self, local: bytes) -> list[bytes]:
        name = dequote(local).lower()
        if name in self._aliases:
            return self._aliases[name]
        return [name] if name in self._stores else []

    def mailboxes(self, address: Address, origin: Address) -> list[IMailbox]:
        """Who keeps a letter for somebody; nobody if there is no such user."""
        found: list[IMailbox] = []
        for target in self._targets(address.local):
            if b"@" in target:
                found += self.service.mailboxes(Address(target), origin)
            elif target in self._stores:
                found.append(self._stores[target])
        return found

    def exists(self, user: User, isNew: bool = False) -> Callable[[], IMessageSMTP]:
        """As IDomain."""
        mailboxes = self.mailboxes(user.dest, user.orig)
        if not mailboxes:
            raise SMTPBadRcpt(user, 550, "5.1.1 No such user here")
        return lambda: Letter(lambda text: _deliver(mailboxes, text), isNew)


def _deliver(mailboxes: Sequence[IMailbox], text: bytes) -> Deferred[Any]:
    waiting = [maybeDeferred(mailbox.deliver, text) for mailbox in mailboxes]
    together = DeferredList(waiting, fireOnOneErrback=True, consumeErrors=True)
    return together.addErrback(lambda first: first.value.subFailure)


class Outgoing:
    """Letters to elsewhere: an IMailbox that puts them into the queue, once for all its recipients."""

    def __init__(self, queue: Queue, origin: Address, *recipients: Address) -> None:
        self._queue, self._origin = queue, origin
        self.recipients = list(recipients)

    def deliver(self, message: bytes) -> Deferred[Any]:
        """As IMailbox."""
        return self._queue.add(self._origin, self.recipients, message)


class Delivery:
    """Decides on one letter; an IMessageDelivery. user: who is logged in; None: nobody."""

    def __init__(self, service: MailService, user: bytes | None) -> None:
        self._service, self._user = service, user
        self._outgoing: Outgoing | None = None
        self._protocol: Any = None

    def validateFrom(self, helo: Any, origin: Address) -> Address:
        """Anybody may say that they are anybody: that is SMTP."""
        return origin

    def validateTo(self, user: User) -> Callable[[], IMessageSMTP]:
        """Ours, or elsewhere for who is logged in."""
        self._protocol = user.protocol
        is_new = self._user is not None
        domain = self._service.domains.get(user.dest.domain.lower())
        if domain is not None:
            return domain.exists(user, is_new)  # type: ignore[no-any-return]  # an IDomain's
        if not is_new or self._service.queue is None:
            raise SMTPBadRcpt(user, 550, "5.7.1 Relaying denied")
        if self._outgoing is not None:  # one file in the queue for all of them
            self._outgoing.recipients.append(user.dest)
            return lambda: Letter(lambda text: None)
        self._outgoing = outgoing = Outgoing(self._service.queue, user.orig, user.dest)
        return lambda: Letter(outgoing.deliver, is_new)

    def receivedHeader(self, helo: Any, origin: Address, recipients: Sequence[User]) -> bytes:
        """How the letter came."""
        is_shared = self._outgoing is not None and len(self._outgoing.recipients) > 1
        return received_header(self._protocol, [] if is_shared else recipients)  # nobody learns of the others


class MailService(MultiService):
    """What the protocols of mail share; an IRealm of those who send, and its own IMessageDeliveryFactory for nobody.

    domains: name, bytes in small letters → IDomain. queue: for letters to elsewhere; None: they are refused.
    """

    def __init__(self) -> None:
        super().__init__()
        self.domains: dict[bytes, Any] = {}
        self.queue: Queue | None = None

    def addDomain(self, name: bytes, domain: Any) -> None:
        """Take mail for a domain."""
        self.domains[name.lower()] = domain
        domain.service = self

    def setQueue(self, queue: Queue) -> None:
        """Take letters to elsewhere, from who is logged in."""
        self.queue = queue

    def mailboxes(self, address: Address, origin: Address) -> list[IMailbox]:
        """Who keeps a letter for an address: of ours, or elsewhere."""
        domain = self.domains.get(address.domain.lower())
        if domain is not None:
            return domain.mailboxes(address, origin)  # type: ignore[no-any-return]  # a Domain's
        return [Outgoing(self.queue, origin, address)] if self.queue is not None else []

    def send(self, origin: Address, recipient: Address, text: bytes) -> Deferred[Any]:
        """Send a letter of ours, a report say."""
        return _deliver(self.mailboxes(recipient, origin), text)

    def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: type) -> Any:
        """As IRealm, for IMessageDeliveryFactory."""
        if IMessageDeliveryFactory not in interfaces:
            raise NotImplementedError("who sends mail gets an IMessageDeliveryFactory")
        user = None if avatarId is ANONYMOUS else avatarId
        return IMessageDeliveryFactory, Deliveries(self, user), lambda: None


class Deliveries:
    """Makes a Delivery for each letter that somebody sends."""

    def __init__(self, service: MailService, user: bytes | None) -> None:
        self._service, self._user = service, user

    def getMessageDelivery(self) -> IMessageDelivery:
        """As IMessageDeliveryFactory."""
        return Delivery(self._service, self._user)
