"""Runs inside every program of a session, before the program's first line. Python imports it by this name (see `site`).

A verified run must look exactly like `python server.py` typed by hand, yet must not collide with whatever else uses
port 7771 of the machine. So the program really runs as `python server.py`, and three things are changed under it:

- Ports. A port that the program names is exchanged for a port that only this session has, on the way into the
  kernel, and back on the way out. The program, and its tracebacks, see the port as written. The table is a file
  that all processes of the session append to (`ports`): a port's line number is its place in LECTURE_PORTS. One
  append is atomic, the first line that has the port counts, and so no lock is needed. A port that the kernel chose
  stands there as `=40123` and is left alone. Errors are the kernel's own: a port bound twice is in use, a port
  without a listener refuses.
- Events. `listen()`, and a datagram socket bound to a port, are told to the runner (through the named pipe `events`),
  so that it knows when the next command may start. Every module imported from outside the standard library goes
  into the file `modules`, at once and not at exit, since a program may be killed: the cache's key needs them.
- Tracebacks leave out the frames of this file.

No file descriptor is held open, and `socket`, `threading` and `traceback` are touched only when the program imports
them, so that a program which prints `fileno()` or `sys.modules` sees little of us. `python -I`, `-E` and `-S` keep this
file out: such a command gets the ports it names.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType, TracebackType
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
SCRATCH = os.environ["LECTURE_SCRATCH"]
REAL_PORTS = [int(port) for port in os.environ["LECTURE_PORTS"].split(",")]
STDLIB = os.path.dirname(os.__file__) + os.sep

Address = Any  # whatever a program hands to a socket; only (host, port, …) tuples with a good port are changed


def tell(name: str, line: str) -> None:
    """Append a line to a file (or the named pipe) of the session; an orphan whose session is over goes unheard."""
    try:
        fd = os.open(os.path.join(SCRATCH, name), os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK)
        try:
            os.write(fd, os.fsencode(f"{line}\n"))
        finally:
            os.close(fd)
    except OSError:
        pass


class Ports:
    """The session's table of ports: shown to the program, and real. Lines are only ever added to it."""

    def __init__(self) -> None:
        self.reals: dict[int, int] = {}
        self.showns: dict[int, int] = {}
        self.learned: set[int] = set()  # ports of the kernel's choice that this process was told of, such as clients'

    def read(self) -> None:
        """Take in what all processes of the session have written so far."""
        try:
            with open(os.path.join(SCRATCH, "ports"), encoding="ascii") as file:
                lines = list(dict.fromkeys(file.read().split()))
        except OSError:
            return
        fixed = [int(line) for line in lines if line[0] != "="]
        if len(fixed) > len(REAL_PORTS):
            raise RuntimeError(f"a session of a lecture may use {len(REAL_PORTS)} ports, and this one wants more")
        self.reals = dict(zip(fixed, REAL_PORTS, strict=False))
        self.showns = {real: shown for shown, real in self.reals.items()}
        self.learned.update(int(line[1:]) for line in lines if line[0] == "=")

    def known(self, port: int) -> bool:
        if port not in self.reals:
            self.read()
        return port in self.reals

    def real(self, shown: int) -> int:
        """The port to hand to the kernel; a port that is new gets its place in the table."""
        if not self.known(shown) and shown not in self.learned:
            tell("ports", str(shown))
            self.read()
        return shown if shown in self.learned else self.reals.get(shown, shown)

    def shown(self, real: int) -> int:
        """The port that the program should see."""
        if real in REAL_PORTS and real not in self.showns:
            self.read()
        if real not in self.showns:
            self.learned.add(real)
        return self.showns.get(real, real)


PORTS = Ports()


def inward(address: Address, binding: bool = False) -> Address:
    """An address on its way into the kernel."""
    if not isinstance(address, tuple) or len(address) < 2:
        return address
    host, port = address[:2]
    if not isinstance(host, str) or not isinstance(port, int) or not 0 < port < 65536:
        return address
    if binding or is_here(host) or PORTS.known(port):
        return (host, PORTS.real(port), *address[2:])
    return address


def outward(address: Address) -> Address:
    """An address on its way out of the kernel."""
    if isinstance(address, tuple) and len(address) >= 2 and isinstance(address[1], int) and address[1]:
        return (address[0], PORTS.shown(address[1]), *address[2:])
    return address


def is_here(host: str) -> bool:
    return host in ("", "localhost", "::1", "::", "0.0.0.0") or host.startswith(("127.", "::ffff:127."))


def change_socket(socket: ModuleType) -> None:
    """Put the exchange of ports into `socket.socket`, and thereby into every class derived from it."""
    kernel = socket.socket.__mro__[1]
    internet = (socket.AF_INET, socket.AF_INET6)
    python_accept = socket.socket.accept

    def mapped(self: Any) -> bool:
        return kernel.family.__get__(self) in internet

    def bind(self: Any, address: Address, /) -> None:
        kernel.bind(self, inward(address, binding=True) if mapped(self) else address)
        if not mapped(self):
            return
        port = kernel.getsockname(self)[1]
        if address[1] == 0:
            tell("ports", f"={port}")
        elif kernel.type.__get__(self) == socket.SOCK_DGRAM:
            tell("events", f"listens {os.environ['LECTURE_JOB']}")

    def listen(self: Any, *backlog: int) -> None:
        kernel.listen(self, *backlog)
        tell("events", f"listens {os.environ['LECTURE_JOB']}")

    def last_argument_mapped(name: str, place: int | None) -> Callable[..., Any]:
        original = getattr(kernel, name)

        def method(self: Any, *arguments: Any) -> Any:
            if mapped(self) and arguments and (place is None or len(arguments) > place):
                arguments = (*arguments[:-1], inward(arguments[-1]))
            return original(self, *arguments)

        return method

    def answer_mapped(original: Callable[..., Any], pick_last: bool) -> Callable[..., Any]:
        def method(self: Any, *arguments: Any, **named: Any) -> Any:
            answer = original(self, *arguments, **named)
            if not mapped(self):
                return answer
            return (*answer[:-1], outward(answer[-1])) if pick_last else outward(answer)

        return method

    methods: dict[str, Callable[..., Any]] = {"bind": bind, "listen": listen}
    for name, place in {"connect": None, "connect_ex": None, "sendto": 1, "sendmsg": 3}.items():
        methods[name] = last_argument_mapped(name, place)
    for name in ("getsockname", "getpeername"):
        methods[name] = answer_mapped(getattr(kernel, name), pick_last=False)
    for name in ("recvfrom", "recvfrom_into", "recvmsg", "recvmsg_into"):
        methods[name] = answer_mapped(getattr(kernel, name), pick_last=True)
    methods["accept"] = answer_mapped(python_accept, pick_last=True)
    for name, method in methods.items():
        method.__name__ = name
        method.__qualname__ = f"socket.{name}"
        setattr(socket.socket, name, method)


def without_us(trace: TracebackType | None) -> TracebackType | None:
    """A traceback without the frames of this file."""
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    link = trace
    while link is not None:
        while link.tb_next is not None and link.tb_next.tb_frame.f_code.co_filename == __file__:
            link.tb_next = link.tb_next.tb_next
        link = link.tb_next
    return trace


def clean(error: BaseException | None, seen: frozenset[int] = frozenset()) -> None:
    """Take our frames out of an exception and out of those that led to it."""
    if error is not None and id(error) not in seen:
        error.__traceback__ = without_us(error.__traceback__)
        for earlier in (error.__cause__, error.__context__):
            clean(earlier, seen | {id(error)})


def except_hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    clean(error)
    sys.__excepthook__(kind, error, without_us(trace))


def change_threading(threading: ModuleType) -> None:
    original = threading.excepthook

    def hook(arguments: Any) -> None:
        clean(arguments.exc_value)
        original(arguments)

    threading.excepthook = hook  # type: ignore[attr-defined]  # ModuleType knows no attributes


def change_traceback(traceback: ModuleType) -> None:
    # Everything in `traceback` (and so in `logging`) reads frames through this one method, on 3.11 to 3.14.
    summary = traceback.StackSummary
    original = summary._extract_from_extended_frame_gen.__func__

    def extract(cls: Any, /, frames: Iterator[Any], **named: Any) -> Any:
        ours = (pair for pair in frames if pair[0].f_code.co_filename != __file__)
        return original(cls, ours, **named)

    summary._extract_from_extended_frame_gen = classmethod(extract)


CHANGES = {"socket": change_socket, "threading": change_threading, "traceback": change_traceback}


class Watcher:
    """Stands before the finders of `sys.meta_path`: sees each import, and changes the three modules above."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None:
                self.found(name, spec)
                return spec
        return None

    def found(self, name: str, spec: ModuleSpec) -> None:
        if name in CHANGES and spec.loader is not None:
            run = spec.loader.exec_module

            def exec_module(module: ModuleType) -> None:
                run(module)
                CHANGES[name](module)

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]  # this one module's own loader
        elif spec.has_location and spec.origin and is_library(spec.origin):
            tell("modules", spec.origin)


def is_library(origin: str) -> bool:
    return not origin.startswith(STDLIB) or "site-packages" in origin or "dist-packages" in origin


def start_the_other_sitecustomize() -> None:
    """Ours hides the one that the machine may have; let it run too."""
    spec = PathFinder.find_spec("sitecustomize", [entry for entry in sys.path if entry != HERE])
    if spec is not None and spec.loader is not None:
        module = type(sys)("sitecustomize")
        module.__spec__, module.__file__ = spec, spec.origin
        spec.loader.exec_module(module)


def take_signals() -> None:
    """A build started in the background of a script ignores Ctrl-C, and its children would inherit that."""
    import _signal  # type: ignore[import-not-found]  # builtin; `signal` would cost each program its imports

    if _signal.getsignal(_signal.SIGINT) == _signal.SIG_IGN:
        _signal.signal(_signal.SIGINT, _signal.default_int_handler)


def tell_the_script() -> None:
    for word in sys.orig_argv[1:]:
        if word.endswith(".py") and os.path.isfile(word):
            tell("modules", os.path.abspath(word))


def begin() -> None:
    tell_the_script()
    start_the_other_sitecustomize()
    take_signals()
    sys.path[:] = [entry for entry in sys.path if entry != HERE]
    sys.excepthook = except_hook
    sys.meta_path.insert(0, Watcher())
    for name, change in CHANGES.items():
        if name in sys.modules:
            change(sys.modules[name])


begin()
