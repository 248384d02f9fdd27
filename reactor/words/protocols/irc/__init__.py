"""IRC, both sides. The names of `twisted.words.protocols.irc`.

wire          lines to messages, and back; numerics: replies and errors by name
server        a server's connection without policies (IRC); the one with them is `words.service.IRCUser`
client        a client's (IRCClient); observed: what it is told; capabilities: CAP and SASL; features: what a server can
ctcp          what programs say to each other in messages; ctcp_replies: what ours answers; dcc: directly
formatting    bold and colours
"""

from reactor.words.protocols.irc.client import IRCClient, IRCPasswordMismatch
from reactor.words.protocols.irc.ctcp import (
    M_QUOTE,
    X_DELIM,
    X_QUOTE,
    ctcpDequote,
    ctcpExtract,
    ctcpQuote,
    ctcpStringify,
    lowDequote,
    lowQuote,
    mDequoteTable,
    mEscape_re,
    mQuoteTable,
    xDequoteTable,
    xEscape_re,
    xQuoteTable,
)
from reactor.words.protocols.irc.dcc import (
    DccChat,
    DccChatFactory,
    DccFileReceive,
    DccFileReceiveBasic,
    dccParseAddress,
)
from reactor.words.protocols.irc.features import IRCBadModes, ServerSupportedFeatures, UnhandledCommand, parseModes
from reactor.words.protocols.irc.formatting import (
    assembleFormattedText,
    attributes,
    parseFormattedText,
    stripFormatting,
)
from reactor.words.protocols.irc.numerics import *  # noqa: F403  (140 names: RPL_WELCOME …)
from reactor.words.protocols.irc.numerics import numeric_to_symbolic, symbolic_to_numeric
from reactor.words.protocols.irc.server import IRC
from reactor.words.protocols.irc.wire import (
    CHANNEL_PREFIXES,
    CR,
    LF,
    MAX_COMMAND_LENGTH,
    NL,
    NUL,
    SPC,
    IRCBadMessage,
    parsemsg,
    split,
)

__all__ = [
    "CHANNEL_PREFIXES",
    "CR",
    "IRC",
    "LF",
    "MAX_COMMAND_LENGTH",
    "M_QUOTE",
    "NL",
    "NUL",
    "SPC",
    "X_DELIM",
    "X_QUOTE",
    "DccChat",
    "DccChatFactory",
    "DccFileReceive",
    "DccFileReceiveBasic",
    "IRCBadMessage",
    "IRCBadModes",
    "IRCClient",
    "IRCPasswordMismatch",
    "ServerSupportedFeatures",
    "UnhandledCommand",
    "assembleFormattedText",
    "attributes",
    "ctcpDequote",
    "ctcpExtract",
    "ctcpQuote",
    "ctcpStringify",
    "dccParseAddress",
    "lowDequote",
    "lowQuote",
    "mDequoteTable",
    "mEscape_re",
    "mQuoteTable",
    "numeric_to_symbolic",
    "parseFormattedText",
    "parseModes",
    "parsemsg",
    "split",
    "stripFormatting",
    "symbolic_to_numeric",
    "xDequoteTable",
    "xEscape_re",
    "xQuoteTable",
]
