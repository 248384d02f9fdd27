"""A file by SFTP, there and back: what a server spends on it, beside asyncssh by itself and OpenSSH's internal-sftp.

OpenSSH's sftp fetches the file, and then sends as many bytes, over AES-GCM. The figure is the CPU time of all processes
of the server, with the login. The file that is fetched is sparse, so that no disk is read. What is sent is written to
one, and ours has it there before it answers.
"""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path

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
from reactor.conch.ssh.filetransfer import FileTransferServer
from reactor.cred.portal import Portal
from reactor.vfs import Folder
class Realm:
    def requestAvatar(self, avatarId, mind, *interfaces):
        avatar = ConchUser()
        avatar.subsystemLookup[b"sftp"] = lambda data, avatar: FileTransferServer(data, Folder(folder + "/files"))
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
    files = lambda channel: asyncssh.SFTPServer(channel, chroot=folder + "/files")
    options = dict(server_host_keys=[folder + "/host"], authorized_client_keys=folder + "/user.pub")
    server = await asyncssh.listen("127.0.0.1", 0, sftp_factory=files, **options)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.wait_closed()
asyncio.run(main())
""",
}
MIB = 2**20


@dataclass(frozen=True)
class Sample:
    """Seconds of the server's CPU time."""

    get: float
    put: float


def copy(port: int, folder: Path, command: str) -> None:
    """Run a command of OpenSSH's sftp; again, until there is a server."""
    given = [
        "Ciphers=aes128-gcm@openssh.com",
        "StrictHostKeyChecking=no",
        "UserKnownHostsFile=/dev/null",
        "BatchMode=yes",
    ]
    words = ["sftp", "-F", "none", "-P", str(port), "-i", str(folder / "user"), "-b", "-"]
    words += [word for option in given for word in ("-o", option)]
    for _attempt in range(100):
        done = subprocess.run([*words, f"{USER}@127.0.0.1"], input=command, capture_output=True, text=True, check=False)
        if "refused" not in done.stderr:
            break
        time.sleep(0.02)
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stderr}")


def measure(contender: str, core: int, size: int) -> Sample:
    """One round of one contender."""
    with serving(PROGRAMS, contender, core) as (pid, port, folder):
        files = folder / "files"
        files.mkdir()
        os.truncate(os.open(files / "large", os.O_CREAT | os.O_WRONLY), size)
        there = files if contender == "sshd" else Path("/")
        copy(port, folder, "pwd\n")  # to warm up
        spent = []
        for command in (f"get {there / 'large'} {folder / 'here'}", f"put {folder / 'here'} {there / 'sent'}"):
            time.sleep(0.3)  # for the last children to end
            before = cpu_of(pid)
            copy(port, folder, f"{command}\n")
            time.sleep(0.3)
            spent.append(cpu_of(pid) - before)
        assert (files / "sent").stat().st_size == size
        return Sample(*spent)


def main() -> None:
    parser = options(__doc__, rounds=3)
    parser.add_argument("--mib", type=int, default=1024, help="how much each way (1024)")
    arguments = parser.parse_args()
    require_linux()
    wanted = chosen(("reactor", "asyncssh", "sshd"), arguments.only)
    missing = [name for name in wanted if is_missing(name)]
    server_core, load_core = server_and_load_core()
    os.sched_setaffinity(0, {load_core})
    watch = Watch(["tutorial-of-doom", "asyncssh"])
    present = [name for name in wanted if name not in missing]
    rounds = take_turns(present, arguments.rounds, lambda name: measure(name, server_core, arguments.mib * MIB))
    machine = watch.report()
    sections = {}
    for way, title in (("get", f"{arguments.mib} MiB fetched"), ("put", f"{arguments.mib} MiB sent")):
        figures = {name: [getattr(one, way) for one in series] for name, series in rounds.items()}
        sections[title] = comparison(figures, "s of CPU", missing)
    sections["Conditions"] = conditions(machine, arguments.rounds)
    samples = {name: [asdict(one) for one in series] for name, series in rounds.items()}
    publish("SFTP: a file, there and back", sections, {"machine": machine, "samples": samples}, arguments.json)


if __name__ == "__main__":
    main()
