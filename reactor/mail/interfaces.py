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


class IMessageIMAPPart(Protocol):
    """A part of a message; a message is one itself."""

    def getHeaders(self, negate: bool, *names: str) -> Any:
        """A dictionary of the headers with these names; with `negate`, of all others."""

    def getBodyFile(self) -> Any:
        """A file with the body."""

    def getSize(self) -> int:
        """Of the whole, in bytes."""

    def isMultipart(self) -> bool:
        """Whether it has parts."""

    def getSubPart(self, part: int) -> IMessageIMAPPart:
        """A part, counted from 0. Raises IndexError if there is none, TypeError if it can't have any."""


class IMessageIMAP(IMessageIMAPPart, Protocol):
    """A message in a mailbox."""

    def getUID(self) -> int:
        """Its number for ever."""

    def getFlags(self) -> Any:
        r"""Its flags: strings, such as r"\\Seen"."""

    def getInternalDate(self) -> Any:
        """When it came: a date as in a header, text or bytes."""


class IMessageIMAPFile(Protocol):
    """A message that can be had as a file; then nothing of IMessageIMAPPart is asked but getSize."""

    def open(self) -> Any:
        """A file with the whole message."""


class IMailboxIMAPInfo(Protocol):
    """What LIST asks."""

    def getFlags(self) -> list[str]:
        r"""The flags that messages here can have, and what the mailbox is: r"\\Noselect" and its like."""

    def getHierarchicalDelimiter(self) -> str:
        """What separates the levels of its name."""


class IMailboxIMAP(IMailboxIMAPInfo, Protocol):
    """Messages, by sequence number from 1, and by UID. Each method but the first two may return a Deferred."""

    def getUIDValidity(self) -> int:
        """A number that changes when the UIDs lose their meaning, and never otherwise."""

    def getUIDNext(self) -> int:
        """The UID that the next message will have at least."""

    def getUID(self, message: int) -> int:
        """The UID of a message, by its number."""

    def getMessageCount(self) -> int:
        """How many there are."""

    def getRecentCount(self) -> int:
        """How many nobody has been told of."""

    def getUnseenCount(self) -> int:
        r"""How many haven't the flag \\Seen."""

    def isWriteable(self) -> Any:
        """Whether flags can be stored here."""

    def destroy(self) -> Any:
        """It is going to be deleted."""

    def requestStatus(self, names: Any) -> Any:
        """A dictionary of MESSAGES, RECENT, UIDNEXT, UIDVALIDITY and UNSEEN, those that are named."""

    def addListener(self, listener: IMailboxIMAPListener) -> Any:
        """Tell it of changes."""

    def removeListener(self, listener: IMailboxIMAPListener) -> Any:
        """Tell it no more. Raises ValueError if it isn't told."""

    def addMessage(self, message: Any, flags: Any, date: Any = None) -> Any:
        """Add a message. message: a file. date: as APPEND has it, bytes; None: now. Returns its UID when it is safe.

        Raises OSError for "not now", ReadOnlyMailbox for "never".
        """

    def expunge(self) -> Any:
        r"""Remove what has \\Deleted. Returns a list of their sequence numbers. Raises ReadOnlyMailbox."""

    def fetch(self, messages: Any, uid: Any) -> Any:
        """Messages of a MessageSet, of UIDs or sequence numbers: pairs of sequence number and IMessageIMAP."""

    def store(self, messages: Any, flags: Any, mode: int, uid: Any) -> Any:
        """Change flags. mode: -1 takes them away, 1 adds them, 0 sets them. Returns number → its flags now."""


class ITrackedMailboxIMAP(IMailboxIMAP, Protocol):
    """A mailbox that knows what changed: for UIDPLUS, MOVE and CONDSTORE. The name is ours; all our mailboxes are it.

    `store` has one argument more, unchangedSince: leave those alone that have changed after this modseq. `expunge` has
    one, uids: only these. Messages have `getModseq`.
    """

    def uids(self) -> list[int]:
        """The UIDs there are, sorted, after a look at what other programs have done."""

    def highestModseq(self) -> int:
        """The modseq of the latest change; 1 in the beginning."""

    def changedSince(self, modseq: int) -> list[int]:
        """The UIDs, sorted, of messages that have changed after this modseq."""

    def takeRecent(self, keep: bool = False) -> set[int]:
        """UIDs of which nobody has been told; now somebody has, unless `keep`."""

    def copyTo(self, uids: list[int], mailbox: Any, move: bool = False) -> Any:
        """Copy or move messages to another mailbox of the account, all of them or none. Returns old UID → new UID."""


class IMessageIMAPCopier(Protocol):
    """A mailbox that copies faster than by `addMessage`."""

    def copy(self, messageObject: Any) -> Any:
        """Add a message that another mailbox of the account has fetched. Returns its UID, or a Deferred of it."""


class ICloseableMailboxIMAP(Protocol):
    """A mailbox that wants to know when a session leaves it."""

    def close(self) -> Any:
        """It does. May return a Deferred."""


class IMailboxIMAPListener(Protocol):
    """Who is told of changes in a mailbox."""

    def modeChanged(self, writeable: bool) -> object:
        """It can be written to from now on, or not."""

    def flagsChanged(self, newFlags: Any) -> object:
        """newFlags: a dictionary from sequence numbers to flags."""

    def newMessages(self, exists: int | None, recent: int | None) -> object:
        """There are so many now; None: as before."""


class IAccountIMAP(Protocol):
    """Somebody's mailboxes, by name. Each method may return a Deferred, and raises MailboxException for "no"."""

    def addMailbox(self, name: str, mbox: Any = None) -> Any:
        """Add a mailbox; an empty one unless given."""

    def create(self, pathspec: str) -> Any:
        """Make a mailbox, and those above it. Returns whether it was made."""

    def select(self, name: str, rw: bool = True) -> Any:
        """The mailbox with this name; None: there is none. rw: whether to write to it."""

    def delete(self, name: str) -> Any:
        """Delete a mailbox, not those below it."""

    def rename(self, oldname: str, newname: str) -> Any:
        """Rename a mailbox, and with it those below."""

    def isSubscribed(self, name: str) -> Any:
        """Whether somebody wants to see it in the short list."""

    def subscribe(self, name: str) -> Any:
        """Put it into the short list."""

    def unsubscribe(self, name: str) -> Any:
        """Take it out."""

    def listMailboxes(self, ref: str, wildcard: str) -> Any:
        """Pairs of name and IMailboxIMAPInfo. ref: what names begin with. wildcard: `*`, and `%` within one level."""


class INamespacePresenter(Protocol):
    """An account with namespaces: each a list of pairs, what names begin with and what separates levels, or None."""

    def getPersonalNamespaces(self) -> Any:
        """One's own."""

    def getSharedNamespaces(self) -> Any:
        """Everybody's."""

    def getUserNamespaces(self) -> Any:
        """Other people's."""
