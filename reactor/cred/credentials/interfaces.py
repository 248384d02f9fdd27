"""The kinds of credentials. They are abstract base classes, since what counts is what credentials say that they are:
a hashed password has the same methods as a plain one, and not every checker can check it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reactor.cred.stored_password import StoredPassword
    from reactor.defer import Deferred


class ICredentials(ABC):  # noqa: B024  # the kinds have methods, and what they share is what they are
    """Something that shows who somebody is. Each kind is a class below; declare one by inheriting or `implementer`."""


class IAnonymous(ICredentials):
    """Somebody who says openly that they don't say who they are."""


class IUsernamePassword(ICredentials):
    """A name and a password, as they were given. username, password: bytes."""

    username: bytes
    password: bytes

    @abstractmethod
    def checkPassword(self, password: bytes) -> bool | Deferred[bool]:
        """Whether this, the right one, is the password that was given."""


class IUsernameHashedPassword(ICredentials):
    """A name, and a proof of the password. Only a checker that knows the password itself can check it.

    username: bytes.
    """

    username: bytes

    @abstractmethod
    def checkPassword(self, password: bytes) -> bool | Deferred[bool]:
        """Whether the proof was made with this password."""


class IUsernameDigestHash(ICredentials):
    """A name, and a proof by HTTP Digest, for a checker that knows a hash, as of a .htdigest file.

    username: bytes.
    """

    username: bytes

    @abstractmethod
    def checkHash(self, digestHash: bytes) -> bool | Deferred[bool]:
        """Whether the proof was made with the password of this hash: H(name:realm:password), in hexadecimal."""


class IStoredPassword(ICredentials):
    """A name, and a proof by SCRAM (RFC 5802), for a checker that has a StoredPassword. Twisted has none of these.

    username: bytes. mechanism: the SCRAM for which the password must have been stored, such as "SCRAM-SHA-256".
    """

    username: bytes
    mechanism: str

    @abstractmethod
    def checkStoredPassword(self, stored: StoredPassword) -> bool | Deferred[bool]:
        """Whether the proof is made with that password. A Deferred, since the peer is asked only now."""


class IExternal(ICredentials):
    """Somebody whose name something outside has proved already: a certificate, the kernel. Twisted has none of these.

    username: the name that was proved, bytes. requested: the name that they want to act as, or b"" for the same.
    """

    username: bytes
    requested: bytes


class ISSHPrivateKey(ICredentials):
    """A name, and a signature by a key of SSH.

    username, algName, blob: the name, the key's algorithm, the public key. sigData, signature: what was signed, and
    the signature, or None for the question whether such a key would do. All bytes.
    """

    username: bytes
    algName: bytes
    blob: bytes
    sigData: bytes
    signature: Any
