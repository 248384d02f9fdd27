"""What servers of others need for our SSH client: keys, a configuration, known hosts."""

import getpass
import os
import subprocess
from pathlib import Path

from reactor.conch.client.knownhosts import KnownHostsFile
from reactor.conch.endpoints import NewConnection
from reactor.endpoints import connectProtocol
from tests.conch.ssh_doubles import Noting
from tests.conch.ssh_house import ANNS_KEY, HOST_KEY
from tests.peers.packages import path_of
from tests.support.loopback import run_until
from tests.support.outcomes import outcomes

USER = getpass.getuser()
SSHD_CONFIG = """\
Port @PORT@
ListenAddress 127.0.0.1
HostKey @FOLDER@/host
PidFile @FOLDER@/pid
AuthorizedKeysFile @FOLDER@/authorized
TrustedUserCAKeys @FOLDER@/authority.pub
UsePAM no
StrictModes no
PasswordAuthentication no
AllowTcpForwarding yes
PermitRootLogin yes
"""


def make_jail():
    """Make the folder in which sshd locks itself up before a login, when it is root's; it stays, as others use it."""
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(0o755, exist_ok=True)


def keygen(*words):
    subprocess.run([path_of("ssh-keygen"), "-q", *map(str, words)], check=True, timeout=30, capture_output=True)


def make_keys(folder):
    """A host key; a user's, which is authorized, one that isn't, one with a passphrase, one with a certificate."""
    for name, passphrase in (("host", ""), ("user", ""), ("stranger", ""), ("locked", "moo"), ("authority", "")):
        keygen("-t", "ed25519", "-N", passphrase, "-C", name, "-f", folder / name)
    keygen("-t", "ecdsa", "-N", "", "-C", "signed", "-f", folder / "signed")
    keygen("-s", folder / "authority", "-I", "signed", "-n", USER, folder / "signed.pub")
    authorized = [(folder / f"{name}.pub").read_text("utf-8") for name in ("user", "locked")]
    (folder / "authorized").write_text("".join(authorized), "utf-8")


def known_hosts(folder, port, key="host"):
    """A file that vouches for the host key of a server on this port."""
    kind, data, _ = (folder / f"{key}.pub").read_text("utf-8").split()
    path = folder / f"known_{port}_{key}"
    path.write_text(f"[127.0.0.1]:{port} {kind} {data}\n", "utf-8")
    return path


def until_idle(reactor):
    """Until no socket and no timer is left; one of these is the watchdog's of `run_until`."""
    run_until(reactor, lambda: not reactor.transports and len(reactor.getDelayedCalls()) <= 1)


def known(port, key=HOST_KEY):
    hosts = KnownHostsFile("/nobody/writes/here")
    hosts.addHostKey(f"[127.0.0.1]:{port}", key.convert_to_public())
    return hosts


def creator(reactor, port, **options):
    chosen = {"keys": [ANNS_KEY], "knownHosts": known(port), "timeout": 20, **options}
    return NewConnection(reactor, "ann", "127.0.0.1", port, **chosen)


def result(reactor, deferred):
    """What came of it; raises what it failed with."""
    results = outcomes(deferred)
    run_until(reactor, lambda: results)
    if hasattr(results[0], "raiseException"):
        results[0].raiseException()
    return results[0]


def connected(reactor, endpoint):
    return result(reactor, connectProtocol(endpoint, Noting()))
