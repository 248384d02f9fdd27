"""Two kernels for one suite: the machine's own, and the simulated one.

Both give non-blocking sockets on a host that is alone with its loopback interface; the machine's own is asked on Linux
only. What a call causes on this interface has happened when the call returns, on Linux as in the simulation; what
takes a moment is waited for by `until`.
"""

import errno
import select
import socket

from reactor.sim import World
from reactor.sim.descriptors import Descriptors
from reactor.sim.system import SimSystem

PATIENCE_S = 5.0


class RealKernel:
    name = "real"

    def __init__(self):
        self._open = []

    def tcp(self, family=socket.AF_INET):
        return self._keep(socket.socket(family, socket.SOCK_STREAM))

    def udp(self, family=socket.AF_INET):
        return self._keep(socket.socket(family, socket.SOCK_DGRAM))

    def unix(self, kind=socket.SOCK_STREAM):
        return self._keep(socket.socket(socket.AF_UNIX, kind))

    def _keep(self, skt):
        skt.setblocking(False)
        self._open.append(skt)
        return skt

    def mask(self, skt):
        """What poll(2) says, asked for reading and writing."""
        poll = select.poll()
        poll.register(skt, select.POLLIN | select.POLLOUT)
        return dict(poll.poll(0)).get(skt.fileno(), 0)

    def until(self, condition):
        """Wait for the kernel's other half, which works a moment later when the machine is busy."""
        for _ in range(10_000):
            if condition():
                return
            select.poll().poll(1)
        raise AssertionError("it never happened")

    def close(self):
        for skt in self._open:
            skt.close()


class SimulatedKernel:
    name = "simulated"

    def __init__(self):
        self.world = World()
        self.host = self.world.host("alone")
        self.descriptors = Descriptors()
        self.system = SimSystem(self.host, self.descriptors, self.world.names, self.world.clock)

    def tcp(self, family=socket.AF_INET):
        return self.system.tcp_socket("::" if family == socket.AF_INET6 else "")

    def udp(self, family=socket.AF_INET):
        return self.system.udp_socket("::" if family == socket.AF_INET6 else "")

    def unix(self, kind=socket.SOCK_STREAM):
        return self.system.unix_socket(kind == socket.SOCK_DGRAM)

    def mask(self, skt):
        return skt.ready()

    def until(self, condition):
        while not condition():
            assert self.world.step(), "it never happened, and nothing else will"

    def close(self):
        self.system.end()
        assert len(self.descriptors) == 0


def error_of(action, *args):
    """The name of the errno that a call fails with; "" when it succeeds."""
    try:
        action(*args)
    except OSError as problem:
        return errno.errorcode.get(problem.errno, str(problem))
    return ""


def connected(kernel, family=socket.AF_INET):
    """Two ends of a connection: the client's, and the server's."""
    host = "::1" if family == socket.AF_INET6 else "127.0.0.1"
    with kernel.tcp(family) as listener:
        listener.bind((host, 0))
        listener.listen(1)
        client = kernel.tcp(family)
        client.connect_ex(listener.getsockname())
        kernel.until(lambda: kernel.mask(listener))
        server, _ = listener.accept()
    server.setblocking(False)
    if kernel.name == "real":
        kernel._open.append(server)
    kernel.until(lambda: kernel.mask(client))
    assert client.connect_ex(client.getpeername()) in (0, errno.EISCONN)
    return client, server
