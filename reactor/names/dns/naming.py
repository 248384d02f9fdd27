"""How people write names and times, and how names relate."""

from __future__ import annotations

_SECONDS = {"S": 1, "M": 60, "H": 3600, "D": 86400, "W": 7 * 86400, "Y": 365 * 86400}


def str2time(s: str | bytes | int | None) -> int | None:
    """Seconds, from what people write: "90", "3H", b"1D". What is no text is returned as it is.

    Raises ValueError when it is no time.
    """
    if not isinstance(s, str | bytes):
        return s
    text = (s.decode("ascii") if isinstance(s, bytes) else s).upper().strip()
    try:
        return int(float(text[:-1]) * _SECONDS[text[-1]]) if text[-1:] in _SECONDS else int(text)
    except ValueError:
        raise ValueError(f"Invalid time interval specifier: {text}") from None


def domainString(domain: str | bytes) -> bytes:
    """A name as bytes; text is encoded by IDNA. Case stays as it is.

    Raises TypeError for what is neither, and UnicodeError for text that can't be a name.
    """
    if isinstance(domain, str):
        return domain.encode("idna") if domain != "." else b"."
    if not isinstance(domain, bytes):
        raise TypeError(f"Expected bytes or str but found {domain!r} of type {type(domain)}")
    return domain


def labels_of(name: bytes) -> list[bytes]:
    r"""The labels of a name as people write it: `\.` is a dot inside of a label, `\\` a backslash.

    Raises ValueError for an empty label in the middle, one of more than 63 bytes, and a name of more than 255.
    """
    bare = without_last_dot(name)
    if not bare:
        return []
    labels = bare.split(b".") if b"\\" not in bare else _unescaped(bare)
    if sum(map(len, labels)) + len(labels) > 254:
        raise ValueError(f"{name!r} is no name: it has more than 255 bytes")
    for label in labels:
        if not 0 < len(label) < 64:
            raise ValueError(f"{name!r} is no name: a label has {len(label)} bytes, and may have 1 to 63")
    return labels


def _unescaped(name: bytes) -> list[bytes]:
    labels, label = [], bytearray()
    rest = iter(name)
    for byte in rest:
        if byte == 0x2E:
            labels.append(bytes(label))
            label = bytearray()
        else:
            label.append(next(rest, 0x5C) if byte == 0x5C else byte)
    return [*labels, bytes(label)]


def escaped(label: bytes) -> bytes:
    r"""A label as it is written within a name: a dot in it as `\.`, a backslash as `\\`."""
    if b"." in label or b"\\" in label:
        return label.replace(b"\\", b"\\\\").replace(b".", b"\\.")
    return label


def is_subdomain(name: bytes, ancestor: bytes) -> bool:
    r"""Whether a name is the other one, or below it. Case doesn't count; a dot inside of a label separates nothing."""
    below, above = without_last_dot(name).lower(), without_last_dot(ancestor).lower()
    if not above or below == above:
        return True
    return below.endswith(b"." + above) and not _is_escaped(below[: -len(above) - 1])


def parent_of(name: bytes) -> bytes:
    """The name without its first label."""
    if b"\\" not in name:
        return name.partition(b".")[2]
    at = name.find(b".")
    while at > 0 and _is_escaped(name[:at]):
        at = name.find(b".", at + 1)
    return name[at + 1 :] if at >= 0 else b""


def wildcard_below(name: bytes) -> bytes:
    """The wildcard whose records stand for what isn't there right below a name."""
    return b"*." + name if name else b"*"


def without_last_dot(name: bytes) -> bytes:
    """The name as messages have it: people may end one with a dot, to say that it is whole."""
    return name[:-1] if name.endswith(b".") and not _is_escaped(name[:-1]) else name


def _is_escaped(before: bytes) -> bool:
    """Whether the dot after these bytes is part of a label: an odd number of backslashes stands before it."""
    return (len(before) - len(before.rstrip(b"\\"))) % 2 == 1
