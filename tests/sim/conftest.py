import os
import sys

import pytest

from tests.sim.kernels import RealKernel, SimulatedKernel, connected

if os.name == "nt":  # it has no poll(2), and no shell for tools/pythons
    collect_ignore = ["test_sockets.py", "test_streams.py", "test_datagram_sockets.py", "test_determinism.py"]

KERNELS = (
    [RealKernel, SimulatedKernel] if sys.platform == "linux" else [SimulatedKernel]
)  # it is Linux that is simulated
ANYWHERE = ("127.0.0.1", 0)


@pytest.fixture(params=KERNELS, ids=lambda kernel: kernel.name)
def kernel(request):
    """Each test runs on both kernels, and must find the same."""
    made = request.param()
    yield made
    made.close()


@pytest.fixture
def listener(kernel):
    skt = kernel.tcp()
    skt.bind(ANYWHERE)
    skt.listen(5)
    return skt


@pytest.fixture
def nobody(kernel):
    """The address of a socket that is bound, and doesn't listen."""
    skt = kernel.tcp()
    skt.bind(ANYWHERE)
    return skt.getsockname()


@pytest.fixture
def pair(kernel):
    return connected(kernel)
