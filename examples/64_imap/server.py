"""A mailbox that SMTP fills and IMAP shows."""

from reactor import reactor
from reactor.cred.checkers import AllowAnonymousAccess, InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.mail.imap4 import Accounts, IMAP4Factory, MemoryAccount
from reactor.mail.mail import Domain, MailService
from reactor.mail.smtp import SMTPFactory

# [serve]
ann = MemoryAccount()
mail = MailService()
mail.addDomain(b"kitchen.example", Domain({b"ann": ann.select("INBOX")}))
reactor.listenTCP(7816, SMTPFactory(Portal(mail, [AllowAnonymousAccess()])))

checker = InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")
portal = Portal(Accounts({b"ann": ann}.__getitem__), [checker])
reactor.listenTCP(7817, IMAP4Factory(portal))
# [/serve]
print("listening on ports 7816 and 7817")
reactor.run()
