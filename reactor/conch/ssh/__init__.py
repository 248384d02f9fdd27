"""SSH (RFC 4251 to 4254), over asyncssh: the cryptography is theirs, who may do what is decided here.

`loop` lets asyncssh run on any reactor, and on transports of ours. `channel` is one channel of a connection, as a
transport. The server and the client stand on these two.
"""

from reactor.extras import installed_by

with installed_by("tutorial-of-doom[ssh]"):
    import asyncssh  # noqa: F401  # asked for here, once, for all modules of the package
