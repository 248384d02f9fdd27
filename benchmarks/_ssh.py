"""Servers of SSH for benchmarks: a program of Python's, or sshd, alone on its core, with keys that are made for it."""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"])
USER = getpass.getuser()
KEYS = """
import sys
folder, user = sys.argv[1:]
"""
SSHD = """
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PidFile none
UsePAM no
StrictModes no
PermitRootLogin yes
MaxStartups 1000
Subsystem sftp internal-sftp
"""


@contextmanager
def serving(programs: Mapping[str, str], contender: str, core: int) -> Iterator[tuple[int, int, Path]]:
    """A server alone on its core: its process, its port, the folder with the keys `host` and `user`.

    programs: text of Python by contender, which finds `folder` and `user`, and prints its port.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for key in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / key], check=True)
        port = 0
        if contender == "sshd":
            if os.getuid() == 0:
                Path("/run/sshd").mkdir(0o755, exist_ok=True)  # where it locks itself up before a login
            with socket.create_server(("127.0.0.1", 0)) as probe:
                port = probe.getsockname()[1]
            (folder / "config").write_text(SSHD.format(folder=folder))
            words = [str(shutil.which("sshd", path=PATH)), "-D", "-p", str(port), "-f", str(folder / "config")]
        else:
            words = [sys.executable, "-c", KEYS + programs[contender], name, USER]
        command = ["taskset", "-c", str(core), *words]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
            try:
                yield process.pid, port or int(process.stdout.readline()), folder  # type: ignore[union-attr]  # a pipe
            finally:
                process.send_signal(signal.SIGTERM)


def cpu_of(pid: int) -> float:
    """Seconds that a process has used, and its children that have ended."""
    process = Path("/proc", str(pid))
    children = map(int, (process / "stat").read_text().rpartition(")")[2].split()[13:15])
    own = sum(int(task.read_text().split()[0]) for task in process.glob("task/*/schedstat"))
    return own / 1e9 + sum(children) / os.sysconf("SC_CLK_TCK")


def is_missing(contender: str) -> bool:
    """Whether it is sshd, and not installed."""
    return contender == "sshd" and shutil.which("sshd", path=PATH) is None
