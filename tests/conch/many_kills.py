"""Kill -9 of servers of SFTP at random instants, while clients upload, replace and remove files.

    python -m tests.conch.many_kills KILLS [SEED]

What a client was told is there, is there and whole, after every death; what it was told is removed, is gone; what it
wasn't told of is there as it was or as it will be, and never half.
"""

import asyncio
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random

import asyncssh

SIZES = (0, 10, 300_000, 6_000_000)  # of the last, a thread waits for the disk
FILES = 4


class Life:
    """A folder, and the servers that serve it and die. sure: name → what is there; None: nothing is."""

    def __init__(self, seed, folder):
        self.dice, self.folder = Random(seed), folder
        self.sure = dict.fromkeys([f"file{number}" for number in range(FILES)])
        self.doubtful, self.told = {}, 0

    async def one_server(self):
        """From its start to its death."""
        command = [sys.executable, "-m", "tests.conch.sftp_doubles", str(self.folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as server:
            port = int(server.stdout.readline())
            clients = asyncio.ensure_future(self.talk(port))
            try:
                await asyncio.wait([clients], timeout=self.dice.uniform(0.05, 0.6))
            finally:
                server.send_signal(signal.SIGKILL)
                server.wait()
            clients.add_done_callback(lambda done: done.exception())
            await asyncio.wait([clients])
        problem = clients.exception()
        assert isinstance(problem, OSError | asyncssh.Error), problem
        self.look()

    async def talk(self, port):
        """Change files, until the server dies."""
        nothing = {"known_hosts": None, "client_keys": None, "config": None, "agent_path": None}
        async with (
            asyncssh.connect("127.0.0.1", port, username="ann", password="secret", **nothing) as connection,
            connection.start_sftp_client() as sftp,
        ):
            await asyncio.gather(*(self.change(sftp, name) for name in self.sure))

    async def change(self, sftp, name):
        while True:
            new = None if self.sure[name] is not None and self.dice.random() < 0.2 else self.contents()
            self.doubtful[name] = new
            if new is None:
                await sftp.remove(name)
            else:
                async with sftp.open(name, "wb") as file:
                    await file.write(new)
            self.sure[name] = self.doubtful.pop(name)
            self.told += 1

    def contents(self):
        return self.dice.randbytes(8) * (self.dice.choice(SIZES) // 8)

    def look(self):
        """Compare what is there with what clients know."""
        for name, told in self.sure.items():
            path = self.folder / name
            found = path.read_bytes() if path.exists() else None
            assert found in (told, self.doubtful.get(name, told)), (
                f"{name}: {found and len(found)} bytes, not {told!r:.60}"
            )
            self.sure[name] = found
        self.doubtful.clear()
        strangers = (
            {path.name for path in self.folder.iterdir()} - {*self.sure} - {f".{name}.part" for name in self.sure}
        )
        assert not strangers, strangers


def run(kills, seed):
    """Let so many servers die. Returns how many requests were told to be done."""
    with tempfile.TemporaryDirectory() as folder:
        life = Life(seed, Path(folder))
        for _ in range(kills):
            asyncio.run(life.one_server())
        return life.told


if __name__ == "__main__":
    kills, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    print(f"{kills} kills, seed {seed}: {run(kills, seed)} changes were told to be done, and none is lost or half")
