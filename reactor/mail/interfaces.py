"""What the parts of mail promise each other. The names are those of `twisted.mail.interfaces`; IMailbox is ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from reactor.defer import Deferred

if TYPE_CHECKING:
    from reactor.mail.smtp import Address, User


class IMailbox(Protocol):
    """Where letters for somebody are kept, as far as who brings them can see. All stores have it."""

    def deliver(self, message: bytes) -> Deferred[Any] | None:
        """Keep a letter: its bytes with CRLF at each end of line.

        Returns when it is safe: written, synced, and under its name, so that neither a crash nor `kill -9` loses it; or
        a Deferred that fires then. Raises OSError, or fails with it, when that can't be now, as on a full disk: nothing
        is kept then, and the sender tries again later.
        """


class IMailboxPOP3(Protocol):
    """Somebody's letters, as one session of POP3 sees them: numbered from 0, and the numbers hold.

    Each method but getUidl may return a Deferred. Each that has an index raises ValueError for one that isn't there.
    """

    def listMessages(self, index: int | None = None) -> Any:
        """A message's size in bytes, as it is sent; 0 when it is deleted. Without an index, a list of them all."""

    def getMessage(self, index: int) -> Any:
        """A file to read the message from, which can seek, and to close. Raises FileNotFoundError if it is gone."""

    def getUidl(self, index: int) -> bytes:
        """The name of a message, the same for ever: 1 to 70 printable characters without a space."""

    def deleteMessage(self, index: int) -> Any:
        """Mark a message as deleted. The others keep their numbers."""

    def undeleteMessages(self) -> Any:
        """Delete none of them after all."""

    def sync(self) -> Any:
        """Remove those that are deleted. Called once, when a session ends well. Raises OSError if it can't be."""


class IMessageSMTP(Protocol):
    """One letter that comes in, for one recipient."""

    def lineReceived(self, line: bytes) -> object:
        """A line of it, without its end. Raises SMTPServerError to refuse the letter."""

    def eomReceived(self) -> Deferred[Any]:
        """That was all. Returns a Deferred that fires when the letter is safe.

        It fails with SMTPServerError for a reply of one's own, with OSError for "not now"; anything else is a fault.
        """

    def connectionLost(self) -> object:
        """The rest of it will not come: forget it."""


class IMessageDelivery(Protocol):
    """Decides on one letter, and takes it."""

    def receivedHeader(self, helo: tuple[bytes, bytes], origin: Address, recipients: Sequence[User]) -> bytes:
        """The header to put in front, `Received: …` without the end of its last line; b"" for none.

        helo: what the client calls itself, and its address.
        """

    def validateFrom(self, helo: tuple[bytes, bytes], origin: Address) -> Address | Deferred[Address]:
        """May a letter come from there? Returns the address, or raises SMTPBadSender; or a Deferred of either."""

    def validateTo(self, user: User) -> Callable[[], IMessageSMTP] | Deferred[Callable[[], IMessageSMTP]]:
        """May it go there? Returns what makes the IMessageSMTP, or raises SMTPBadRcpt; or a Deferred of either."""


class IMessageDeliveryFactory(Protocol):
    """Makes an IMessageDelivery for each letter: the avatar of a login, say."""

    def getMessageDelivery(self) -> IMessageDelivery:
        """One for the letter that begins."""


class IDomain(Protocol):
    """One domain whose mail ends here."""

    def exists(self, user: User) -> Callable[[], IMessageSMTP] | Deferred[Callable[[], IMessageSMTP]]:
        """As IMessageDelivery.validateTo."""
