"""A positioning receiver that notes all it is told, as plain values."""

from reactor.positioning.nmea import line


def said(text):
    """The bytes of a sentence: said("GPHDT,90.0,T")."""
    return line(*text.split(","))


class Noting:
    """news: pairs of a kind and what was told, in order."""

    def __init__(self):
        self.news = []

    def __getattr__(self, name):
        if not name.endswith("Received"):
            raise AttributeError(name)
        return lambda *values, **named: self.news.append(
            (name.removesuffix("Received"), plain(*values, *named.values()))
        )

    def of(self, kind):
        return [value for one, value in self.news if one == kind]


def plain(*values):
    found = [_plain(value) for value in values]
    return found[0] if len(found) == 1 else tuple(found)


def _plain(value):
    if hasattr(value, "pdop"):
        return value.pdop, value.hdop, value.vdop
    if hasattr(value, "seenBeacons"):
        return (
            sorted(one.identifier for one in value.seenBeacons),
            sorted(one.identifier for one in value.usedBeacons),
        )
    return round(float(value), 6) if hasattr(value, "__float__") else value
