"""A program as one thing that can be started: what `reactord` runs, and `application.run()`.

    application = Application("web")
    application.listenTCP(8080, site)

Nothing happens until it is started: the listening is a service, one of the application's. So the program says what it
is made of; when and how it runs is decided elsewhere: in the foreground, as a daemon, under a debugger, in a test.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, TypeVar

from reactor.application import state_file
from reactor.application.errors import StartError
from reactor.application.internet import ports
from reactor.application.starting import privilegedStart, startApplication, stopAgain
from reactor.application.tree import MultiService
from reactor.default import the_reactor

_Asking = TypeVar("_Asking", bound=ports.AskingService)


class Application(MultiService):
    """The root of a tree of services. It has the reactor's methods for listening and connecting, which add services.

    name: what the process is called. uid, gid: the user and group to run as, if the runner is root; None: no change.
    reactor: for the services that it makes; the program's unless given.
    stateFile: where the state that its services declare is kept: see `reactor.application.state_file`.
    """

    processName: str | None = None

    def __init__(self, name: str, uid: int | None = None, gid: int | None = None, reactor: Any = None) -> None:
        super().__init__()
        self.setName(name)
        self.uid = uid
        self.gid = gid
        self.reactor = reactor
        self.stateFile: str | os.PathLike[str] = f"{name.replace('/', '-')}.state.json"

    def listenTCP(self, port: int, factory: Any, *args: Any, **kwargs: Any) -> ports.TCPServer:
        """`reactor.listenTCP` when the application starts; now if it runs. Returns the service."""
        return self._with(ports.TCPServer, port, factory, *args, **kwargs)

    def listenSSL(self, port: int, factory: Any, contextFactory: Any, *args: Any, **kwargs: Any) -> ports.SSLServer:
        """`reactor.listenSSL` when the application starts; now if it runs. Returns the service."""
        return self._with(ports.SSLServer, port, factory, contextFactory, *args, **kwargs)

    def listenUNIX(
        self, address: Any, factory: Any, backlog: int = 50, mode: int = 0o666, wantPID: bool | int = True
    ) -> ports.UNIXServer:
        """`reactor.listenUNIX` when the application starts; now if it runs. Returns the service.

        With a lock beside the socket, unless `wantPID` is false: the socket of a program that was killed must not keep
        the next one from starting.
        """
        return self._with(ports.UNIXServer, address, factory, backlog, mode, wantPID)

    def listenUDP(self, port: int, protocol: Any, *args: Any, **kwargs: Any) -> ports.UDPServer:
        """`reactor.listenUDP` when the application starts; now if it runs. Returns the service."""
        return self._with(ports.UDPServer, port, protocol, *args, **kwargs)

    def connectTCP(self, host: str, port: int | str, factory: Any, *args: Any, **kwargs: Any) -> ports.TCPClient:
        """`reactor.connectTCP` when the application starts; now if it runs. Returns the service."""
        return self._with(ports.TCPClient, host, port, factory, *args, **kwargs)

    def connectSSL(
        self, host: str, port: int | str, factory: Any, contextFactory: Any, *args: Any, **kwargs: Any
    ) -> ports.SSLClient:
        """`reactor.connectSSL` when the application starts; now if it runs. Returns the service."""
        return self._with(ports.SSLClient, host, port, factory, contextFactory, *args, **kwargs)

    def connectUNIX(self, address: Any, factory: Any, *args: Any, **kwargs: Any) -> ports.UNIXClient:
        """`reactor.connectUNIX` when the application starts; now if it runs. Returns the service."""
        return self._with(ports.UNIXClient, address, factory, *args, **kwargs)

    def _with(self, kind: type[_Asking], *args: Any, **kwargs: Any) -> _Asking:
        service = kind(*args, reactor=self.reactor, **kwargs)
        service.setServiceParent(self)
        return service

    def state(self) -> state_file.State | None:
        """The state that its services declare, with its file; None when no service declares any. Raises StateError."""
        return state_file.State(self, Path(self.stateFile)) if state_file.keeps_anything(self) else None

    def run(self, save: bool | int = True, installSignalHandlers: bool = True) -> None:
        """Start, run the reactor until it is stopped, and stop: for programs that start themselves.

        save: keep the state that services declare. installSignalHandlers: as for `reactor.run`.
        If a service can't start, the program ends with status 1, and one line on standard error.
        """
        reactor = the_reactor(self.reactor)
        try:
            privilegedStart(self)
            startApplication(self, save, reactor)
        except StartError as problem:
            stopAgain(problem, reactor)
            sys.exit(str(problem))
        reactor.run(installSignalHandlers=installSignalHandlers)
