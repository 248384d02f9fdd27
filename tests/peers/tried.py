"""Which programs each protocol was tried with: claimed by a mark on a test, proved when it passes, written down.

A plugin of pytest's, which tests/conftest.py loads. `--write-peers` writes the pairs that passed into peers.json of the
lecture, and takes out those that failed; pairs of tests that didn't run stay as they are. A test (test_tried.py) holds
the file against the marks, so that neither can have a pair that the other lacks.
"""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.peers.daemons import Daemon
from tests.peers.packages import why_missing

REPORT = Path(__file__).parents[2] / "lecture" / "doom" / "part4" / "peers.json"

# Protocol → the module that speaks it, and the RFCs that it follows. (SOCKS 4 and 4a have none.)
PROTOCOLS = {
    "HTTP": ("reactor.web", [9110, 9112, 6455]),
    "XML-RPC": ("reactor.web.xmlrpc", []),
    "GPS": ("reactor.positioning.nmea", []),
    "SOCKS": ("reactor.protocols.socks", [1928, 1929]),
    "finger": ("reactor.protocols.finger", [1288]),
    "SMTP": (
        "reactor.mail.smtp",
        [5321, 1870, 2033, 2034, 2920, 3030, 3207, 3461, 3464, 4954, 6152, 6409, 6531, 7505],
    ),
    "POP3": ("reactor.mail.pop3", [1939, 2449, 2595, 3206, 5034, 6856]),
    "IMAP": (
        "reactor.mail.imap4",
        [3501, 2177, 2342, 2971, 3691, 4315, 4731, 4959, 5161, 5819, 6154, 6851, 7162, 7888, 8438],
    ),
    "PB": ("reactor.spread.pb", []),
    "NNTP": ("reactor.news.nntp", [3977, 2980, 4642, 4643, 4644, 5536, 5537, 8143]),
    "IRC": ("reactor.words", [1459, 2812, 7194]),
    "telnet": ("reactor.conch.telnet", [854, 855, 856, 857, 858, 885, 1073, 1091, 1143, 1184, 1572, 2066]),
    "SSH": ("reactor.conch.ssh", [4251, 4252, 4253, 4254, 4256]),
    "FTP": ("reactor.protocols.ftp", [959, 1123, 2389, 2428, 2577, 2640, 3659, 4217]),
    "SFTP": ("reactor.conch.ssh.filetransfer", []),
    "LDAP": (
        "reactor.ldap",
        [4511, 2696, 2849, 2891, 3062, 3673, 3909, 4512, 4513, 4514, 4515, 4516, 4517, 4519, 4525, 4526, 4527, 4532],
    ),
    "DNS": ("reactor.names", [1034, 1035, 1995, 1996, 2308, 4592, 5936, 6891, 7766, 7858, 8945]),
}
ROLES = ("client", "server")


def read_report():
    """Protocol → {"module", "rfcs", "client": programs, "server": programs}, as the build reads it."""
    return json.loads(REPORT.read_text(encoding="utf-8")) if REPORT.exists() else {}


def merged(report, passed, failed):
    """The report with these triples (protocol, role, program) in it, or not in it any more, in a fixed order."""
    pairs = {(name, role, peer) for name, row in report.items() for role in ROLES for peer in row.get(role, ())}
    pairs = (pairs | set(passed)) - set(failed)
    rows = {}
    for name, (module, rfcs) in PROTOCOLS.items():
        tried = {role: sorted(peer for one, its, peer in pairs if (one, its) == (name, role)) for role in ROLES}
        if any(tried.values()):
            rows[name] = {"module": module, "rfcs": rfcs, **tried}
    return rows


def pairs_of(mark):
    """The triples that a mark claims. Raises pytest.UsageError for a mark that can't be understood."""
    if len(mark.args) != 1 or mark.args[0] not in PROTOCOLS or not mark.kwargs or not set(mark.kwargs) <= {*ROLES}:
        raise pytest.UsageError(
            f"peer{mark.args}{mark.kwargs}: write peer(PROTOCOL, client=PROGRAM) or server=PROGRAM; "
            f"the protocols are {', '.join(PROTOCOLS)}"
        )
    return [(mark.args[0], role, peer) for role, peer in mark.kwargs.items()]


class Tried:
    """What the tests of this run have proved."""

    def __init__(self):
        self.passed, self.failed = set(), set()

    def pytest_runtest_logreport(self, report):
        """Called where the reports of all workers come together, as well as without any."""
        pairs = {tuple(pair) for name, pair in report.user_properties if name == "peer"}
        if report.failed:
            self.failed |= pairs
        elif report.passed and report.when == "call":
            self.passed |= pairs

    def pytest_sessionfinish(self):
        rows = merged(read_report(), self.passed, self.failed)
        REPORT.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def pytest_addoption(parser):
    parser.addoption("--write-peers", action="store_true", help="write down which programs were tried")


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "peer(protocol, client=program, server=program): speaks with a program that others wrote"
    )
    is_worker = hasattr(config, "workerinput")
    if config.getoption("--write-peers") and not is_worker:
        config.pluginmanager.register(Tried())


def pytest_runtest_setup(item):
    for mark in item.iter_markers("peer"):
        for protocol, role, peer in pairs_of(mark):
            item.user_properties.append(("peer", (protocol, role, peer)))
            missing = why_missing(peer)
            if missing and os.environ.get("CI") and shutil.which("apt-get"):
                pytest.fail(missing)  # CI installs the list, so this one is a mistake there
            elif missing:
                pytest.skip(missing)


@pytest.fixture
def daemon(tmp_path):
    """Starts servers of others, as Daemon does, and stops them after the test."""
    running = []

    def start(*command, files=None, ready=None):
        folder = tmp_path / f"daemon{len(running)}"
        folder.mkdir()
        running.append(Daemon(folder, command, files or {}, ready))
        return running[-1]

    yield start
    for one in running:
        one.stop()
