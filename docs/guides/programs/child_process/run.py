"""Run a command for at most so many seconds: `python run.py SECONDS COMMAND [ARGUMENT...]`"""

import sys
from typing import NamedTuple

from reactor import defer
from reactor.error import ProcessExitedAlready
from reactor.protocol import ProcessProtocol
from reactor.task import react


class Ended(NamedTuple):
    """How a process has ended: with a code, or by a signal; and whether we had to stop it."""

    code: int | None
    signal: int | None
    was_stopped: bool


class Child(ProcessProtocol):
    """Passes on the output of a process line by line, and stops the process when its time is over.

    line: called with 1 or 2, for standard output or error, and a line. seconds: how long the process may run; grace_s:
    how long it has to end after it was asked to, before it is killed. ended: a Deferred of an Ended.
    """

    MAX_LENGTH = 10_000  # bytes; a longer line comes in pieces

    def __init__(self, clock, line, seconds, grace_s=2):
        self.clock = clock
        self.line = line
        self.seconds = seconds
        self.grace_s = grace_s
        self.ended = defer.Deferred()
        self._unfinished = {1: b"", 2: b""}
        self._was_stopped = False

    def connectionMade(self):
        self.transport.closeStdin()  # else a command that reads its input would wait for us
        self._next_step = self.clock.callLater(self.seconds, self._stop)

    def _stop(self):
        self._was_stopped = True
        self._signal("TERM")
        self._next_step = self.clock.callLater(self.grace_s, self._kill)

    def _kill(self):
        self._signal("KILL")
        self.transport.loseConnection()  # its own children may still hold the pipes: don't wait for those

    def _signal(self, name):
        try:
            self.transport.signalProcess(name)
        except ProcessExitedAlready:
            pass

    def childDataReceived(self, descriptor, data):
        *lines, rest = (self._unfinished[descriptor] + data).split(b"\n")
        if len(rest) > self.MAX_LENGTH:
            lines, rest = [*lines, rest], b""
        self._unfinished[descriptor] = rest
        for line in lines:
            self.line(descriptor, line.decode("utf-8", "replace"))

    def processEnded(self, reason):
        if self._next_step.active():
            self._next_step.cancel()
        for descriptor, rest in self._unfinished.items():
            if rest:  # the last line had no end
                self.line(descriptor, rest.decode("utf-8", "replace"))
        self.ended.callback(Ended(reason.value.exitCode, reason.value.signal, self._was_stopped))


def show(descriptor, line):
    """Print a line of the command's output, and which of the two it came from."""
    print("out:" if descriptor == 1 else "err:", line)


async def main(reactor, seconds, *command):
    """Run the command, and end with its status; in all other cases with the status that timeout(1) would have."""
    child = Child(reactor, show, float(seconds), grace_s=0.2)
    try:
        reactor.spawnProcess(child, command[0], command, env=None)
    except OSError as problem:
        raise SystemExit(f"cannot run it: {problem}") from None
    ended = await child.ended
    how = f"ended with {ended.code}" if ended.signal is None else f"ended by signal {ended.signal}"
    if ended.was_stopped:
        print(how, "because it took more than", seconds, "s")
        raise SystemExit(124)
    print(how)
    raise SystemExit(ended.code if ended.signal is None else 128 + ended.signal)


if __name__ == "__main__":
    react(main, sys.argv[1:])
