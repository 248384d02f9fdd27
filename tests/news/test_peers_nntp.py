"""NNTP with programs that others wrote: their readers and feeds at our server, our reader and our feed at theirs."""

import io
import os
import time

import pytest

from reactor.defer import ensureDeferred
from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
from reactor.news.database import NewsDatabase
from reactor.news.feeds import NewsFeed
from reactor.news.interfaces import Rights
from reactor.news.news import NNTPFactory
from reactor.news.nntp import NNTPClient
from tests.news import inn
from tests.peers.programs import meanwhile, run_program
from tests.support.loopback import run_until, stop_listening
from tests.support.outcomes import outcomes

BODY = b".It is ready.\r\n.\r\n..\r\nAnn\r\n"
POST = (
    b"From: Ann <ann@a.example>\r\nNewsgroups: doom.kitchen\r\nSubject: soup %d\r\nMessage-ID: <%d@a.example>\r\n\r\n"
)


class Served:
    """A server of ours: its port, and its store with three articles."""

    def __init__(self, reactor, name="us.example", count=3):
        self.reactor = reactor
        self.store = NewsDatabase(host=name, reactor=reactor)
        self.store.addGroup("doom.kitchen", "what is cooked")
        for number in range(1, count + 1):
            self.store.postRequest(POST % (number, number) + BODY)
        factory = NNTPFactory(self.store, anonymous=Rights(feed=True), reactor=reactor)
        factory.noisy = False
        self.listening = reactor.listenTCP(0, factory, interface="127.0.0.1")
        self.port = self.listening.getHost().port

    def bodies(self):
        numbers = self.store.listGroupRequest("doom.kitchen", 1, 99)
        return [self.store.articleRequest("doom.kitchen", it).partition(b"\r\n\r\n")[2] for it in numbers]


@pytest.fixture
def serve(one_reactor):
    """Makes servers of ours, and ends them."""
    made = []

    def make(*args, **options):
        made.append(Served(one_reactor, *args, **options))
        return made[-1]

    yield make
    for one in made:
        stop_listening(one_reactor, one.listening)
    for transport in list(one_reactor.transports):
        transport.abortConnection()
    run_until(one_reactor, lambda: not one_reactor.transports)


def plain(text):
    return text.replace(b"\r\n", b"\n")


@pytest.mark.peer("NNTP", client="standard-nntplib")
@pytest.mark.filterwarnings("ignore:'nntplib' is deprecated")
def test_nntplib_reads_and_posts(one_reactor, serve):
    import nntplib

    served = serve()
    ours = served.store.articleRequest("", 0, "<1@a.example>")

    def work():
        with nntplib.NNTP("127.0.0.1", served.port, readermode=True) as client:
            assert client.group("doom.kitchen")[1:] == (3, 1, 3, "doom.kitchen")
            assert client.descriptions("doom.*")[1] == {"doom.kitchen": "what is cooked"}
            assert [fields["subject"] for _, fields in client.over((1, 2))[1]] == ["soup 1", "soup 2"]
            assert client.xhdr("message-id", "3-")[1] == [("3", "<3@a.example>")]
            assert client.newnews("*", client.date()[1].replace(year=2020))[1][0] == "<1@a.example>"
            client.post(io.BytesIO(POST % (4, 4) + b".x\r\n"))
            client.ihave("<5@a.example>", io.BytesIO(ours))

    with pytest.raises(nntplib.NNTPTemporaryError, match=r"437 it has come through us\.example before"):
        meanwhile(one_reactor, work)
    assert served.bodies()[3:] == [b".x\r\n"]


@pytest.mark.peer("NNTP", client="tin")
def test_tin_saves_what_is_new(one_reactor, serve, tmp_path):
    served = serve()
    (tmp_path / ".tin").mkdir()
    (tmp_path / ".tin" / "tinrc").write_text("mailer_format=/bin/true\n")
    (tmp_path / ".newsrc").write_text("doom.kitchen: 1\n")
    words = [
        "-r",
        "-Q",
        "-S",
        "-g",
        "127.0.0.1",
        "-p",
        served.port,
        "-f",
        tmp_path / ".newsrc",
        "-s",
        tmp_path / "News",
    ]
    home = {**os.environ, "HOME": str(tmp_path), "TERM": "dumb"}
    run_program(one_reactor, "tin", *words, env=home, stdin=-3)
    saved = sorted((tmp_path / "News" / "doom" / "kitchen").iterdir())
    assert [path.name for path in saved] == ["2", "3"]
    assert all(path.read_bytes().endswith(b"\n\n" + plain(BODY)) for path in saved)


@pytest.mark.peer("NNTP", client="slrnpull")
def test_slrnpull_posts_and_fetches(one_reactor, serve, tmp_path):
    served = serve()
    (tmp_path / "out.going").mkdir()
    (tmp_path / "out.going" / "X1").write_bytes(plain(POST % (4, 4)) + b"no dot\n")  # it doubles none
    (tmp_path / "slrnpull.conf").write_text("doom.kitchen 100 14\n")
    words = ["-h", f"127.0.0.1:{served.port}", "-d", tmp_path, "--logfile", tmp_path / "log"]
    done = run_program(one_reactor, "slrnpull", *words, stdin=-3)
    assert done.returncode == 0, (tmp_path / "log").read_text()
    assert served.bodies() == [BODY, BODY, BODY, b"no dot\r\n"]
    fetched = [(tmp_path / "news" / "doom" / "kitchen" / name).read_bytes() for name in "1234"]
    assert [text.partition(b"\n\n")[2] for text in fetched] == [*[plain(BODY)] * 3, b"no dot\n"]


PERL = """
use News::NNTPClient;
my $c = new News::NNTPClient("127.0.0.1", $ARGV[0]);
print join(" ", $c->group("doom.kitchen")), "\\n";
print $c->body(1);
print $c->post("From: eve\\@e.example\\n", "Newsgroups: doom.kitchen\\n", "Subject: perl\\n", "\\n", ".x\\n"), $c->code;
$c->quit();
"""


@pytest.mark.peer("NNTP", client="libnews-nntpclient-perl")
def test_the_client_of_Perl_reads_and_posts(one_reactor, serve):
    served = serve()
    done = run_program(one_reactor, "perl", "-e", PERL, served.port)
    assert done.stdout == b"1 3\n" + plain(BODY) + b"1240", done
    assert served.bodies()[3] == b".x\r\n"


def reads_and_posts(reactor, port, work):
    """Run a coroutine with a client that is connected there."""

    async def connected():
        client = await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", port), NNTPClient())
        client.callLater = reactor.callLater
        return await work(client)

    found = outcomes(ensureDeferred(connected()))
    run_until(reactor, lambda: found, 30)
    if hasattr(found[0], "raiseException"):
        found[0].raiseException()
    return found[0]


@pytest.mark.peer("NNTP", client="innxmit", server="innd")
def test_INN_takes_our_feed_shows_it_to_our_reader_and_feeds_another_server_of_ours(one_reactor, serve, daemon):
    us, others = serve(), serve("others.example", count=0)
    us.store.feeds["inn.example"] = lambda group: True
    with inn.running(daemon) as server:
        feed = NewsFeed(
            us.store, "inn.example", TCP4ClientEndpoint(one_reactor, "127.0.0.1", server.port), 1.0, one_reactor
        )
        feed.startService()
        for number in range(4, 7):
            us.store.postRequest(POST % (number, number) + BODY)
        run_until(one_reactor, lambda: not us.store.waiting("inn.example", 1), 30)
        feed.stopService()

        async def work(client):
            await client.modeReader()
            group = await client.fetchGroup("doom.kitchen")
            await client.postArticle(POST % (7, 7) + BODY)
            assert (await client.fetchNewNews("doom.*", time.time() - 3600))[-1] == "<7@a.example>"
            assert (await client.fetchBody("<7@a.example>")) == (await client.fetchBody(1)) == BODY
            assert (await client.fetchOverview(1, 2))[1][1]["Subject"] == "soup 5"
            assert (await client.fetchXHeader("Path", 1, 1)) == [(1, "inn.example!us.example!.POSTED!not-for-mail")]
            await client.quit()
            return group

        assert reads_and_posts(one_reactor, server.port, work).size == 3
        done = run_program(one_reactor, *server.send(others.port))
        assert done.returncode == 0, done
    assert others.bodies() == [BODY] * 4
    assert others.store.articleExistsRequest("<7@a.example>")
