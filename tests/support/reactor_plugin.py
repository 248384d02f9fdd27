"""What every test of the reactor gets: a fresh reactor on each poller, the errors that were logged, and a check at
the end that nothing is left.

A plugin of pytest's, which tests/conftest.py loads. `--reactor` leaves out the rooms that ask no loop (OTHER_ROOMS);
`--oracle` leaves them out too, and asks Twisted the rest (see oracle.py).
"""

import contextlib
import gc
import os
import stat
import sys
import warnings
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.support import loops, oracle, simulated

TESTS = Path(__file__).parents[1]

# They ask no loop, or bring worlds of their own. Every other folder of tests is a room of the reactor.
OTHER_ROOMS = {
    *("benchmarks", "browser", "classroom", "docs", "faults", "lecture", "notebook", "peers", "port", "sim", "style"),
    "tools",
}

# Rooms whose tests talk to Twisted, or ldaptor, in a process of its own: it says over the wire what is right.
ASK_TWISTED_AS_A_PEER = {"conch", "ldap", "positioning", "spread", "words"}
NOT_ON_WINDOWS = (  # it has no signals between processes, terminals, UNIX sockets, limits on descriptors
    *("application/runner/test_*.py", "application/test_state_file_crashes.py", "log/test_daemons.py"),
    *("core/*/test_process*.py", "modules/test_process*.py", "core/*/test_reaping.py", "core/*/test_serialport.py"),
    *("core/*/test_stdio*.py", "core/*/test_signals.py", "*/test_*unix*.py", "core/*/test_socket_peers.py"),
    *("core/*/test_toolkits.py", "core/*/test_kqueue.py", "core/*/test_adopting.py", "endpoints/test_systemd.py"),
    *("asyncioloop/test_cpython.py", "behaviour/test_odd_moments.py"),
    "web/test_plugin.py",  # it moves a file that is open
)


def pytest_addoption(parser):
    parser.addoption("--reactor", action="store_true", help="run the tests of reactor only")
    parser.addoption("--oracle", action="store_true", help="run the tests of reactor against Twisted itself")


def place_of(path):
    """Where a test, a file or a folder is below the folder of tests, with slashes; "" if it isn't there."""
    return path.relative_to(TESTS).as_posix() if TESTS in path.parents else ""


def is_of_the_reactor(path):
    """Whether a test, a file or a folder is in a room of the reactor."""
    room, *_ = place_of(path).split("/")
    return room not in {"", *OTHER_ROOMS}


def pytest_ignore_collect(collection_path, config):
    """Pass by what this run doesn't ask. (None leaves the question to others.)"""
    if TESTS not in collection_path.parents:
        return None
    if config.getoption("--oracle") and place_of(collection_path).partition("/")[0] in ASK_TWISTED_AS_A_PEER:
        return True
    if not is_of_the_reactor(collection_path):
        return config.getoption("--reactor") or config.getoption("--oracle") or None
    place = place_of(collection_path)
    return (os.name == "nt" and any(fnmatch(place, pattern) for pattern in NOT_ON_WINDOWS)) or None


def pytest_configure(config):
    config.addinivalue_line("markers", "own_promise(why): a promise of ours that Twisted does not make")
    config.addinivalue_line(
        "markers", "not_only_sockets: is not run on the select of Windows, which takes nothing else"
    )
    config.addinivalue_line("markers", "only_linux: is about what only Linux has, or asks it what only it tells")
    config.addinivalue_line("markers", "leaks_in_twisted(what): Twisted itself leaves something unclosed here")
    if config.getoption("--oracle", default=False):
        oracle.install()
        oracle.log_to_nobody()
        config.addinivalue_line("filterwarnings", "ignore:Passing pyOpenSSL:DeprecationWarning")  # Twisted does that
        config.addinivalue_line("filterwarnings", "ignore:'(spwd|crypt)' is deprecated:DeprecationWarning")  # and that


@pytest.hookimpl(tryfirst=True)  # so that a name begins with its loop
def pytest_generate_tests(metafunc):
    """Run a test that needs a reactor once on each loop, unless it says itself on which."""
    if "make_reactor" in metafunc.fixturenames and not chooses_its_loops(metafunc.definition):
        metafunc.parametrize("make_reactor", [*loops.here(), *simulated.here()], indirect=True)


def chooses_its_loops(item):
    return any(mark.args[0] == "make_reactor" for mark in item.iter_markers("parametrize"))


def pytest_collection_modifyitems(items):
    items[:] = [item for item in items if not (is_of_the_reactor(item.path) and any(lacks(item) for lacks in LACKING))]
    if not oracle.installed():
        return
    for item in items:
        promise = item.get_closest_marker("own_promise")
        if promise is not None:
            item.add_marker(pytest.mark.skip(reason=f"not Twisted's promise: {promise.args[0]}"))
        if item.get_closest_marker("leaks_in_twisted"):
            item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))


def needs_what_windows_has_not(item):
    parameters = getattr(item, "callspec", None)
    on_windows = parameters is not None and parameters.params.get("make_reactor") == "win32"
    return on_windows and item.get_closest_marker("not_only_sockets") is not None


def needs_another_platform(item):
    is_about_unix_sockets = "unix" in item.name
    is_for_linux = item.get_closest_marker("only_linux") is not None
    return (os.name == "nt" and is_about_unix_sockets) or (sys.platform != "linux" and is_for_linux)


def needs_a_real_system(item):
    parameters = getattr(item, "callspec", None)
    in_simulated_world = parameters is not None and parameters.params.get("make_reactor") == simulated.NAME
    return in_simulated_world and simulated.why_not(item) is not None


LACKING = [needs_what_windows_has_not, needs_another_platform, needs_a_real_system]


class LoggedErrors:
    """A log observer that keeps the failures which were logged, until a test says that it expected them."""

    def __init__(self):
        self.failures = []

    def __call__(self, event):
        if event["isError"] and "failure" in event:
            self.failures.append(event["failure"])

    def flush(self, *types):
        """The exceptions of these types that were logged since the last flush, in order."""
        expected = [failure.value for failure in self.failures if failure.check(*types)]
        self.failures = [failure for failure in self.failures if not failure.check(*types)]
        return expected


@pytest.fixture(autouse=True)
def log_is_watched(request):
    """In the rooms of the reactor no test leaves the log to another observer, or an error in it."""
    if is_of_the_reactor(request.path):
        request.getfixturevalue("log_goes_where_it_went")
        request.getfixturevalue("logged_errors")


@pytest.fixture
def log_goes_where_it_went():
    """A test that logs to somewhere, and stops it, takes errors from stderr; the next test finds them there again."""
    from reactor import log

    before = [] if oracle.installed() else list(log.theLogPublisher.observers)
    yield
    if not oracle.installed():
        log.theLogPublisher.observers[:] = before


@pytest.fixture
def logged_errors():
    """What was logged as an error. The test fails if it leaves one there that it didn't flush."""
    from reactor import log

    observer = LoggedErrors()
    log.addObserver(observer)
    yield observer
    log.removeObserver(observer)
    assert not observer.failures, "errors were logged: " + "\n".join(f.getTraceback() for f in observer.failures)


DESCRIPTORS = next(filter(os.path.isdir, ["/proc/self/fd", "/dev/fd"]), None)  # Linux; macOS; Windows has neither


def open_files():
    """Every file descriptor of this process, with what it is as far as the system tells."""
    found = set()
    for number in os.listdir(DESCRIPTORS) if DESCRIPTORS else ():
        try:
            if DESCRIPTORS == "/proc/self/fd":
                found.add((number, os.readlink(f"{DESCRIPTORS}/{number}")))
            else:
                found.add((number, stat.S_IFMT(os.fstat(int(number)).st_mode)))
        except OSError:  # the descriptor that listdir itself used
            continue
    return found


@pytest.fixture
def make_reactor(request):
    """Makes reactors on the poller that this run of the test is about, and checks that the test tidied up."""
    loops.prepare(request.param)
    before = open_files()
    made = []
    with contextlib.ExitStack() as cleanup:
        make_one = loops.maker(request.param, cleanup.callback)

        def make():
            made.append(make_one())
            return made[-1]

        yield make
        left = [item for reactor in made for item in left_in(reactor)]
        for reactor in made:
            oracle.dispose(reactor)
    assert left == []
    if oracle.installed() and request.node.get_closest_marker("leaks_in_twisted"):
        forget_leaks()
    else:
        assert open_files() - before == set()


def forget_leaks():
    """Let the garbage collector close what Twisted left open, before it is counted against a later test."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def left_in(reactor):
    """Everything that would still make this reactor call somebody."""
    own = getattr(reactor, "_internalReaders", ())
    sockets = [item for item in [*reactor.getReaders(), *reactor.getWriters()] if item not in own]
    return sockets + list(reactor.getDelayedCalls())


@pytest.fixture
def reactor(make_reactor):
    """A fresh reactor. All tests that use it run once on each poller."""
    fresh = make_reactor()
    oracle.let_tls_wait_in(fresh)
    return fresh


@pytest.fixture
def one_reactor():
    """A fresh reactor, of one kind: for tests that are about other people's programs, and not about loops."""
    from reactor.selectreactor import SelectReactor

    loop = SelectReactor()
    yield loop
    assert list(loop.getDelayedCalls()) == []
    oracle.dispose(loop)


@pytest.fixture
def connect(reactor):
    """Makes pairs of connected protocols (see loopback.Pair) and closes what is left of them after the test."""
    from tests.support.loopback import Pair

    pairs = []

    def make(**options):
        pairs.append(Pair(reactor, **options))
        return pairs[-1]

    yield make
    for pair in pairs:
        pair.close()


@pytest.fixture
def listen(reactor):
    """Like reactor.listenTCP on a free port of the loopback interface; the port is closed after the test."""
    from tests.support.loopback import stop_listening

    ports = []

    def start(factory, port=0, **options):
        options.setdefault("interface", "127.0.0.1")
        ports.append(reactor.listenTCP(port, factory, **options))
        return ports[-1]

    yield start
    for port in ports:
        stop_listening(reactor, port)
