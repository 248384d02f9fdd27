"""A login over SSH and an empty command: what a server spends on it, beside asyncssh by itself and OpenSSH's sshd.

Clients come one after the other, each with a key of ed25519, an exchange over curve25519, and AES-GCM. The figure is
the CPU time of all processes of the server for one client. `reactor` and `asyncssh` have the same cryptography; `sshd`
starts processes for each client, and a shell that does nothing.
"""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import asyncssh
from _machine import Watch, require_linux, server_and_load_core
from _measure import chosen, comparison, conditions, options, publish, take_turns
from _ssh import USER, cpu_of, is_missing, serving

PROGRAMS = {
    "reactor": """
import asyncssh
from reactor import reactor
from reactor.conch.avatar import ConchUser
from reactor.conch.checkers import InMemorySSHKeyDB, SSHPublicKeyChecker
from reactor.conch.interfaces import IConchUser
from reactor.conch.ssh.factory import SSHFactory
from reactor.cred.portal import Portal
class Session:
    def __init__(self, avatar):
        pass
    def execCommand(self, proto, command):
        proto.loseConnection()
    def closed(self):
        pass
class Realm:
    def requestAvatar(self, avatarId, mind, *interfaces):
        avatar = ConchUser()
        avatar.sessionFactory = Session
        return IConchUser, avatar, lambda: None
keys = {user.encode(): [asyncssh.read_public_key(folder + "/user.pub")]}
portal = Portal(Realm(), [SSHPublicKeyChecker(InMemorySSHKeyDB(keys))])
factory = SSHFactory(portal, [asyncssh.read_private_key(folder + "/host")])
port = reactor.listenTCP(0, factory, interface="127.0.0.1")
print(port.getHost().port, flush=True)
reactor.run()
""",
    "asyncssh": """
import asyncio, asyncssh
async def main():
    options = dict(server_host_keys=[folder + "/host"], authorized_client_keys=folder + "/user.pub")
    server = await asyncssh.listen("127.0.0.1", 0, process_factory=lambda process: process.exit(0), **options)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.wait_closed()
asyncio.run(main())
""",
}


@dataclass(frozen=True)
class Sample:
    """login: milliseconds of the server's CPU time for one."""

    login: float


async def log_in(port: int, folder: Path, count: int) -> None:
    """So many clients, one after the other; the first waits until there is a server."""
    algorithms = {"kex_algs": "curve25519-sha256", "encryption_algs": "aes128-gcm@openssh.com"}
    nobody = {"known_hosts": None, "config": None, "agent_path": None}
    for _ in range(count):
        for _attempt in range(100):
            try:
                connection = await asyncssh.connect(
                    "127.0.0.1", port, client_keys=[folder / "user"], username=USER, **algorithms, **nobody
                )
                break
            except ConnectionRefusedError:
                time.sleep(0.02)
        assert (await connection.run(":")).exit_status == 0
        connection.close()
        await connection.wait_closed()


def measure(contender: str, core: int, count: int) -> Sample:
    """One round of one contender."""
    with serving(PROGRAMS, contender, core) as (pid, port, folder):
        asyncio.run(log_in(port, folder, 5))  # to warm up
        time.sleep(0.3)  # for the last children to end
        before = cpu_of(pid)
        asyncio.run(log_in(port, folder, count))
        time.sleep(0.3)
        return Sample((cpu_of(pid) - before) / count * 1e3)


def main() -> None:
    parser = options(__doc__, rounds=5)
    parser.add_argument("--count", type=int, default=200, help="how many logins (200)")
    arguments = parser.parse_args()
    require_linux()
    wanted = chosen(("reactor", "asyncssh", "sshd"), arguments.only)
    missing = [name for name in wanted if is_missing(name)]
    server_core, load_core = server_and_load_core()
    os.sched_setaffinity(0, {load_core})
    watch = Watch(["tutorial-of-doom", "asyncssh"])
    present = [name for name in wanted if name not in missing]
    rounds = take_turns(present, arguments.rounds, lambda name: measure(name, server_core, arguments.count))
    machine = watch.report()
    figures = {name: [one.login for one in series] for name, series in rounds.items()}
    sections = {
        "A login and an empty command": comparison(figures, "ms of CPU", missing),
        "Conditions": conditions(machine, arguments.rounds),
    }
    samples = {name: [asdict(one) for one in series] for name, series in rounds.items()}
    publish("SSH: logins", sections, {"machine": machine, "samples": samples}, arguments.json)


if __name__ == "__main__":
    main()
