"""An event loop, and an echo server that lives in it."""

import selectors
import socket
from contextlib import suppress


class Reactor:
    def __init__(self):
        self.selector = selectors.DefaultSelector()

    def when_readable(self, sock, handler):
        self.selector.register(sock, selectors.EVENT_READ, handler)

    def forget(self, sock):
        self.selector.unregister(sock)

    def get_next_events(self):
        return self.selector.select()  # the only line that ever waits

    def run(self):
        while True:
            for key, _ in self.get_next_events():
                handler, sock = key.data, key.fileobj
                handler(sock)


def accept(listener):
    connection, _ = listener.accept()
    connection.sendall(connection.recv(65536))
    reactor.when_readable(connection, echo)


def echo(connection):
    if data := connection.recv(65536):
        connection.sendall(data)  # this may wait too; what to do about it comes later in the talk
    else:
        reactor.forget(connection)
        connection.close()


reactor = Reactor()
with socket.create_server(("127.0.0.1", 7770)) as listener, suppress(KeyboardInterrupt):
    reactor.when_readable(listener, accept)
    print("listening on port 7770")
    reactor.run()
