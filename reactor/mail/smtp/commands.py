"""What a client says in SMTP, and when: commands, and what stands behind them. It touches no transport.

    command = verb [ SP rest ] CRLF
    rest    = "FROM:" path *( SP parameter )  /  "TO:" path *( SP parameter )  /  size [ SP "LAST" ]  /  text
    parameter = keyword [ "=" value ]                                                 (RFC 5321 section 4.1.2)

One error: SMTPServerError, the reply to what can't be read.
"""

from __future__ import annotations

import enum
import re

from reactor.mail.smtp.errors import SMTPServerError

_XTEXT = rb"(?:[!-*,-<>-~\x80-\xff]|\+[0-9A-F]{2}|=)+"
_NOTIFY = rb"(?:SUCCESS|FAILURE|DELAY)"

# Command → parameter → its value, None where it has none. What isn't here is answered by 555.
PARAMETERS: dict[bytes, dict[bytes, bytes | None]] = {
    b"MAIL": {
        b"SIZE": rb"[0-9]{1,20}",  # RFC 1870
        b"BODY": rb"7BIT|8BITMIME",  # RFC 6152
        b"SMTPUTF8": None,  # RFC 6531
        b"AUTH": rb"<>|" + _XTEXT,  # RFC 4954
        b"RET": rb"FULL|HDRS",  # RFC 3461, and the next three
        b"ENVID": _XTEXT,
    },
    b"RCPT": {b"NOTIFY": rb"NEVER|%b(?:,%b)*" % (_NOTIFY, _NOTIFY), b"ORCPT": rb"[A-Z0-9-]+;" + _XTEXT},
}
_PATH = re.compile(rb'(FROM|TO):[ \t]*(<(?:"(?:[^"\\]|\\.)*"|[^"<>])*>|[^ \t<>]+)(?:[ \t]+(.*))?', re.I)
_CHUNK = re.compile(rb"([0-9]{1,20})( +LAST)?", re.I)
_CALLED = re.compile(rb"[!-~\x80-\xff]{1,255}")
_COMMAND = re.compile(rb"[ \t]*([A-Za-z]+)(?:[ \t]+(.*?))?[ \t]*")
_PREPOSITIONS = {b"MAIL": b"FROM", b"RCPT": b"TO"}


class Mode(enum.Enum):
    """What a connection is at; the picture is in `server`."""

    START = enum.auto()
    READY = enum.auto()
    SENDER = enum.auto()
    RECIPIENTS = enum.auto()
    CHUNKS = enum.auto()
    DATA = enum.auto()
    AUTH = enum.auto()
    OVER = enum.auto()


NEEDS: dict[bytes, tuple[set[Mode], str]] = {  # all others may come in any mode
    b"MAIL": ({Mode.READY}, "Say HELO first, then MAIL once for each letter"),
    b"RCPT": ({Mode.SENDER, Mode.RECIPIENTS}, "MAIL comes before RCPT"),
    b"DATA": ({Mode.RECIPIENTS}, "MAIL and RCPT come before the letter"),
    b"AUTH": ({Mode.READY}, "Log in after EHLO, and outside a letter"),
    b"STARTTLS": ({Mode.READY}, "Begin TLS after EHLO, and outside a letter"),
}
SAID: dict[bytes, tuple[int, bytes]] = {  # commands with one answer
    b"RSET": (250, b"2.0.0 I remember nothing."),
    b"NOOP": (250, b"2.0.0 OK"),
    b"VRFY": (252, b"2.5.2 Send a letter, and it will be seen"),  # who our users are is what spammers ask, too
    b"HELP": (214, b"2.0.0 See RFC 5321"),
}


def read_command(line: bytes) -> tuple[bytes, bytes]:
    """The verb, in capitals, and what is behind it.

    A CR, LF or NUL in the line is refused: to another reader it may have ended there.
    """
    found = _COMMAND.fullmatch(line)
    if found is None or b"\0" in line or b"\r" in line:
        raise SMTPServerError(500, "5.5.2 Error: bad syntax")
    return found[1].upper(), found[2] or b""


def read_path(command: bytes, rest: bytes, extended: bool) -> tuple[bytes, dict[bytes, bytes | None]]:
    """The path of MAIL or RCPT, and its parameters. extended: whether there may be any."""
    word = _PREPOSITIONS[command]
    found = _PATH.fullmatch(rest)
    if found is None or found[1].upper() != word:
        raise SMTPServerError(501, f"5.5.2 Syntax error: {command.decode()} {word.decode()}:<address>")
    return found[2], dict(_parameter(command, item, extended) for item in (found[3] or b"").split())


def _parameter(command: bytes, item: bytes, extended: bool) -> tuple[bytes, bytes | None]:
    name, equals, value = item.partition(b"=")
    name = name.upper()
    known = PARAMETERS[command] if extended else {}
    if name not in known:
        raise SMTPServerError(555, f"5.5.4 Unknown parameter of {command.decode()}")
    form = known[name]
    if bool(equals) != (form is not None) or (form is not None and not re.fullmatch(form, value, re.I)):
        raise SMTPServerError(501, f"5.5.4 Bad value of {name.decode()}")
    return name, value if form is not None else None


def read_chunk(rest: bytes) -> tuple[int, bool]:
    """How many bytes follow BDAT, and whether they are the last (RFC 3030)."""
    found = _CHUNK.fullmatch(rest)
    if found is None:
        raise SMTPServerError(501, "5.5.4 Syntax error: BDAT size [LAST]")
    return int(found[1]), found[2] is not None


def read_name(command: bytes, rest: bytes) -> bytes:
    """What the client calls itself; we write it into a header, so it is one word."""
    if not _CALLED.fullmatch(rest):
        raise SMTPServerError(501, f"5.5.4 Syntax error: {command.decode()} your-name")
    return rest


def read_nothing(command: bytes, rest: bytes) -> None:
    """Hold the client to a command without anything behind it."""
    if rest:
        raise SMTPServerError(501, f"5.5.4 Syntax error: {command.decode()} takes nothing")
