"""Send a file by SFTP, from a program: send.py FILE"""

import sys
from pathlib import Path

from reactor import task
from reactor.conch.client.connecting import NewConnection
from reactor.conch.ssh.filetransfer import SFTPClient

name = Path(sys.argv[1]).name


async def main(reactor):
    house = NewConnection(reactor, "ann", "localhost", 7896, password="secret", knownHosts="known_hosts")
    connection = await house.secureConnection()
    files = await SFTPClient.on(connection, reactor)
    with open(sys.argv[1], "rb") as file:
        await files.put(file, name)
    attributes = await files.stat(name)
    print(name, attributes.size)
    house.cleanupConnection(connection, False)


task.react(main)
