import pytest
from kernels import RealKernel, SimulatedKernel


@pytest.fixture(params=[RealKernel, SimulatedKernel], ids=lambda kernel: kernel.name)
def kernel(request):
    """Each test runs on both kernels, and must find the same."""
    made = request.param()
    yield made
    made.close()
