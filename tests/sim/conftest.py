import pytest
from kernels import RealKernel, SimulatedKernel, connected

ANYWHERE = ("127.0.0.1", 0)


@pytest.fixture(params=[RealKernel, SimulatedKernel], ids=lambda kernel: kernel.name)
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
