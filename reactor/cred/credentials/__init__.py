"""What somebody shows to prove who they are: the names of `twisted.cred.credentials`.

`interfaces` has the kinds, which checkers name in `credentialInterfaces`; `simple` the password and what is as plain,
`cram` and `digest` answers to a challenge, which prove that the other side knows a password without sending it.
"""

from reactor.cred.credentials.cram import CramMD5Credentials
from reactor.cred.credentials.digest import DigestCredentialFactory, DigestedCredentials
from reactor.cred.credentials.interfaces import (
    IAnonymous,
    ICredentials,
    IExternal,
    ISSHPrivateKey,
    IStoredPassword,
    IUsernameDigestHash,
    IUsernameHashedPassword,
    IUsernamePassword,
)
from reactor.cred.credentials.simple import (
    Anonymous,
    External,
    SSHPrivateKey,
    UsernameHashedPassword,
    UsernamePassword,
)

__all__ = [
    "Anonymous",
    "CramMD5Credentials",
    "DigestCredentialFactory",
    "DigestedCredentials",
    "External",
    "IAnonymous",
    "ICredentials",
    "IExternal",
    "ISSHPrivateKey",
    "IStoredPassword",
    "IUsernameDigestHash",
    "IUsernameHashedPassword",
    "IUsernamePassword",
    "SSHPrivateKey",
    "UsernameHashedPassword",
    "UsernamePassword",
]
