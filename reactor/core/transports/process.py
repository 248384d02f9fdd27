"""A child process as a transport.

Its life ends twice. When it has *exited*, the process is gone, and its status known. When it has *ended*, all pipes to
it are closed as well, so that no more output can come. The two may be far apart: a pipe stays open as long as a
grandchild holds it, and a process may close its output and work on. `processEnded` is always the last call.

What goes through one pipe is the buffering core's business; this file keeps the pipes of a process together.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Mapping
from typing import Any

from reactor import error
from reactor.core.loop.core import Loop
from reactor.core.loop.descriptors import log_raised
from reactor.core.system.channels import Channel, WriteEnd
from reactor.core.system.children import UNKNOWN, Child
from reactor.core.transports.pipes import Incoming, Outgoing, Terminal
from reactor.core.transports.stream import StreamTransport
from reactor.failure import Failure
from reactor.interfaces import IProcessProtocol


class BaseProcess:
    """What all child processes have in common: signals, standard input, and telling the protocol of their end.

    pid: its number, None once it has exited. status: as wait(2) gives it, -1 before it has exited.
    proto: its protocol, None once it has ended.
    """

    def __init__(self, reactor: Loop, child: Child, proto: IProcessProtocol | None) -> None:
        self.reactor = reactor
        self.pid: int | None = child.pid
        self.status: int | None = -1
        self.proto = proto
        self._child = child
        self._ending = _Ending(self, child)
        reactor.addReader(self._ending)

    def introduce(self) -> None:
        """Tell the protocol that the process runs. What it raises is logged: that doesn't end the process."""
        self._tell("makeConnection", self)

    def signalProcess(self, signalID: str | int) -> None:
        """Send the process a signal.

        signalID: a name, such as "KILL", "TERM", "INT" or "HUP", or a number.
        Raises ProcessExitedAlready; ValueError or TypeError for an unknown signal.
        """
        number = _signal_number(signalID)
        if self.pid is None:
            raise error.ProcessExitedAlready()
        try:
            os.kill(self.pid, number)  # no other process can have this number yet: see reactor.core.system.children
        except ProcessLookupError:
            raise error.ProcessExitedAlready() from None

    def reap(self) -> None:
        """If the process has exited, collect its status and tell the protocol. Called when it may have exited."""
        if self.pid is None or (status := self._child.collect()) is None:
            return
        self.reactor.removeReader(self._ending)
        self._child.close()
        self.pid = None
        self.status = None if status == UNKNOWN else status
        self._tell("processExited", Failure(_reason(self.status)))
        self.end_if_all_is_closed()

    def end_if_all_is_closed(self) -> None:
        """Tell the protocol of the end, if the process has exited and all its pipes are closed."""
        if self.pid is None and self._all_is_closed():
            self._tell("processEnded", Failure(_reason(self.status)))
            self.proto = None

    def abandon(self) -> None:
        """The reactor has stopped: the process goes on, and its protocol isn't told of its end."""
        self._child.abandon()

    def _tell(self, what: str, *args: object) -> None:
        """Tell the protocol, if there is one; what it raises is logged and changes nothing."""
        if self.proto is None:
            return
        try:
            getattr(self.proto, what)(*args)
        except BaseException as problem:
            log_raised(problem, f"in {what} of the protocol of {self!r}")

    # --- what the two kinds differ in

    def _all_is_closed(self) -> bool:
        raise NotImplementedError

    def _input(self) -> StreamTransport | None:
        """The transport that writes to standard input."""
        raise NotImplementedError

    def _outputs(self) -> list[StreamTransport]:
        """The transports that read the child's output."""
        raise NotImplementedError

    def loseConnection(self) -> None:
        """Close standard input and output."""
        raise NotImplementedError

    # --- standard input

    def write(self, data: bytes) -> None:
        """Send these bytes to the child's standard input; without one they are ignored."""
        if (stdin := self._input()) is not None:
            stdin.write(data)

    def writeSequence(self, seq: Iterable[bytes]) -> None:
        """Send these, one after the other."""
        self.write(b"".join(seq))

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """Let `producer` fill standard input, as StreamTransport does; without standard input, tell it to stop."""
        if (stdin := self._input()) is not None:
            stdin.registerProducer(producer, streaming)
        else:
            producer.stopProducing()

    def unregisterProducer(self) -> None:
        """The producer has finished."""
        if (stdin := self._input()) is not None:
            stdin.unregisterProducer()

    # --- output

    def pauseProducing(self) -> None:
        """Read nothing for now. A child that writes on will have to wait when its pipe is full."""
        for output in self._outputs():
            output.pauseProducing()

    def resumeProducing(self) -> None:
        """Read on."""
        for output in self._outputs():
            output.resumeProducing()

    def stopProducing(self) -> None:
        """The consumer of the child's output is gone: close."""
        self.loseConnection()

    def childDataReceived(self, name: int, data: bytes) -> None:
        """Pass output on to the protocol. Called by a pipe."""
        if self.proto is not None:
            self.proto.childDataReceived(name, data)

    # --- the rest of a transport

    def getHost(self) -> Any:
        """Raises NotImplementedError: a process has no address."""
        raise NotImplementedError("a process has no address")

    getPeer = getHost

    def __repr__(self) -> str:
        return f"<{type(self).__name__} pid={self.pid} status={self.status}>"


class Process(BaseProcess):
    """A child process with a pipe for each of its descriptors. Made by `reactor.spawnProcess`.

    pipes: by the child's descriptor, those that are open.
    """

    def __init__(
        self, reactor: Loop, child: Child, proto: IProcessProtocol | None, channels: Mapping[int, Channel]
    ) -> None:
        super().__init__(reactor, child, proto)
        self.pipes: dict[int, StreamTransport] = {}
        for number, channel in channels.items():
            kind = Outgoing if isinstance(channel, WriteEnd) else Incoming
            self.pipes[number] = kind(reactor, self, number, channel)

    def writeToChild(self, childFD: int, data: bytes) -> None:
        """Send these bytes to a descriptor of the child. Raises KeyError when we have no pipe there to write to."""
        pipe = self.pipes.get(childFD)
        if not isinstance(pipe, Outgoing):
            raise KeyError(f"descriptor {childFD} of {self!r} is not open for writing")
        pipe.write(data)

    def closeChildFD(self, childFD: int) -> None:
        """Close our end of a pipe after what waits in it is sent. Does nothing if the pipe is closed already."""
        if childFD in self.pipes:
            self.pipes[childFD].loseConnection()

    def closeStdin(self) -> None:
        """Close the child's standard input: after all that was written, the child reads the end of the file."""
        self.closeChildFD(0)

    def closeStdout(self) -> None:
        """Stop reading the child's standard output; if the child writes more, that fails with EPIPE or SIGPIPE."""
        self.closeChildFD(1)

    def closeStderr(self) -> None:
        """Stop reading the child's standard error; if the child writes more, that fails with EPIPE or SIGPIPE."""
        self.closeChildFD(2)

    def loseConnection(self) -> None:
        """Close standard input, output and error. The process gets no signal."""
        self.closeStdin()
        self.closeStderr()
        self.closeStdout()

    def childConnectionLost(self, childFD: int, reason: Failure) -> None:
        """A pipe is closed. Called by the pipe."""
        del self.pipes[childFD]
        self._tell("childConnectionLost", childFD)
        if not self.pipes:
            self.reap()
            self.end_if_all_is_closed()

    def _all_is_closed(self) -> bool:
        return not self.pipes

    def _input(self) -> StreamTransport | None:
        return self.pipes.get(0)

    def _outputs(self) -> list[StreamTransport]:
        return [pipe for pipe in self.pipes.values() if isinstance(pipe, Incoming)]


class PTYProcess(BaseProcess):
    """A child process at a terminal. Made by `reactor.spawnProcess` with `usePTY`.

    All that the child writes, as output or as error, arrives as descriptor 1, and so does the terminal's echo of what
    we write. A terminal's directions can't be closed separately, so `closeStdin` and its sisters do nothing.

    When the child's side has closed the terminal, our end stays open until the process has exited: closing it means
    hanging up, and a process that is just about to exit would die of the SIGHUP instead.

    fd: our end of the terminal, for instance to set its size; -1 when it is closed.
    """

    def __init__(self, reactor: Loop, child: Child, proto: IProcessProtocol | None, channel: Channel) -> None:
        super().__init__(reactor, child, proto)
        self.fd = channel.fileno()
        self._terminal = Terminal(reactor, self, 1, channel)

    def fileno(self) -> int:
        """Our end of the terminal, -1 when it is closed."""
        return self.fd

    def loseConnection(self) -> None:
        """Hang up after what waits is sent: the child gets a SIGHUP."""
        self._terminal.loseConnection()

    def closeStdin(self) -> None:
        """Does nothing, see above. To send an end of file, do as a user would: `write(b"\\x04")`, Ctrl-D."""

    closeStdout = closeStderr = closeStdin

    def closeChildFD(self, descriptor: int) -> None:
        """Raises NotImplementedError: there is only the terminal."""
        raise NotImplementedError(f"no descriptor {descriptor} to close at a terminal: use loseConnection()")

    def writeToChild(self, childFD: int, data: bytes) -> None:
        """Raises NotImplementedError: there is only the terminal."""
        raise NotImplementedError(f"no descriptor {childFD} to write to at a terminal: use write()")

    def childConnectionLost(self, name: int, reason: Failure) -> None:
        """The terminal is closed on either side. Called by the terminal."""
        if self._terminal.disconnecting:  # because we hung up
            self._close()
        self.end_if_all_is_closed()

    def end_if_all_is_closed(self) -> None:
        if self.pid is None and self._terminal.disconnected:
            self._close()
        super().end_if_all_is_closed()

    def abandon(self) -> None:
        super().abandon()
        self._close()

    def _close(self) -> None:
        fd, self.fd = self.fd, -1
        if fd >= 0:
            os.close(fd)

    def _all_is_closed(self) -> bool:
        return self._terminal.disconnected

    def _input(self) -> StreamTransport | None:
        return self._terminal

    def _outputs(self) -> list[StreamTransport]:
        return [self._terminal]


class _Ending:
    """Notices when a child has exited. A reader of the loop."""

    def __init__(self, process: BaseProcess, child: Child) -> None:
        self._process = process
        self._child = child

    def fileno(self) -> int:
        """Readable when the child has exited."""
        return self._child.fileno()

    def doRead(self) -> None:
        """The child has exited. Called by the loop."""
        self._process.reap()

    def connectionLost(self, reason: Failure) -> None:
        """The reactor has stopped; the process goes on without it. Called by the loop."""
        self._process.abandon()


def _signal_number(signalID: object) -> int:
    if isinstance(signalID, str):
        try:
            return signal.Signals[signalID if signalID.startswith("SIG") else f"SIG{signalID}"]
        except KeyError:
            raise ValueError(f"there is no signal of the name {signalID!r}") from None
    if not isinstance(signalID, int) or isinstance(signalID, bool):
        raise TypeError(f"a signal is a name or a number, not {signalID!r}")
    if not 0 <= signalID < signal.NSIG:
        raise ValueError(f"there is no signal {signalID}: they end at {signal.NSIG - 1}")
    return signalID


def _reason(status: int | None) -> error.ProcessDone | error.ProcessTerminated:
    """The exception that tells the protocol of this status of wait(2)."""
    if status is None:
        return error.ProcessTerminated()
    if os.WIFSIGNALED(status):
        return error.ProcessTerminated(signal=os.WTERMSIG(status), status=status)
    code = os.WEXITSTATUS(status)
    return error.ProcessTerminated(code, status=status) if code else error.ProcessDone(status)
