"""Postfix for tests, whole: its smtpd on a port, its queue, and its client, which hands all to one server of ours.

It has a folder of its own that others than root can enter. Only root can start it.
"""

import os
import pwd
import select
import shutil
import signal
import tempfile
from contextlib import contextmanager
from pathlib import Path

from tests.support.securely import issued, pem_of

MAIN = """
compatibility_level = 3.6
queue_directory = @BASE@/queue
data_directory = @BASE@/data
maillog_file = @BASE@/log
maillog_file_prefixes = @BASE@
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = theirs.example
mydestination =
mynetworks = 127.0.0.0/8
local_transport = error:none
alias_maps =
alias_database =
relayhost = [127.0.0.1]:@RELAY@
smtp_host_lookup = native
smtp_tls_security_level = may
smtpd_tls_security_level = may
smtpd_tls_chain_files = @FOLDER@/chain.pem
"""
MASTER = """
127.0.0.1:@PORT@ inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def _stop(pid_file):
    """End the master and those that it has started: it has made itself the leader of a group of its own."""
    master = int(pid_file.read_text())
    waiting = os.pidfd_open(master)
    os.killpg(master, signal.SIGTERM)
    select.select([waiting], [], [], 10)
    os.close(waiting)


@contextmanager
def running(start, relay):
    """A server, as a Daemon. start: the fixture `daemon`. relay: the port that everything goes to."""
    base = Path(tempfile.mkdtemp(prefix="postfix-"))
    try:
        base.chmod(0o755)
        (base / "queue").mkdir()
        (base / "data").mkdir()
        os.chown(base / "data", pwd.getpwnam("postfix").pw_uid, -1)
        files = {"main.cf": MAIN.replace("@BASE@", str(base)).replace("@RELAY@", str(relay)), "master.cf": MASTER}
        files["chain.pem"] = pem_of(issued("theirs.example")).decode("ascii")
        server = start("postfix", "-c", "@FOLDER@", "start-fg", files=files)
        try:
            yield server
        finally:
            _stop(base / "queue" / "pid" / "master.pid")
            server.stop()
    finally:
        shutil.rmtree(base, ignore_errors=True)
