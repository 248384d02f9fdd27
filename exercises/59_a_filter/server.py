"""Answers filters: who of the people in the address book fits?"""

from reactor import reactor
from reactor.ldap import parseFilter
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver

PEOPLE = {
    "Ann": {"cn": ["Ann"], "mail": ["ann@doom.example", "a@doom.example"], "role": ["cook"]},
    "Bob": {"cn": ["Bob", "Robert"], "role": ["waiter", "cook"]},
    "Cy": {"cn": ["Cy"], "mail": ["cy@doom.example"], "password": ["secret"]},
}


def fits(filter, person):
    """True, False, or None: nobody can say. person: names of attributes in small letters, and their values."""
    return True  # TODO


class Book(LineReceiver):
    def lineReceived(self, line):
        filter = parseFilter(line.decode())
        names = [name for name, person in PEOPLE.items() if fits(filter, person) is True]
        self.sendLine(" ".join(names or ["nobody"]).encode())


reactor.listenTCP(7859, Factory.forProtocol(Book))
reactor.run()
