"""What tls.py and slow_reader.py share: a certificate, a server on its own core, and a client's end of a connection."""

from __future__ import annotations

import os
import re
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from _machine import server_and_load_core

HERE = Path(__file__).parent
SERVER_CORE, LOAD_CORE = server_and_load_core()  # asked before this process has moved to one of them
NEEDS = {
    "reactor": ("reactor.core.reactor",),
    "asyncio": ("asyncio",),
    "uvloop": ("uvloop",),
    "twisted": ("twisted.internet", "OpenSSL"),
}


class Server:
    """A running server. pid: its process. port: where it listens."""

    def __init__(self, pid: int, port: int, pem: Path | None) -> None:
        self.pid, self.port, self._pem = pid, port, pem

    def connect(self) -> socket.socket:
        """A blocking connection to it, over TLS if it speaks that."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        if self._pem is None:
            return plain
        context = ssl.create_default_context(cafile=str(self._pem))
        return context.wrap_socket(plain, server_hostname="localhost")

    def memory_kib(self, which: str) -> int:
        """VmRSS, what it has in memory now; or VmHWM, the most it ever had: proc(5)."""
        found = re.search(rf"^{which}:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text(), re.MULTILINE)
        assert found is not None
        return int(found[1])

    def forget_peak(self) -> None:
        """Let VmHWM begin anew: proc(5), clear_refs."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")


@contextmanager
def serving(contender: str, kind: str, transport: str, pem: Path, size: int = 0) -> Iterator[Server]:
    """A server on a core of its own; the caller moves to the other. See stream_servers.py."""
    command = [sys.executable, str(HERE / "stream_servers.py"), contender, kind, transport, str(pem), str(size)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            os.sched_setaffinity(process.pid, {SERVER_CORE})
            os.sched_setaffinity(0, {LOAD_CORE})
            assert process.stdout is not None
            announced = process.stdout.readline()
            if not announced:
                sys.exit(f"the {contender} server ended before it listened; its error stands above")
            yield Server(process.pid, int(announced), pem if transport == "tls" else None)
        finally:
            process.kill()


def certificate(folder: str) -> Path:
    """A certificate for localhost, made for this run."""
    from reactor.ssl import developmentCertificate

    developmentCertificate(["localhost"], folder)
    return Path(folder, "development.pem")
