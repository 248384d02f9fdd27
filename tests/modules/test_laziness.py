"""`import reactor` is nearly free, and the reactor of the program is made when somebody asks for it."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.own_promise("it makes its reactor and imports most of itself at once")


def output_of(source):
    """What a fresh interpreter prints."""
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# Wakes a debugger for anything that opens a socket or a file for waiting, starts a thread, or takes a signal.
WATCHED = """
import sys
def hook(event, arguments):
    if event.startswith(("socket.", "signal.", "_thread.start", "subprocess.", "os.fork")):
        print("touched", event)
sys.addaudithook(hook)
"""

MODULES = [
    "",
    ".protocol",
    ".error",
    ".defer",
    ".address",
    ".failure",
    ".interfaces",
    ".task",
    ".log",
    ".testing",
    ".main",
    ".epollreactor",
    ".pollreactor",
    ".selectreactor",
]


@pytest.mark.parametrize("module", MODULES)
def test_importing_touches_no_socket_thread_or_signal(module):
    assert output_of(f"{WATCHED}\nimport reactor{module}") == ""


def test_importing_the_package_brings_in_few_modules():
    """Itself, beside `typing` and `__future__`, which most programs have anyway."""
    source = (
        "import __future__, sys, typing; before = set(sys.modules); import reactor; print(*set(sys.modules) - before)"
    )
    assert output_of(source) == "reactor"


@pytest.mark.parametrize("module", ["ssl", "asyncio", "concurrent.futures", "subprocess", "multiprocessing", "http"])
def test_making_the_reactor_brings_in_no_heavy_module(module):
    source = f"import sys; from reactor import reactor; print({module!r} in sys.modules)"
    assert output_of(source) == "False"


def test_making_the_reactor_starts_no_thread():
    source = "import threading; from reactor import reactor; print(threading.active_count())"
    assert output_of(source) == "1"


@pytest.mark.skipif(sys.platform != "linux", reason="another platform, another best poller")
def test_the_reactor_of_the_program_is_on_epoll_by_default():
    assert output_of("from reactor import reactor; print(type(reactor).__name__)") == "EPollReactor"


def test_there_is_one_reactor_for_the_program():
    source = "from reactor import reactor; import reactor as package; print(package.reactor is reactor)"
    assert output_of(source) == "True"


@pytest.mark.parametrize(("name", "kind"), [("select", "SelectReactor"), ("poll", "PollReactor")])
def test_install_chooses_another_one(name, kind):
    install = f"from reactor import {name}reactor; {name}reactor.install()"
    assert output_of(f"{install}; from reactor import reactor; print(type(reactor).__name__)") == kind


@pytest.mark.parametrize("first", ["selectreactor.install()", "reactor.reactor"])
def test_installing_a_second_one_is_an_error(first):
    source = f"""
import reactor
from reactor import epollreactor, selectreactor, error
{first}
try:
    epollreactor.install()
except error.ReactorAlreadyInstalledError:
    print("refused")
"""
    assert output_of(source) == "refused"


def test_a_name_that_the_package_lacks_is_an_AttributeError():
    source = """
import reactor
try:
    reactor.no_such_thing
except AttributeError as problem:
    print(problem)
"""
    assert "no_such_thing" in output_of(source)


def test_a_program_that_made_its_reactor_and_never_ran_it_ends_quietly():
    source = "import warnings; warnings.simplefilter('error'); from reactor import reactor; reactor.callLater(1, print)"
    assert output_of(source) == ""
