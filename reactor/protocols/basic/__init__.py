"""Framing: where one message ends and the next begins. TCP keeps the order of bytes, and forgets how they were written.

Two ways are common: messages end with a mark (`lines`), or begin with their length (`netstrings`, `prefixed`). What the
old line protocols share stands upon lines: text that ends with a dot (`dotted`), and three-digit `replies`. Each
receiver keeps what is incomplete, passes on what is complete, and has a limit: a peer that never ends its message must
not fill the memory.
"""

from reactor.protocols.basic.dotted import DottedReceiver, DottedText, DottedWriter
from reactor.protocols.basic.files import FileSender
from reactor.protocols.basic.lines import LineOnlyReceiver, LineReceiver
from reactor.protocols.basic.netstrings import NetstringParseError, NetstringReceiver
from reactor.protocols.basic.prefixed import (
    Int8StringReceiver,
    Int16StringReceiver,
    Int32StringReceiver,
    IntNStringReceiver,
    StatefulStringProtocol,
    StringTooLongError,
)
from reactor.protocols.basic.replies import CommandClient, Reply, ReplyError, ReplyReader

__all__ = [
    "CommandClient",
    "DottedReceiver",
    "DottedText",
    "DottedWriter",
    "FileSender",
    "Int8StringReceiver",
    "Int16StringReceiver",
    "Int32StringReceiver",
    "IntNStringReceiver",
    "LineOnlyReceiver",
    "LineReceiver",
    "NetstringParseError",
    "NetstringReceiver",
    "Reply",
    "ReplyError",
    "ReplyReader",
    "StatefulStringProtocol",
    "StringTooLongError",
]
