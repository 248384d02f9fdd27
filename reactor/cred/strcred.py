"""Checkers written down, for command lines and configuration files: `file:passwd`, `memory:alice:secret`, `anonymous`.

    @dataclass
    class Options:
        auth: ICredentialsChecker = option(help="who may log in, as KIND:ARGUMENT", parse=makeChecker)

The kinds are below; packages of others add theirs as entry points of the group `reactor.checkers`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol

from reactor.cred.checkers import (
    AllowAnonymousAccess,
    FilePasswordDB,
    ICredentialsChecker,
    InMemoryUsernamePasswordDatabaseDontUse,
    StoredPasswordFile,
)
from reactor.cred.credentials import IAnonymous, IStoredPassword, IUsernameHashedPassword, IUsernamePassword

GROUP = "reactor.checkers"


class StrcredException(ValueError):
    """A description of a checker can't be used. (A ValueError, so that an option can report it.)"""


class InvalidAuthType(StrcredException):
    """There is no such kind of checker."""


class InvalidAuthArgumentString(StrcredException):
    """The kind is there, and can't do anything with the rest of the description."""


class UnsupportedInterfaces(StrcredException):
    """The checker can check nothing that the program can ask it."""


class ICheckerFactory(Protocol):
    """Makes checkers of one kind.

    authType: the kind's name. authHelp: what it does, some lines. argStringFormat: what follows the colon, in a line.
    credentialInterfaces: what such checkers may be able to check.
    """

    authType: str
    authHelp: str
    argStringFormat: str
    credentialInterfaces: Sequence[type]

    def generateChecker(self, argstring: str) -> ICredentialsChecker:
        """A checker. Raises InvalidAuthArgumentString for an argument that it can't use."""


class FileCheckers:
    """`file:PATH`."""

    authType = "file"
    authHelp = (
        "Each line of the file is NAME:PASSWORD, with the password as it is, or NAME:SCRAM-SHA-256$…, without it;\n"
        "`python -m reactor.cred FILE NAME` writes lines of the second kind. A file has lines of one kind."
    )
    argStringFormat = "the path of the file"
    credentialInterfaces = (IUsernamePassword, IUsernameHashedPassword, IStoredPassword)

    def generateChecker(self, argstring: str) -> ICredentialsChecker:
        """The checker for what is in the file. Raises InvalidAuthArgumentString for a file that can't be read."""
        path = Path(argstring).absolute()  # a daemon changes its working directory
        try:
            if not argstring.strip() or b":SCRAM-SHA-" not in path.read_bytes():
                path.open("rb").close()
                return FilePasswordDB(str(path))
            checker = StoredPasswordFile(path)
            checker.users()
        except (OSError, ValueError) as problem:
            raise InvalidAuthArgumentString(f"a file of names and passwords: {problem}") from problem
        return checker


class MemoryCheckers:
    """`memory:NAME:PASSWORD:NAME:PASSWORD…`."""

    authType = "memory"
    authHelp = "Names and passwords on the command line, where everybody on the machine can read them: for tests."
    argStringFormat = "NAME:PASSWORD, and more of them, with colons between"
    credentialInterfaces = (IUsernamePassword, IUsernameHashedPassword)

    def generateChecker(self, argstring: str) -> ICredentialsChecker:
        """A checker that knows them. Raises InvalidAuthArgumentString for a name without a password."""
        words = argstring.split(":")
        if len(words) % 2 or not all(words):
            raise InvalidAuthArgumentString(f"names and passwords in turn, and these are {len(words)} words")
        checker = InMemoryUsernamePasswordDatabaseDontUse()
        for name, password in zip(words[::2], words[1::2], strict=True):
            checker.addUser(name.encode(), password.encode())
        return checker


class AnonymousCheckers:
    """`anonymous`."""

    authType = "anonymous"
    authHelp = "Lets everybody in who says that they are nobody."
    argStringFormat = "No argstring required."
    credentialInterfaces = (IAnonymous,)

    def generateChecker(self, argstring: str = "") -> ICredentialsChecker:
        """Such a checker."""
        return AllowAnonymousAccess()


def findCheckerFactories() -> Iterator[Any]:
    """All kinds of checkers: ours, then those of installed packages."""
    yield from (FileCheckers(), MemoryCheckers(), AnonymousCheckers())
    for entry in entry_points(group=GROUP):
        yield entry.load()


def findCheckerFactory(authType: str) -> Any:
    """The kind of this name. Raises InvalidAuthType when there is none."""
    known = []
    for factory in findCheckerFactories():
        if factory.authType == authType:
            return factory
        known.append(factory.authType)
    raise InvalidAuthType(f"one of {', '.join(known)} before the first colon, not {authType!r}")


def makeChecker(description: str) -> ICredentialsChecker:
    """The checker that a text KIND:ARGUMENT describes.

    Raises InvalidAuthType, and InvalidAuthArgumentString; both are ValueErrors, and say what the text should be.
    """
    kind, _, argument = description.partition(":")
    return findCheckerFactory(kind).generateChecker(argument)  # type: ignore[no-any-return]  # others' may be anything
