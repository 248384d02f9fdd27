"""Plain sockets of the simulated world, for tests that have one at the other end: they block if they are asked to.

A simulated socket can't block, since that would stop the world. A test stands outside of the world: while it waits, it
lets the world go on.
"""

import socket

from reactor.sim.descriptors import POLLIN, POLLOUT, Descriptors
from reactor.sim.system import SimSystem
from reactor.sim.unix import UNIXStream, _pair

PATIENCE_S = 100.0


class PlainSockets:
    """What the module `socket` has to open one.

    host: where they are. reactors: of the test, there too; the newest is the one that watches `socketpair`s.
    """

    def __init__(self, world, host, reactors):
        self.world = world
        self.host = host
        self.reactors = reactors
        self.descriptors = Descriptors()  # of the test, which is a program of its own
        self.system = SimSystem(host, self.descriptors, world.names, world.clock)

    def stand_in(self, at_the_end):
        """Be the module's way to open sockets, until the end of the test."""
        for name in ("socket", "create_connection", "socketpair"):
            at_the_end(setattr, socket, name, getattr(socket, name))
            setattr(socket, name, getattr(self, name))

    def socket(self, family=socket.AF_INET, kind=socket.SOCK_STREAM):
        if family == socket.AF_UNIX:
            made = self.system.unix_socket(kind == socket.SOCK_DGRAM)
        else:
            make = self.system.tcp_socket if kind == socket.SOCK_STREAM else self.system.udp_socket
            made = make("::" if family == socket.AF_INET6 else "")
            made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)  # Linux lets it grow by itself as far
        return PlainSocket(made, self.world)

    def create_connection(self, address):
        skt = self.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET)
        skt.connect(address)
        return skt

    def socketpair(self):
        descriptors = self.reactors[-1].system.descriptors if self.reactors else self.descriptors
        ends = _pair(None, None)
        return tuple(PlainSocket(UNIXStream(self.host, descriptors, self.world.names, end), self.world) for end in ends)


class PlainSocket:
    def __init__(self, skt, world):
        self._socket = skt
        self._world = world
        self._blocks = True

    def __getattr__(self, name):
        return getattr(self._socket, name)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self._socket.close()

    def setblocking(self, flag):
        self._blocks = flag

    def settimeout(self, seconds):
        self._blocks = seconds != 0

    def _until(self, mask):
        if self._blocks:
            self._world.run_until(lambda: self._socket.ready() & mask, PATIENCE_S)

    def connect(self, address):
        try:
            self._socket.connect(address)
        except BlockingIOError:
            if not self._blocks:
                raise
            self._until(POLLOUT)
            self._socket.connect(address)

    def accept(self):
        self._until(POLLIN)
        skt, address = self._socket.accept()
        return PlainSocket(skt, self._world), address

    def recv(self, size, flags=0):
        self._until(POLLIN)
        return self._socket.recv(size, flags) if flags else self._socket.recv(size)

    def recvfrom(self, size):
        self._until(POLLIN)
        return self._socket.recvfrom(size)

    def send(self, data):
        self._until(POLLOUT)
        return self._socket.send(data)

    def sendall(self, data):
        left = memoryview(data)
        while left:
            left = left[self.send(left) :]
