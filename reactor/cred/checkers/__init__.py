"""Who somebody is, by what they show: the names of `twisted.cred.checkers`.

A checker says in `credentialInterfaces` which kinds it can check, and answers with an avatar id: a name, as bytes.
Somebody whom it doesn't know takes as long to refuse as somebody with a wrong password, and is refused in the same
words: whoever tries names learns nothing.
"""

from reactor.cred.checkers.interfaces import ANONYMOUS, ICredentialsChecker
from reactor.cred.checkers.plain import (
    AllowAnonymousAccess,
    FilePasswordDB,
    InMemoryUsernamePasswordDatabaseDontUse,
    OnDiskUsernamePasswordDatabase,
)
from reactor.cred.checkers.stored import StoredPasswordFile

__all__ = [
    "ANONYMOUS",
    "AllowAnonymousAccess",
    "FilePasswordDB",
    "ICredentialsChecker",
    "InMemoryUsernamePasswordDatabaseDontUse",
    "OnDiskUsernamePasswordDatabase",
    "StoredPasswordFile",
]
