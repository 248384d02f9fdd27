"""Make the changes of an LDIF file in a directory: change.py URL FILE."""

import sys
from pathlib import Path

from reactor import task
from reactor.ldap import LDAPError, connectToLDAPEndpoint, ldif


async def change(reactor, url, file):
    client = await connectToLDAPEndpoint(reactor, url)
    await client.bind("cn=admin,o=Doom", b"secret")
    for request in ldif.read_changes(Path(file).read_text()):
        try:
            await client.send(request.op, request.body, request.controls)
        except LDAPError as problem:
            print(f"{file}, line {request.id}: {problem}")
            break
        print(f"{file}, line {request.id}: done")
    client.unbind()


task.react(change, sys.argv[1:])
