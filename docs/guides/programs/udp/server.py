"""A phone book that answers datagrams: `python server.py [LOSE]` loses that many questions first, for a trial."""

import sys

from reactor import reactor
from reactor.protocol import DatagramProtocol

NUMBERS = {"ann": "555-0101", "bob": "555-0102"}


class PhoneBook(DatagramProtocol):
    """A question is a token and a name; the answer is the same token and a number, or `unknown`."""

    def __init__(self, lose=0):
        self.lose = lose

    def datagramReceived(self, datagram, address):
        if self.lose:
            self.lose -= 1
            print("lost a question")
            return
        token, _, name = datagram.partition(b" ")
        if not name or len(datagram) > 100:
            return  # nonsense gets no answer
        number = NUMBERS.get(name.decode("utf-8", "replace"), "unknown")
        self.transport.write(token + b" " + number.encode(), address)


if __name__ == "__main__":
    reactor.listenUDP(7814, PhoneBook(*map(int, sys.argv[1:])), interface="127.0.0.1")
    print("listening on UDP port 7814")
    reactor.run()
