"""Which addresses may become links.

A list of what is allowed, not of what is forbidden: browsers accept `java\tscript:`, `&#106;avascript:` and more
disguises than a list could name. So the address is first read as a browser would (entities decoded, control characters
and white space dropped), and then its scheme has to be one we know.
"""

from __future__ import annotations

import html
import re

SAFE_SCHEMES = frozenset({"http", "https", "mailto", "ftp", "irc", "ircs", "news", "nntp", "tel", "xmpp", "ssh", "git"})

_IGNORED = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ufeff]+")
_BEFORE_COLON = re.compile(r"([^/?#:]*):")


def is_safe(address: str) -> bool:
    """True if following `address` cannot run script: a known scheme, or a relative address.

    address: as it stands in a deck, or in an HTML attribute; it is judged with its entities decoded as well.
    """
    return bool(address.strip()) and _scheme_is_safe(address) and _scheme_is_safe(html.unescape(address))


def _scheme_is_safe(address: str) -> bool:
    match = _BEFORE_COLON.match(_IGNORED.sub("", address))
    return match is None or match.group(1).lower() in SAFE_SCHEMES
