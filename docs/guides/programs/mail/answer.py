"""A server that answers letters: who writes to info@kitchen.example finds the answer in their mailbox."""

from email import message_from_bytes

from reactor import reactor
from reactor.cred.checkers import AllowAnonymousAccess, InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.mail.imap4 import Accounts, IMAP4Factory, MemoryAccount, MemoryMailbox
from reactor.mail.mail import Domain, MailService
from reactor.mail.smtp import Address, SMTPFactory


class Marking(MemoryMailbox):
    """A mailbox that has a keyword for letters about soup."""

    def addMessage(self, message, flags=(), date=None):
        subject = message_from_bytes(message.read())["Subject"] or ""
        message.seek(0)
        return super().addMessage(message, [*flags, *(["Soup"] if "soup" in subject else [])], date)


class Account(MemoryAccount):
    def _emptyMailbox(self, name, id):
        return Marking(id)


class Answering:
    """An IMailbox that keeps nothing: it answers."""

    def __init__(self, mail):
        self.mail = mail

    def deliver(self, message):
        letter = message_from_bytes(message)
        if letter["Auto-Submitted"]:
            return None  # another program's: two that answer each other never end
        subject = " ".join((letter["Subject"] or "").split())
        answer = (
            f"From: info@kitchen.example\r\nSubject: Re: {subject}\r\nAuto-Submitted: auto-replied\r\n\r\nSoon.\r\n"
        )
        return self.mail.send(Address("info@kitchen.example"), Address(letter["From"]), answer.encode())


# [serve]
bob = Account()
mail = MailService()
mail.addDomain(b"kitchen.example", Domain({b"bob": bob.select("INBOX"), b"info": Answering(mail)}))
reactor.listenTCP(7831, SMTPFactory(Portal(mail, [AllowAnonymousAccess()])), interface="127.0.0.1")
checker = InMemoryUsernamePasswordDatabaseDontUse(bob=b"secret")
reactor.listenTCP(7832, IMAP4Factory(Portal(Accounts({b"bob": bob}.__getitem__), [checker])), interface="127.0.0.1")
# [/serve]
print("listening on ports 7831 and 7832")
reactor.run()
