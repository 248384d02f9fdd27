"""Each piece is looked at by itself, and commands are taken out by a pattern."""

import re

from reactor import reactor
from reactor.protocol import Factory, Protocol

COMMAND = re.compile(rb"\xff(\xff|\xfa(?:[^\xff]|\xff[^\xf0])*\xff\xf0|[\xfb-\xfe].|.)", re.DOTALL)


class Fax(Protocol):
    def dataReceived(self, data):
        place = 0
        for match in COMMAND.finditer(data):
            self.show(data[place : match.start()])
            place = match.end()
            if match[1] == b"\xff":
                self.show(match[1])
            elif match[1][:1] == b"\xfb":
                self.transport.write(b"\xff\xfe" + match[1][1:])
            elif match[1][:1] == b"\xfd":
                self.transport.write(b"\xff\xfc" + match[1][1:])
        self.show(data[place:])

    def show(self, picture):
        self.transport.write(picture.hex().encode())


reactor.listenTCP(7762, Factory.forProtocol(Fax))
reactor.run()
