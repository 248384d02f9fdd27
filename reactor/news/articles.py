"""An article: headers, an empty line, a body (RFC 5536). What makes one fit to be kept, and its line in the overview.

Nobody between its author and its readers changes an article, but for the headers that say where it has been: Path, a
list of servers, the last one first, and Xref, where this server has put it.
"""

from __future__ import annotations

import re
import secrets
from copy import copy
from email.utils import formatdate, parsedate_to_datetime

from reactor.news.interfaces import Refused
from reactor.news.wire import decoded, encoded, is_group_name, is_message_id

OVERVIEW = ("Subject", "From", "Date", "Message-ID", "References", ":bytes", ":lines", "Xref")
_ONCE = {"from", "date", "newsgroups", "subject", "message-id", "path", "references", "approved", "control", "xref"}
MOST_HEADERS = 2**16  # bytes: an overview is made of them, and read by the thousand
_BREAKS = re.compile(rb"[\0\t\r\n]")
OLDEST_S = 14 * 86400.0  # articles of before are refused, so that what is forgotten by then doesn't come again
_EARLIEST_S = 86400.0  # how much in the future a date may be: RFC 5537, section 3.5


class Article:
    """An article that can be read. text: its bytes. headers: by name in small letters, unfolded, as bytes.

    Raises Refused for bytes that are no article.
    """

    def __init__(self, text: bytes) -> None:
        self.text = text
        head, gap, self.body = text.partition(b"\r\n\r\n")
        if not gap or b"\0" in text:
            raise Refused("an article has headers, an empty line, and a body, and no NUL in it")
        if len(head) > MOST_HEADERS:
            raise Refused(f"headers have at most {MOST_HEADERS} bytes together, and not {len(head)}")
        self.headers: dict[str, bytes] = {}
        for line in _unfolded(head).split(b"\r\n"):
            name, colon, value = line.partition(b":")
            key = decoded(name).lower()
            if not colon or not re.fullmatch(rb"[!-9;-~]+", name) or value[:1] not in (b" ", b"\t", b""):
                raise Refused(f"a header is a name, a colon, a space and a value, unlike {decoded(line[:60])!r}")
            if key in self.headers and key in _ONCE:
                raise Refused(f"{decoded(name)} comes twice")
            self.headers.setdefault(key, value.strip())

    def __getitem__(self, header: str) -> str:
        """A header's value, or ""."""
        return decoded(self.headers.get(header.lower(), b""))

    @property
    def id(self) -> str:
        """Its Message-ID."""
        return self["Message-ID"]

    @property
    def groups(self) -> list[str]:
        """The groups in Newsgroups, each once. Control messages go to the group "control", and are obeyed by nobody."""
        if "control" in self.headers:
            return ["control"]
        return list(dict.fromkeys(name for name in re.split(r"[,\s]+", self["Newsgroups"]) if name))

    def check(self, now: float) -> None:
        """Raise Refused, and say why, unless it is fit to be kept."""
        for name in ("From", "Newsgroups", "Subject", "Message-ID", "Date", "Path"):
            if not self[name]:
                raise Refused(f"{name} is missing")
        if not is_message_id(self.id):
            raise Refused(f"{self.id[:60]!r} is no Message-ID: <something@somewhere>, at most 250 bytes, no space")
        if not all(map(is_group_name, self.groups)):
            raise Refused(f"{self['Newsgroups'][:60]!r} are no names of groups")
        try:
            date = parsedate_to_datetime(self["Date"]).timestamp()
        except (ValueError, OverflowError):
            raise Refused(f"{self['Date'][:60]!r} is no date") from None
        if not now - OLDEST_S <= date <= now + _EARLIEST_S:
            raise Refused(f"its Date, {self['Date'][:60]}, is too long ago, or in the future")

    def with_headers(self, **headers: str) -> Article:
        """The same with these headers in front, and any others of their names left out; `_` stands for `-`."""
        values = {name.replace("_", "-"): encoded(value) for name, value in headers.items()}
        unwanted = {name.lower().encode() for name in values}
        head = self.text.partition(b"\r\n\r\n")[0]
        kept = [line for line in re.split(rb"\r\n(?![ \t])", head) if line.partition(b":")[0].lower() not in unwanted]
        added = [b"%b: %b" % (name.encode(), value) for name, value in values.items() if value]
        changed = copy(self)  # nothing is read again: that would be most of the work of taking an article
        changed.text = b"\r\n".join([*added, *kept, b"", self.body])
        changed.headers = self.headers | {name.lower(): value for name, value in values.items()}
        return changed

    def overview(self) -> bytes:
        """Its fields of OVERVIEW, with tabs between them and none inside (RFC 3977, section 8.3.2)."""
        return b"\t".join(map(self.field, OVERVIEW))

    def field(self, name: str) -> bytes:
        """What OVER and HDR say of a header, or of `:bytes` or `:lines`."""
        if name.startswith(":"):
            return b"%d" % (len(self.text) if name.lower() == ":bytes" else self.body.count(b"\n"))
        value = _BREAKS.sub(b" ", self.headers.get(name.lower(), b""))
        return b"Xref: " + value if name == "Xref" and value else value


def _unfolded(head: bytes) -> bytes:
    return re.sub(rb"\r\n([ \t])", rb"\1", head)


def injected(text: bytes, host: str, now: float) -> Article:
    """An author's article as it goes out (RFC 5537, section 3.5): with an id, a date and a path if it has none.

    host: the server's name. now: in seconds since 1970. Raises Refused for one that has gone out before.
    """
    article = Article(text)
    if article["Injection-Info"] or ".POSTED" in article["Path"]:
        raise Refused("it was posted somewhere else already")
    if "control" in article.headers or article["Subject"].startswith("cmsg "):
        raise Refused("control messages aren't taken from authors: nothing here would obey them")
    found = {
        "Message_ID": article.id or f"<{secrets.token_hex(12)}@{host}>",
        "Date": article["Date"] or formatdate(now),
        "Path": f"{host}!.POSTED!{article['Path'] or 'not-for-mail'}",
        "Injection_Info": host,
        "Xref": "",
    }
    return article.with_headers(**found)


def relayed(text: bytes, host: str) -> Article:
    """An article of another server as it goes on. Raises Refused for one that was here before."""
    article = Article(text)
    if host in article["Path"].split("!"):
        raise Refused(f"it has come through {host} before")
    return article.with_headers(Path=f"{host}!{article['Path']}", Xref="")
