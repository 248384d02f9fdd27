"""A server of mail to measure: a Maildir that dovecot reads too, the server on a core of its own, its CPU time."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SERVE = """
port = reactor.listenTCP(0, factory, interface="127.0.0.1")
print(port.getHost().port, flush=True)
reactor.run()
"""
DOVECOT = """
protocols = {protocol}
base_dir = {base}/run
log_path = {base}/log
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {me}
default_login_user = {owner}
first_valid_uid = 1
mail_location = maildir:{base}/mail
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service {protocol}-login {{
  chroot =
  inet_listener {protocol} {{
    port = {port}
  }}
}}
"""


def make_maildir(base: Path, letters: list[bytes]) -> None:
    """Make a Maildir, base/mail, that a user other than root may own: dovecot serves no mail of root's."""
    base.chmod(0o755)
    for part in ("", "cur", "new", "tmp"):
        (base / "mail" / part).mkdir()
    for number, letter in enumerate(letters):
        (base / "mail" / "cur" / f"17645{number:05}.M1P1Q{number}.host:2,").write_bytes(letter)
    owner = owner_of_mail()
    for path in [base, *base.rglob("*")]:
        os.chown(path, owner.pw_uid, owner.pw_gid)


def owner_of_mail() -> pwd.struct_passwd:
    """Nobody, if we are root; else us."""
    return pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())


def _command(protocol: str, program: str | None, base: Path) -> tuple[list[str], int]:
    """What starts a server, and its port; 0: it prints that."""
    if program is not None:
        return [sys.executable, "-c", program + SERVE, str(base / "mail")], 0
    owner, me = owner_of_mail(), pwd.getpwuid(os.getuid()).pw_name
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    values = {"base": base, "me": me, "owner": owner.pw_name, "uid": owner.pw_uid, "gid": owner.pw_gid, "port": port}
    (base / "dovecot.conf").write_text(DOVECOT.format(protocol=protocol, **values))
    return ["dovecot", "-F", "-c", str(base / "dovecot.conf")], port


@contextmanager
def serving(protocol: str, program: str | None, core: int, letters: list[bytes]) -> Iterator[tuple[int, int]]:
    """A server with a Maildir of its own, alone on its core: the id of its session of processes, and its port.

    program: makes `reactor` and `factory` for the Maildir that is its argument; None: dovecot.
    """
    base = Path(tempfile.mkdtemp(prefix=f"{protocol}-"))
    make_maildir(base, letters)
    words, port = _command(protocol, program, base)
    options = {"stdout": subprocess.PIPE, "text": True, "start_new_session": True}
    with subprocess.Popen(["taskset", "-c", str(core), *words], **options) as process:  # type: ignore[call-overload]  # as above
        try:
            assert process.stdout is not None
            if not port:
                announced = process.stdout.readline()
                if not announced:
                    sys.exit("the server ended before it listened; its error stands above")
                port = int(announced)
            yield process.pid, port
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
            shutil.rmtree(base, ignore_errors=True)


def cpu_of(session: int) -> float:
    """Seconds that all processes of a session have used, as exactly as the kernel's scheduler counts."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[3]) == session:
                total += sum(int(it.read_text().split()[0]) for it in stat.parent.glob("task/*/schedstat"))
        except OSError:
            continue  # it has ended
    return total / 1e9


class Client:
    """A connection; the server may still have to begin."""

    def __init__(self, port: int) -> None:
        for _ in range(200):
            try:
                self._socket = socket.create_connection(("127.0.0.1", port), 60)
                break
            except ConnectionRefusedError:
                time.sleep(0.02)
        self.read(lambda answer: answer.endswith(b"\r\n"))

    def ask(self, command: bytes, is_whole: Callable[[bytes], bool]) -> bytes:
        """Say something, and take the answer."""
        self._socket.sendall(command + b"\r\n")
        return self.read(is_whole)

    def read(self, is_whole: Callable[[bytes], bool]) -> bytes:
        """Read on until it is."""
        answer = bytearray()
        while not is_whole(answer[-2000:]):
            piece = self._socket.recv(262_144)
            assert piece, f"the server closed after {bytes(answer)!r:.100}"
            answer += piece
        return bytes(answer)

    def close(self) -> None:
        """Leave without a word."""
        self._socket.close()
