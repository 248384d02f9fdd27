"""A SOCKS proxy: what a GiB through it costs, and what a connection does, beside microsocks, dante and Twisted's.

Client and server are threads of this program; between them stands the proxy, a process of its own (or several: dante
forks). Counted is the CPU time of all processes of the proxy, in user mode and in the kernel. Twisted's speaks version
4 only, so all of them are asked in that, but for microsocks, which has nothing but 5.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from _machine import Watch, importable, require_linux
from _measure import chosen, comparison, conditions, options, publish, take_turns

MIB = 1024 * 1024
TICK_S = 1 / os.sysconf("SC_CLK_TCK")
DANTE = """
errorlog: /dev/null
logoutput: /dev/null
internal: 127.0.0.1 port = {port}
external: 127.0.0.1
clientmethod: none
socksmethod: none
user.unprivileged: nobody
client pass {{ from: 127.0.0.0/8 to: 0.0.0.0/0 }}
socks pass {{ from: 127.0.0.0/8 to: 0.0.0.0/0 command: connect }}
"""
OURS = """
from reactor import reactor
from reactor.protocols.socks import Rules, SOCKSFactory
reactor.listenTCP({port}, SOCKSFactory(Rules(allow=["127.0.0.0/8"])), interface="127.0.0.1")
reactor.run()
"""
TWISTED = """
from twisted.internet import reactor
from twisted.protocols.socks import SOCKSv4Factory
reactor.listenTCP({port}, SOCKSv4Factory(None), interface="127.0.0.1")
reactor.run()
"""
CONTENDERS = ("reactor", "microsocks", "dante", "twisted")


@dataclass(frozen=True)
class Sample:
    """gib: seconds of CPU for a GiB. connection: microseconds of CPU for a connection that carries one byte."""

    gib: float
    connection: float


def is_there(contender: str) -> bool:
    """Whether this contender can run here."""
    programs = {"microsocks": "microsocks", "dante": "danted"}
    if contender in programs:
        return program(programs[contender]) is not None
    return contender == "reactor" or importable("twisted")


def program(name: str) -> str | None:
    """Where a program is; daemons are where an administrator's PATH leads."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def command_of(contender: str, port: int, folder: str) -> list[str]:
    """What to start."""
    if contender == "microsocks":
        return [program("microsocks") or "", "-i", "127.0.0.1", "-p", str(port)]
    if contender == "dante":
        config = Path(folder) / f"{port}.conf"
        config.write_text(DANTE.format(port=port))
        return [program("danted") or "", "-f", str(config)]
    return [sys.executable, "-c", (OURS if contender == "reactor" else TWISTED).format(port=port)]


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def proxy(contender: str, folder: str) -> Iterator[tuple[int, int]]:
    """A running proxy: its port, and the session that all its processes are in."""
    port = free_port()
    with open(os.devnull, "wb") as nowhere:
        process = subprocess.Popen(
            command_of(contender, port, folder), stdout=nowhere, stderr=nowhere, start_new_session=True
        )
    try:
        deadline = time.monotonic() + 20
        while socket.socket().connect_ex(("127.0.0.1", port)):
            assert process.poll() is None and time.monotonic() < deadline, f"{contender} doesn't listen"
            time.sleep(0.05)
        yield port, process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def cpu_s(session: int) -> float:
    """CPU seconds that all processes of a session have used, those that ended and were waited for among them."""
    total = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                total += sum(map(int, fields[11:15]))
    return total * TICK_S


def through(port: int, target: int, version: int) -> socket.socket:
    """A connection through the proxy."""
    connection = socket.create_connection(("127.0.0.1", port))
    place = socket.inet_aton("127.0.0.1")
    if version == 4:
        connection.sendall(b"\4\1" + target.to_bytes(2, "big") + place + b"\0")
        assert heard(connection, 8)[1] == 90
    else:
        connection.sendall(b"\5\1\0")
        heard(connection, 2)  # microsocks loses what is sent before this answer
        connection.sendall(b"\5\1\0\1" + place + target.to_bytes(2, "big"))
        assert heard(connection, 10)[1] == 0
    return connection


def heard(connection: socket.socket, size: int) -> bytes:
    """So many bytes of an answer."""
    answer = b""
    while len(answer) < size:
        piece = connection.recv(size - len(answer))
        assert piece, f"the proxy closed after {answer!r}"
        answer += piece
    return answer


def serve(listening: socket.socket, size: int, count: int) -> None:
    """Send so many bytes to each of so many connections."""
    piece = bytes(min(size, 256 * 1024))
    for _ in range(count):
        connection, _ = listening.accept()
        with connection:
            left = size
            while left:
                left -= connection.send(piece[:left])


def carry(port: int, version: int, size: int, count: int) -> None:
    """So many connections through the proxy, one after the other, of so many bytes each."""
    buffer = bytearray(256 * 1024)
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        server = threading.Thread(target=serve, args=(listening, size, count))
        server.start()
        for _ in range(count):
            with through(port, listening.getsockname()[1], version) as connection:
                received = 0
                while got := connection.recv_into(buffer):
                    received += got
                assert received == size, f"{received} bytes of {size}"
        server.join()


def measure(contender: str, folder: str, mib: int, connections: int) -> Sample:
    """One round of one contender."""
    version = 5 if contender == "microsocks" else 4
    with proxy(contender, folder) as (port, session):
        carry(port, version, 1, 20)  # to warm up
        before = cpu_s(session)
        carry(port, version, mib * MIB, 1)
        between = cpu_s(session)
        carry(port, version, 1, connections)
        after = cpu_s(session)
    return Sample((between - before) * 1024 / mib, (after - between) / connections * 1e6)


def main() -> None:
    parser = options(__doc__, rounds=3)
    parser.add_argument("--mib", type=int, default=1024, help="length of the stream in MiB (1024)")
    parser.add_argument("--count", type=int, default=2000, help="how many connections of one byte (2000)")
    arguments = parser.parse_args()
    require_linux()
    wanted = chosen(CONTENDERS, arguments.only)
    present = [name for name in wanted if is_there(name)]
    missing = [name for name in wanted if name not in present]
    watch = Watch(["tutorial-of-doom", "twisted"])
    with tempfile.TemporaryDirectory() as folder:
        rounds = take_turns(
            present, arguments.rounds, lambda name: measure(name, folder, arguments.mib, arguments.count)
        )
    machine = watch.report()
    sections = {
        f"A GiB through the proxy, {arguments.mib} MiB measured": comparison(
            {name: [one.gib for one in series] for name, series in rounds.items()}, "s of CPU", missing
        ),
        f"A connection, of {arguments.count}": comparison(
            {name: [one.connection for one in series] for name, series in rounds.items()}, "µs of CPU", missing
        ),
        "Conditions": conditions(machine, arguments.rounds),
    }
    samples = {name: [asdict(one) for one in series] for name, series in rounds.items()}
    publish("A SOCKS proxy", sections, {"machine": machine, "samples": samples}, arguments.json)


if __name__ == "__main__":
    main()
