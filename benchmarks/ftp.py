"""RETR over FTP: what a server spends on a file of 1 GiB, beside vsftpd, pyftpdlib and twisted.protocols.ftp.

A stranger fetches it over a plain connection and throws it away. The figure is the CPU time of all processes of the
server between the command and the reply after the last byte. The file is sparse, so that no disk is measured. vsftpd,
pyftpdlib and ours have the kernel send the file; Twisted reads and writes it.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from _machine import Watch, importable, require_linux, server_and_load_core
from _measure import chosen, comparison, conditions, options, publish, take_turns

TWISTED_STYLE = """
import sys
from {package} import reactor
from {cred}.checkers import AllowAnonymousAccess
from {cred}.portal import Portal
from {protocols}.ftp import FTPFactory, FTPRealm
port = reactor.listenTCP(int(sys.argv[1]), FTPFactory(Portal(FTPRealm(sys.argv[2]), [AllowAnonymousAccess()])),
                         interface="127.0.0.1")
reactor.run()
"""
PROGRAMS = {
    "reactor": TWISTED_STYLE.format(package="reactor", cred="reactor.cred", protocols="reactor.protocols"),
    "twisted": TWISTED_STYLE.format(package="twisted.internet", cred="twisted.cred", protocols="twisted.protocols"),
    "pyftpdlib": """
import sys
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer
FTPHandler.authorizer = DummyAuthorizer()
FTPHandler.authorizer.add_anonymous(sys.argv[2])
FTPServer(("127.0.0.1", int(sys.argv[1])), FTPHandler).serve_forever()
""",
}
VSFTPD = """listen=YES
listen_address=127.0.0.1
listen_port={port}
run_as_launching_user=YES
anonymous_enable=YES
anon_root={root}
xferlog_enable=NO
seccomp_sandbox=NO
"""
MIB = 2**20


@dataclass(frozen=True)
class Sample:
    """retr: seconds of the server's CPU time for the file."""

    retr: float


def cpu_of(server: int) -> float:
    """Seconds that a process and those below it have used; vsftpd has one for each session."""
    parents, spent = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid = int(stat.parent.name)
            parents[pid] = int(stat.read_text().rpartition(")")[2].split()[1])
            spent[pid] = int((stat.parent / "schedstat").read_text().split()[0])
        except OSError:
            continue  # it has ended

    def is_below(pid: int) -> bool:
        return pid == server or (pid in parents and is_below(parents[pid]))

    return sum(time for pid, time in spent.items() if is_below(pid)) / 1e9


class Client:
    """A session of a stranger, who fetches the file."""

    def __init__(self, port: int) -> None:
        self._socket = self._connected(port)
        self._lines = self._socket.makefile("rb")
        self._reply(b"220")
        for command, code in ((b"USER anonymous", b"331"), (b"PASS a@", b"230"), (b"TYPE I", b"200")):
            self._ask(command, code)

    def _connected(self, port: int) -> socket.socket:
        return socket.create_connection(("127.0.0.1", port), 30)

    def _reply(self, code: bytes) -> bytes:
        line = self._lines.readline()
        while line[3:4] == b"-":
            line = self._lines.readline()
        assert line.startswith(code), line
        return line

    def _ask(self, command: bytes, code: bytes) -> bytes:
        self._socket.sendall(command + b"\r\n")
        return self._reply(code)

    def fetch(self) -> int:
        """The file. Returns how many bytes came."""
        numbers = self._ask(b"PASV", b"227").partition(b"(")[2].partition(b")")[0].split(b",")
        size, buffer = 0, bytearray(MIB)
        with self._connected(int(numbers[4]) * 256 + int(numbers[5])) as data:
            self._ask(b"RETR file", b"1")
            while count := data.recv_into(buffer):
                size += count
        self._reply(b"226")
        return size

    def close(self) -> None:
        """Hang up."""
        self._lines.close()
        self._socket.close()


@contextmanager
def serving(contender: str, core: int, mib: int) -> Iterator[tuple[int, int]]:
    """A server with one file, on a core. Gives the id of its process, and its port."""
    with tempfile.TemporaryDirectory() as base, socket.socket() as probe:
        root = Path(base, "root")
        root.mkdir()
        with (root / "file").open("wb") as file:
            file.truncate(mib * MIB)
        root.chmod(0o555)  # vsftpd wants that nobody can write there
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        if contender == "vsftpd":
            Path(base, "conf").write_text(VSFTPD.format(port=port, root=root), encoding="utf-8")
            command = ["vsftpd", f"{base}/conf"]
        else:
            command = [sys.executable, "-c", PROGRAMS[contender], str(port), str(root)]
        with subprocess.Popen(
            ["taskset", "-c", str(core), *command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as server:
            try:
                wait_for(port, server)
                yield server.pid, port
            finally:
                server.terminate()


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Until the server listens. Raises RuntimeError when it ends before."""
    while server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        os.sched_yield()
    raise RuntimeError(f"the server ended with status {server.returncode}")


def measure(contender: str, core: int, mib: int) -> Sample:
    """One round of one contender."""
    with serving(contender, core, mib) as (server, port):
        client = Client(port)
        client.fetch()  # so that the file is in memory
        before = cpu_of(server)
        size = client.fetch()
        spent = cpu_of(server) - before
        client.close()
        assert size == mib * MIB, size
        return Sample(spent)


def main() -> None:
    parser = options(__doc__, rounds=5)
    parser.add_argument("--mib", type=int, default=1024, help="how large the file is, in MiB (1024)")
    arguments = parser.parse_args()
    require_linux()
    wanted = chosen(("reactor", "twisted", "pyftpdlib", "vsftpd"), arguments.only)
    there = {name: importable(name) for name in ("twisted", "pyftpdlib")}
    there["vsftpd"] = shutil.which("vsftpd") is not None
    missing = [name for name in wanted if not there.get(name, True)]
    server_core, load_core = server_and_load_core()
    os.sched_setaffinity(0, {load_core})
    watch = Watch(["tutorial-of-doom", "twisted", "pyftpdlib"])
    present = [name for name in wanted if name not in missing]
    rounds = take_turns(present, arguments.rounds, lambda name: measure(name, server_core, arguments.mib))
    machine = watch.report()
    figures = {name: [one.retr for one in series] for name, series in rounds.items()}
    sections = {
        f"A file of {arguments.mib} MiB": comparison(figures, "s of CPU", missing),
        "Conditions": conditions(machine, arguments.rounds),
    }
    samples = {name: [asdict(one) for one in series] for name, series in rounds.items()}
    publish("FTP: RETR", sections, {"machine": machine, "samples": samples}, arguments.json)


if __name__ == "__main__":
    main()
