"""Ask the address book for people."""

import sys

from reactor import task
from reactor.ldap import connectToLDAPEndpoint


async def find(reactor):
    client = await connectToLDAPEndpoint(reactor, "ldap://127.0.0.1:7818")
    name = sys.argv[1]
    wanted = f"(&(cn={name}*)(mail=*))"
    result = await client.search("o=Doom", wanted, attributes=["mail"])
    for person in result.entries:
        print(person.dn, *map(bytes.decode, person["mail"]))
    print(len(result.entries), "found")
    client.unbind()


task.react(find)
