"""Servers that misbehave by a script, on connections that behave: nothing arrives at a client that has paused, nothing
after its end, and whoever closes hears of it in a later turn."""

from reactor import error
from reactor.defer import Deferred
from reactor.failure import Failure
from tests.support.web_client_doubles import Line

FIN = Failure(error.ConnectionDone())
RESET = Failure(error.ConnectionLost())


class ScriptedLine(Line):
    """A connection on which the server says what its script tells it: bytes, and FIN or RESET as the end."""

    def __init__(self, factory):
        super().__init__(factory)
        self.script, self.is_lost = [], False

    def turn(self):
        """One event, as a reactor would report it. Returns whether there was one."""
        if self.is_lost:
            return False
        if self.is_closed:
            self._lose(FIN)
        elif self.script and self.transport.producerState == "producing":
            event = self.script.pop(0)
            self._lose(event) if isinstance(event, Failure) else self.answer(event)
        else:
            return False
        return True

    def _lose(self, reason):
        self.is_lost = True
        if self.transport.producer is not None:
            self.transport.producer.stopProducing()
        self.lose(reason)


class ScriptedServer:
    """Endpoints that lead to it, and its connections. answers: for each request that comes, the script of its answer.

    A request for which there is no answer waits.
    """

    def __init__(self, *answers):
        self.answers, self.lines = list(answers), []

    def endpointForURI(self, uri):
        return self

    def connect(self, factory):
        line = ScriptedLine(factory)
        self.lines.append(line)
        done = Deferred()
        done.callback(line.protocol)
        return done

    def run(self):
        """Take turns until nothing happens any more."""
        while sum(self._hear(line) or line.turn() for line in self.lines):
            pass

    def _hear(self, line):
        if b"\r\n\r\n" not in line.sent() or line.is_lost or not self.answers:
            return False
        line.script += self.answers.pop(0)
        return True

    @property
    def open_lines(self):
        return [line for line in self.lines if not line.is_lost]
