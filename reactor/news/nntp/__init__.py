"""NNTP (RFC 3977), both sides. The names of `twisted.news.nntp`.

session    who is there, what they may do, what an error says
server     what each command does; it asks a store
client     the other side
"""

from reactor.news.nntp.client import NNTPClient
from reactor.news.nntp.server import NNTPServer
from reactor.news.wire import NNTPError

__all__ = ["NNTPClient", "NNTPError", "NNTPServer"]
