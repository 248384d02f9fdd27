"""Directories: LDAP (RFC 4511), both sides. The names of ldaptor, where it has them.

ber        bytes ↔ elements            messages  the messages, as a table      results   codes, and the one error
dn, filters, ldif, url                 names, filters, entries, searches as text
schema     when two values are equal   entry     one entry, and what a filter says of it
tree       entries in memory, in LDIF, in SQLite          index     which of them have a value
session, server, factory               the server; it asks a tree and a portal
client, gathered   the other side      checkers, bind_checker    passwords in a tree, and logins by binding to a server
"""

from reactor.ldap.bind_checker import LDAPBindChecker
from reactor.ldap.checkers import Account, TreeChecker
from reactor.ldap.client import LDAPClient, connectToLDAPEndpoint
from reactor.ldap.dn import DistinguishedName
from reactor.ldap.entry import LDAPEntry
from reactor.ldap.factory import Directory, LDAPServerFactory
from reactor.ldap.filters import escape_value, parseFilter
from reactor.ldap.gathered import SearchResult
from reactor.ldap.messages import Change, Scope
from reactor.ldap.results import LDAPError, ResultCode
from reactor.ldap.server import LDAPServer
from reactor.ldap.tree import LDIFTree, MemoryTree, SQLiteTree
from reactor.ldap.url import LDAPURL

__all__ = [
    "LDAPURL",
    "Account",
    "Change",
    "Directory",
    "DistinguishedName",
    "LDAPBindChecker",
    "LDAPClient",
    "LDAPEntry",
    "LDAPError",
    "LDAPServer",
    "LDAPServerFactory",
    "LDIFTree",
    "MemoryTree",
    "ResultCode",
    "SQLiteTree",
    "Scope",
    "SearchResult",
    "TreeChecker",
    "connectToLDAPEndpoint",
    "escape_value",
    "parseFilter",
]
