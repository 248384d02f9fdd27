"""Dovecot for tests: a port each for POP3 and IMAP, and one user, whose mail is a Maildir that others may enter."""

import grp
import os
import pwd
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

from reactor.mail.maildir import Maildir
from tests.support.securely import issued, pem_of

CONFIG = """
protocols = pop3 imap
base_dir = @BASE@/run
state_dir = @BASE@/state
log_path = @BASE@/log
listen = 127.0.0.1
ssl = yes
ssl_cert = <@FOLDER@/chain.pem
ssl_key = <@FOLDER@/chain.pem
disable_plaintext_auth = no
auth_mechanisms = plain cram-md5 scram-sha-256
default_internal_user = @INTERNAL@
default_internal_group = @INTERNALGROUP@
default_login_user = @LOGIN@
first_valid_uid = 1
mail_location = maildir:@BASE@/mail
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=@USER@ gid=@GROUP@ home=@BASE@
}
service anvil {
  chroot =
}
service pop3-login {
  chroot =
  inet_listener pop3 {
    port = @PORT@
  }
  inet_listener pop3s {
    port = 0
  }
}
service imap-login {
  chroot =
  inet_listener imap {
    port = @PORT2@
  }
  inet_listener imaps {
    port = 0
  }
}
service stats {
  chroot =
}
service auth {
  user = root
}
"""


class Dovecot:
    """A server that runs. port, imap_port: where. box: the Maildir of alice, whose password is "secret"."""

    def __init__(self, start, base):
        me = pwd.getpwuid(os.getuid())
        self.owner = pwd.getpwnam("nobody") if me.pw_uid == 0 else me  # dovecot serves no mail of root's
        self.box = Maildir(base / "mail")
        values = {"BASE": base, "USER": self.owner.pw_uid, "GROUP": self.owner.pw_gid, "LOGIN": self.owner.pw_name}
        values |= {"INTERNAL": me.pw_name, "INTERNALGROUP": grp.getgrgid(me.pw_gid).gr_name}
        text = CONFIG
        for name, value in values.items():
            text = text.replace(f"@{name}@", str(value))
        self.give(base)
        files = {"dovecot.conf": text, "chain.pem": pem_of(issued("localhost")).decode("ascii")}
        self.daemon = start("dovecot", "-F", "-c", "@FOLDER@/dovecot.conf", files=files)
        self.port, self.imap_port = self.daemon.ports[:2]

    def give(self, path):
        """Let the owner of the mail have what we have put there."""
        for one in [path, *path.rglob("*")]:
            os.chown(one, self.owner.pw_uid, self.owner.pw_gid)

    def deliver(self, *letters):
        for letter in letters:
            self.box.deliver(letter)
        self.give(self.box.path)


@contextmanager
def running(start):
    """start: the fixture `daemon`."""
    base = Path(tempfile.mkdtemp(prefix="dovecot-"))
    base.chmod(0o755)
    try:
        server = Dovecot(start, base)
        yield server
        server.daemon.stop()
    finally:
        shutil.rmtree(base, ignore_errors=True)
