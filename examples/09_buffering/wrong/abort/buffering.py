"""How much has left when write() returns, when loseConnection() returns, and when the connection is closed."""

import socket

from reactor import reactor
from reactor.protocol import Protocol, ServerFactory

SIZE = 10_000_000


class Talker(Protocol):
    def connectionMade(self):
        self.transport.write(b"x" * SIZE)
        print("write returned; arrived:", arrived())
        self.transport.abortConnection()
        print("loseConnection returned; arrived:", arrived())
        read_slowly(total=0)

    def connectionLost(self, reason):
        print("closed:", reason.type.__name__)


def arrived():
    try:
        return len(reader.recv(SIZE, socket.MSG_PEEK))
    except BlockingIOError:
        return 0


def read_slowly(total):
    try:
        mouthful = reader.recv(65536)
    except BlockingIOError:
        mouthful = None  # nothing yet
    if mouthful == b"":
        print("read to the end:", total, "bytes")
        reactor.stop()
    else:
        reactor.callLater(0.0001, read_slowly, total + len(mouthful or b""))


reactor.listenTCP(7778, ServerFactory.forProtocol(Talker))
reader = socket.create_connection(("127.0.0.1", 7778))  # a plain socket: it sees what the kernel has, no more
reader.setblocking(False)
reactor.run()
reader.close()
