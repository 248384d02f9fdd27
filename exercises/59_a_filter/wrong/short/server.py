"""Nobody can say anything of a filter of which they can't say a part."""

from reactor import reactor
from reactor.ldap import parseFilter
from reactor.ldap.filters import Combined, Present
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver

PEOPLE = {
    "Ann": {"cn": ["Ann"], "mail": ["ann@doom.example", "a@doom.example"], "role": ["cook"]},
    "Bob": {"cn": ["Bob", "Robert"], "role": ["waiter", "cook"]},
    "Cy": {"cn": ["Cy"], "mail": ["cy@doom.example"], "password": ["secret"]},
}


def fits(filter, person):
    """True, False, or None: nobody can say. person: names of attributes in small letters, and their values."""
    if isinstance(filter, Combined):
        answers = [fits(part, person) for part in filter.filters]
        if filter.operator == "!":
            return None if answers[0] is None else not answers[0]
        decides = filter.operator == "|"
        if None in answers:
            return None
        return decides if decides in answers else not decides
    name = filter.attribute.lower()
    if name == "password":
        return None
    values = person.get(name, [])
    if isinstance(filter, Present):
        return bool(values)
    return filter.value.decode().lower() in [value.lower() for value in values]


class Book(LineReceiver):
    def lineReceived(self, line):
        filter = parseFilter(line.decode())
        names = [name for name, person in PEOPLE.items() if fits(filter, person) is True]
        self.sendLine(" ".join(names or ["nobody"]).encode())


reactor.listenTCP(7859, Factory.forProtocol(Book))
reactor.run()
