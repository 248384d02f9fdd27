"""A mailbox with two letters in it, for whoever knows the password."""

from reactor import reactor
from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.mail.maildrop import Mailboxes, MemoryStore
from reactor.mail.pop3 import POP3Factory

store = MemoryStore()
store.deliver(b"Subject: soup\r\n\r\nIt is ready.\r\n")
store.deliver(b"Subject: oysters\r\n\r\nThere are no more.\r\n.\r\nBob\r\n")

# [serve]
checker = InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")
portal = Portal(Mailboxes({b"ann": store}), [checker])
reactor.listenTCP(7815, POP3Factory(portal))
# [/serve]
print("listening on port 7815")
reactor.run()
