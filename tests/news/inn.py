"""INN for tests: one port, two groups, and a feed whose list of articles is a file.

innd wants to be the user "news" and to find all of its files there, so the folder is given to that user. It needs no
mail, no syslog, and a feed and the group control.cancel, without which it ends and says so to syslog alone.
"""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

BIN = Path("/usr/lib/news/bin")
FOLDERS = ("etc", "db", "run", "log", "tmp", "spool/articles", "spool/overview", "spool/incoming", "spool/outgoing")
CONFIG = """
pathnews: /usr/lib/news
pathetc: @/etc
pathdb: @/db
pathrun: @/run
pathlog: @/log
pathhttp: @/log
pathfilter: @/etc
pathtmp: @/tmp
pathspool: @/spool
patharticles: @/spool/articles
pathoverview: @/spool/overview
pathincoming: @/spool/incoming
pathoutgoing: @/spool/outgoing
domain: inn.example
pathhost: inn.example
mta: /bin/true
mailcmd: /bin/true
hismethod: hisv6
ovmethod: tradindexed
bindaddress: 127.0.0.1
bindaddress6: "::1"
runasuser: @USER
runasgroup: @GROUP
"""
FILES = {
    "etc/storage.conf": "method tradspool {\n  newsgroups: *\n  class: 0\n}\n",
    "etc/newsfeeds": "ME:!*/!local::\nus:*:Tf,Wnm:us\n",
    "etc/incoming.conf": "peer tests {\n  hostname: 127.0.0.1\n}\n",
    "etc/readers.conf": 'auth all {\n  auth: all\n  default: "<all>"\n}\naccess all {\n  users: "*"\n'
    '  newsgroups: "*"\n  access: RPAIN\n}\n',
    "etc/expire.ctl": "/remember/:10\n*:A:1:10:never\n",
    "etc/control.ctl": "all:*:*:drop\n",
    "etc/moderators": "",
    "db/active": "".join(
        f"{name} 0000000000 0000000001 {flag}\n"
        for name, flag in (("control", "n"), ("control.cancel", "n"), ("junk", "n"), ("doom.kitchen", "y"))
    ),
    "db/active.times": "",
    "db/newsgroups": "doom.kitchen\twhat is cooked\n",
    "db/history": "",
}


class INN:
    """A server that runs. port: where. send: has it hand on what came to a server of ours."""

    def __init__(self, start, base):
        self.base = base
        user = "news" if os.getuid() == 0 else os.environ.get("USER", "nobody")
        text = CONFIG.replace("@USER", user).replace("@GROUP", user).replace("@", str(base))
        for name in FOLDERS:
            (base / name).mkdir(parents=True)
        for name, content in {"etc/inn.conf": text, **FILES}.items():
            (base / name).write_text(content)
        if os.getuid() == 0:
            for one in [base, *base.rglob("*")]:
                shutil.chown(one, "news", "news")
        self.as_news = ["setpriv", "--reuid=news", "--regid=news", "--clear-groups"] if os.getuid() == 0 else []
        self.as_news += ["env", f"INNCONF={base}/etc/inn.conf"]
        makedbz = [*self.as_news, BIN / "makedbz", "-i", "-o", "-s", "1000", "-f", base / "db" / "history"]
        subprocess.run(makedbz, check=True, capture_output=True)
        self.daemon = start(*self.as_news, str(BIN / "innd"), "-f", "-P", "@PORT@")
        self.port = self.daemon.port

    def send(self, port):
        """The words of the command that sends on what has come."""
        queue = self.base / "spool" / "outgoing" / "us"
        return [*self.as_news, str(BIN / "innxmit"), "-P", str(port), "127.0.0.1", str(queue)]


@contextmanager
def running(start):
    """start: the fixture `daemon`."""
    base = Path(tempfile.mkdtemp(prefix="inn-"))
    base.chmod(0o755)
    try:
        server = INN(start, base)
        yield server
        server.daemon.stop()
    finally:
        shutil.rmtree(base, ignore_errors=True)
