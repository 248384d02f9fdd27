"""An endpoint whose peer is a child process: its standard input and output are the connection."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from typing import Any

from reactor import defer, error, log
from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.interfaces import IProtocol, IProtocolFactory, IReactorProcess
from reactor.interfaces.type_variables import P
from reactor.protocol import ProcessProtocol


class StandardErrorBehavior(enum.Enum):
    """What to do with the child's standard error."""

    LOG = "log it"
    DROP = "drop it"


class ProcessEndpoint:
    """Connects by starting a program. The arguments are those of `reactor.spawnProcess`.

    errFlag: what becomes of its standard error.
    The connection is lost when the process has ended and its pipes are closed: with ConnectionDone for exit status 0,
    else with ProcessTerminated.
    """

    def __init__(
        self,
        reactor: IReactorProcess,
        executable: str | bytes,
        args: Sequence[str | bytes] = (),
        env: Mapping[Any, Any] | None = {},  # Twisted's default; nothing ever changes it
        path: str | bytes | None = None,
        uid: int | None = None,
        gid: int | None = None,
        usePTY: Any = 0,
        childFDs: Mapping[int, int | str] | None = None,
        errFlag: StandardErrorBehavior = StandardErrorBehavior.LOG,
    ) -> None:
        self._reactor = reactor
        self._executable = executable
        self._options = (executable, args, env, path, uid, gid, usePTY, childFDs)
        self._error_behaviour = errFlag

    def connect(self, protocolFactory: IProtocolFactory[P]) -> Deferred[P]:
        """A Deferred of the protocol, which has its transport already. Fails with what `spawnProcess` raises."""
        return defer.execute(self._start, protocolFactory)

    def _start(self, factory: IProtocolFactory[P]) -> P:
        protocol = factory.buildProtocol(ProcessAddress(self._executable))
        if protocol is None:
            raise error.NoProtocol(f"the factory built none for {self._executable!r}")
        child = _Child(protocol, self._executable, self._error_behaviour)
        self._reactor.spawnProcess(child, *self._options)
        return protocol


class ProcessAddress:
    """The "address" of a child process: just its name. executable: the program."""

    def __init__(self, executable: str | bytes) -> None:
        self.executable = executable

    def __repr__(self) -> str:
        return f"ProcessAddress({self.executable!r})"


class _Child(ProcessProtocol):
    """Stands between the process and a protocol that expects a connection."""

    def __init__(self, protocol: IProtocol, executable: str | bytes, behaviour: StandardErrorBehavior) -> None:
        self._protocol = protocol
        self._executable = executable
        self._behaviour = behaviour

    def makeConnection(self, process: Any) -> None:
        self._protocol.makeConnection(_Pipes(process, self._executable))

    def childDataReceived(self, childFD: int, data: bytes) -> None:
        if childFD == 1:
            self._protocol.dataReceived(data)
        elif childFD == 2 and self._behaviour is StandardErrorBehavior.LOG:
            log.msg(f"{self._executable!r} wrote to standard error, which {self._protocol!r} doesn't hear: {data!r}")

    def processEnded(self, reason: Failure) -> None:
        ended_well = reason.check(error.ProcessDone) is not None
        self._protocol.connectionLost(Failure(error.ConnectionDone()) if ended_well else reason)


class _Pipes:
    """The process as a transport: passes everything on to it, and adds what only connections have.

    disconnecting: whether `loseConnection` was called.
    """

    disconnecting = False

    def __init__(self, process: Any, executable: str | bytes) -> None:
        self._process = process
        self._executable = executable

    def loseConnection(self) -> None:
        self.disconnecting = True
        self._process.loseConnection()

    def getPeer(self) -> ProcessAddress:
        return ProcessAddress(self._executable)

    getHost = getPeer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._process, name)
