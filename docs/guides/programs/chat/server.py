"""A chat server: every guest has a name, and what one of them says, all the others read."""

import sys

from reactor import defer, reactor
from reactor.error import CannotListenError
from reactor.protocol import ServerFactory
from reactor.protocols.basic import LineOnlyReceiver


class Guest(LineOnlyReceiver):
    """One connection. Lines are UTF-8 text; the first one is the guest's name."""

    delimiter = b"\n"
    MAX_LENGTH = 512  # bytes of one line

    def connectionMade(self):
        self.name = None
        self.missed = 0
        self.is_reading = True
        self.gone = defer.Deferred(lambda gone: self.transport.abortConnection())
        self.transport.setTcpKeepAlive(True)  # notices a computer that was switched off
        self.transport.registerProducer(self, streaming=True)
        self.factory.guests.add(self)
        self.tell("* What is your name?")

    def lineReceived(self, line):
        words = line.decode("utf-8", "replace").strip()
        if self.name is None:
            self.factory.admit(self, words)
        elif words == "/quit":
            self.leave("* Goodbye.")
        elif words:
            self.factory.say(f"{self.name}: {words}", but=self)

    def lineLengthExceeded(self, line):
        self.leave(f"* A line has {self.MAX_LENGTH} bytes at most.")

    def connectionLost(self, reason):
        self.factory.forget(self)
        self.gone.callback(None)

    def tell(self, words):
        """Send a line, unless this guest doesn't read the lines that it has."""
        if self.is_reading:
            self.sendLine(words.encode())
        else:
            self.missed += 1

    def leave(self, words):
        """Send a last line and close."""
        self.tell(words)
        self.transport.unregisterProducer()
        self.transport.loseConnection()

    # The transport calls these when its buffer is full, when it is empty again, and when the connection is lost.
    def pauseProducing(self):
        self.is_reading = False

    def resumeProducing(self):
        self.is_reading = True
        if self.missed:
            self.tell(f"* You have missed {self.missed} lines.")
            self.missed = 0

    def stopProducing(self):
        self.is_reading = False


class Room(ServerFactory):
    """All guests, and the rules for their names."""

    protocol = Guest

    def __init__(self, clock=reactor):
        self.clock = clock
        self.guests = set()

    def admit(self, guest, name):
        """Give a guest this name, if it is a possible name and no other guest has it."""
        if not (name.isprintable() and 0 < len(name) <= 20):
            guest.tell("* A name has 1 to 20 letters. What is your name?")
        elif any(other.name == name for other in self.guests):
            guest.tell(f"* The name {name} is taken. What is your name?")
        else:
            guest.name = name
            here = sorted(other.name for other in self.guests if other.name and other is not guest)
            guest.tell(f"* Welcome, {name}. Here: {', '.join(here) or 'nobody else'}.")
            self.say(f"* {name} has come.", but=guest)

    def forget(self, guest):
        """Take a guest off the list, and tell the others."""
        self.guests.discard(guest)
        if guest.name:
            self.say(f"* {guest.name} has gone.", but=guest)

    def say(self, words, but):
        """Tell all guests who have a name, except one."""
        for guest in self.guests:
            if guest.name and guest is not but:
                guest.tell(words)

    def close(self):
        """Say goodbye to all guests, and cut off those who are still there after two seconds. Returns a Deferred."""
        all_gone = defer.DeferredList([guest.gone for guest in self.guests], consumeErrors=True)
        for guest in list(self.guests):
            guest.name = None  # so the guests don't read how the others go
            guest.leave("* The room closes.")
        return all_gone.addTimeout(2, self.clock)


def main():
    """Serve until Ctrl-C; then close the door before the room."""
    room = Room()
    try:
        port = reactor.listenTCP(7810, room)
    except CannotListenError as problem:
        sys.exit(str(problem))
    reactor.addSystemEventTrigger("before", "shutdown", port.stopListening)
    reactor.addSystemEventTrigger("before", "shutdown", room.close)
    print("listening on port 7810")
    reactor.run()


if __name__ == "__main__":
    main()
