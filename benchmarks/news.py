"""News: what a server spends on a line of OVER for 10,000 articles, and on an article that TAKETHIS brings, beside INN.

The articles are streamed first, without waiting; each is about 1 KiB, and the figure is the CPU time of all processes
of the server, by article. `reactor` syncs each to disk before it says so, INN doesn't. Then a reader asks for the
overview of all, several times, and the figure is that by line.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from email.utils import formatdate
from pathlib import Path

from _machine import Watch, require_linux, server_and_load_core
from _measure import chosen, comparison, conditions, options, publish, take_turns
from pop3 import cpu_of

INN = Path("/usr/lib/news/bin")
ARTICLE = (
    "TAKETHIS <{number}@a.example>\r\nPath: a.example!not-for-mail\r\nFrom: ann@a.example\r\n"
    "Newsgroups: doom.kitchen\r\nSubject: soup {number}\r\nDate: {date}\r\nMessage-ID: <{number}@a.example>\r\n\r\n"
    + "0123456789abcdef0123456789abcdef0123456789abcdef012345\r\n" * 14
    + ".\r\n"
)
PROGRAM = """
import sys
from reactor import reactor
from reactor.news.database import NewsDatabase
from reactor.news.interfaces import Rights
from reactor.news.news import NNTPFactory
store = NewsDatabase(sys.argv[1])
store.addGroup("doom.kitchen")
port = reactor.listenTCP(0, NNTPFactory(store, anonymous=Rights(feed=True)), interface="127.0.0.1")
print(port.getHost().port, flush=True)
reactor.run()
"""
INN_CONF = """
pathnews: /usr/lib/news
pathetc: {base}
pathdb: {base}
pathrun: {base}
pathlog: {base}
pathhttp: {base}
pathfilter: {base}
pathtmp: {base}
pathspool: {base}
patharticles: {base}/articles
pathoverview: {base}/overview
pathincoming: {base}/incoming
pathoutgoing: {base}/outgoing
domain: inn.example
pathhost: inn.example
mta: /bin/true
mailcmd: /bin/true
hismethod: hisv6
ovmethod: tradindexed
bindaddress: 127.0.0.1
bindaddress6: "::1"
runasuser: {user}
runasgroup: {user}
"""
INN_FILES = {
    "storage.conf": "method tradspool {\n  newsgroups: *\n  class: 0\n}\n",
    "newsfeeds": "ME:!*/!local::\nnobody:!*:Tf,Wnm:nobody\n",
    "incoming.conf": "peer us {\n  hostname: 127.0.0.1\n}\n",
    "readers.conf": 'auth all {\n  auth: all\n  default: "<all>"\n}\n'
    'access all {\n  users: "*"\n  newsgroups: "*"\n}\n',
    "expire.ctl": "/remember/:10\n*:A:1:10:never\n",
    "control.ctl": "all:*:*:drop\n",
    "moderators": "",
    "active": "".join(
        f"{name} 0000000000 0000000001 y\n" for name in ("control", "control.cancel", "junk", "doom.kitchen")
    ),
    "active.times": "",
    "newsgroups": "",
    "history": "",
}


@dataclass(frozen=True)
class Sample:
    """article, line: microseconds of the server's CPU time for one."""

    article: float
    line: float


def prepare_inn(base: Path) -> tuple[list[str], int]:
    """What starts INN, and its port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    user = "news" if os.getuid() == 0 else os.environ.get("USER", "nobody")
    for name in ("articles", "overview", "incoming", "outgoing"):
        (base / name).mkdir()
    for name, text in {"inn.conf": INN_CONF.format(base=base, user=user), **INN_FILES}.items():
        (base / name).write_text(text)
    words = ["env", f"INNCONF={base}/inn.conf"]
    if os.getuid() == 0:
        base.chmod(0o755)
        for path in [base, *base.rglob("*")]:
            shutil.chown(path, user, user)
        words = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *words]
    subprocess.run([*words, str(INN / "makedbz"), "-i", "-o", "-s", "100000", "-f", str(base / "history")], check=True)
    return [*words, str(INN / "innd"), "-f", "-P", str(port)], port


@contextmanager
def serving(contender: str, core: int) -> Iterator[tuple[int, int]]:
    """A server with an empty group, alone on its core: the id of its session of processes, and its port."""
    base = Path(tempfile.mkdtemp(prefix="news-"))
    words, port = [sys.executable, "-c", PROGRAM, str(base / "news")], 0
    if contender == "inn":
        words, port = prepare_inn(base)
    options = {"stdout": subprocess.PIPE, "text": True, "start_new_session": True}
    with subprocess.Popen(["taskset", "-c", str(core), *words], **options) as process:  # type: ignore[call-overload]  # as above
        try:
            assert process.stdout is not None
            yield process.pid, port or int(process.stdout.readline() or sys.exit("the server ended; see above"))
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # innd takes its time after SIGTERM
            process.wait()
            shutil.rmtree(base, ignore_errors=True)


class Client:
    """A connection that has been greeted."""

    def __init__(self, port: int) -> None:
        for _ in range(500):
            try:
                self._socket = socket.create_connection(("127.0.0.1", port))
                break
            except ConnectionRefusedError:
                time.sleep(0.02)
        self._file = self._socket.makefile("rb")
        assert self._file.readline().startswith(b"20")

    def ask(self, command: str, code: str) -> None:
        """Say something that succeeds."""
        self._socket.sendall(f"{command}\r\n".encode())
        answer = self._file.readline().decode()
        assert answer.startswith(code), f"{command!r:.60}: {answer}"

    def stream(self, count: int) -> None:
        """Send so many articles, 100 before their answers."""
        date = formatdate()
        for begin in range(0, count, 100):
            numbers = range(begin, min(begin + 100, count))
            self._socket.sendall("".join(ARTICLE.format(number=number, date=date) for number in numbers).encode())
            for _ in numbers:
                answer = self._file.readline()
                assert answer.startswith(b"239"), answer

    def overview(self, count: int) -> None:
        """Take the overview of all."""
        self.ask(f"OVER 1-{count}", "224")
        lines = 0
        while self._file.readline() != b".\r\n":
            lines += 1
        assert lines == count, lines

    def close(self) -> None:
        """Say goodbye."""
        self.ask("QUIT", "205")
        self._file.close()
        self._socket.close()


def measure(contender: str, core: int, count: int) -> Sample:
    """One round of one contender."""
    with serving(contender, core) as (session, port):
        feed = Client(port)
        feed.ask("MODE STREAM", "203")
        before = cpu_of(session)
        feed.stream(count)
        article = (cpu_of(session) - before) / count
        feed.close()
        reader = Client(port)
        reader.ask("MODE READER", "20")
        reader.ask("GROUP doom.kitchen", "211")
        reader.overview(count)  # to warm up
        before = cpu_of(session)
        for _ in range(5):
            reader.overview(count)
        line = (cpu_of(session) - before) / count / 5
        reader.close()
        return Sample(article * 1e6, line * 1e6)


def main() -> None:
    parser = options(__doc__, rounds=3)
    parser.add_argument("--count", type=int, default=10_000, help="how many articles (10000)")
    arguments = parser.parse_args()
    require_linux()
    wanted = chosen(("reactor", "inn"), arguments.only)
    missing = [name for name in wanted if name == "inn" and not (INN / "innd").exists()]
    server_core, load_core = server_and_load_core()
    os.sched_setaffinity(0, {load_core})
    watch = Watch(["tutorial-of-doom"])
    present = [name for name in wanted if name not in missing]
    rounds = take_turns(present, arguments.rounds, lambda name: measure(name, server_core, arguments.count))
    machine = watch.report()

    def table(what: str) -> str:
        figures = {name: [getattr(one, what) for one in series] for name, series in rounds.items()}
        return comparison(figures, "µs of CPU", missing)

    sections = {
        f"An article of about 1 KiB by TAKETHIS, of {arguments.count}": table("article"),
        "A line of OVER": table("line"),
        "Conditions": conditions(machine, arguments.rounds),
    }
    samples = {name: [asdict(one) for one in series] for name, series in rounds.items()}
    publish("News: TAKETHIS and OVER", sections, {"machine": machine, "samples": samples}, arguments.json)


if __name__ == "__main__":
    main()
