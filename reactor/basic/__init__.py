"""Framing: where one message ends and the next begins. TCP keeps the order of bytes, and nothing else of what was sent.

Two ways are common. Messages end with a mark (`lines`), or begin with their length (`netstrings`, `prefixed`). Each
receiver keeps what is incomplete, hands on what is complete, and has a limit: a peer that never ends its message must
not fill the memory.
"""

from reactor.basic.files import FileSender
from reactor.basic.lines import LineOnlyReceiver, LineReceiver
from reactor.basic.netstrings import NetstringParseError, NetstringReceiver
from reactor.basic.prefixed import (
    Int8StringReceiver,
    Int16StringReceiver,
    Int32StringReceiver,
    IntNStringReceiver,
    StatefulStringProtocol,
    StringTooLongError,
)

__all__ = [
    "FileSender",
    "Int8StringReceiver",
    "Int16StringReceiver",
    "Int32StringReceiver",
    "IntNStringReceiver",
    "LineOnlyReceiver",
    "LineReceiver",
    "NetstringParseError",
    "NetstringReceiver",
    "StatefulStringProtocol",
    "StringTooLongError",
]
