"""An address book that programs for mail can ask."""

from reactor import reactor
from reactor.ldap import LDAPEntry, LDAPServerFactory, MemoryTree

# [serve]
book = MemoryTree([LDAPEntry("o=Doom", {"objectClass": [b"organization"]})])
for name in ("Ann", "Astrid", "Bob"):
    mail = f"{name.lower()}@doom.example".encode()
    person = {"objectClass": [b"inetOrgPerson"], "mail": [mail]}
    book.add(LDAPEntry(f"cn={name},o=Doom", {**person, "sn": [b"Doe"]}))
reactor.listenTCP(7818, LDAPServerFactory(book))
# [/serve]
print("listening on port 7818")
reactor.run()
