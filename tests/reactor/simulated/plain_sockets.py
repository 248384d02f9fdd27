"""The socket module for tests that have a plain socket at the other end: simulated sockets, that block if asked to.

A simulated socket can't block, since that would stop the world. A test stands outside of the world: while it waits, it
lets the world go on.
"""

import socket as real

from reactor.sim.descriptors import POLLIN, POLLOUT, Descriptors
from reactor.sim.system import SimSystem
from reactor.sim.unix import UNIXStream, _pair


class PlainSockets:
    """In place of the module `socket`; what it doesn't have is the real one's."""

    def __init__(self, world, host):
        self.world = world
        self.host = host
        self.descriptors = Descriptors()  # of the test, which is a program of its own
        self.system = SimSystem(host, self.descriptors, world.names, world.clock)
        self.reactors = []

    def __getattr__(self, name):
        return getattr(real, name)

    def socket(self, family=real.AF_INET, kind=real.SOCK_STREAM):
        if family == real.AF_UNIX:
            made = self.system.unix_socket(kind == real.SOCK_DGRAM)
        else:
            make = self.system.tcp_socket if kind == real.SOCK_STREAM else self.system.udp_socket
            made = make("::" if family == real.AF_INET6 else "")
        return PlainSocket(made, self.world)

    def create_connection(self, address):
        skt = self.socket(real.AF_INET6 if ":" in address[0] else real.AF_INET)
        skt.connect(address)
        return skt

    def socketpair(self):
        """Two ends that the reactor of the test can watch: they are among its descriptors."""
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
        while self._blocks and not self._socket.ready() & mask:
            assert self._world.step(), f"{self._socket!r} would block for ever"

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
