"""IRC with programs that others wrote: their clients at our door, our client at their servers."""

import contextlib
import os
import pty
import subprocess
import sys

import pytest

from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
from reactor.words.protocols import irc
from reactor.words.service import InMemoryWordsRealm, IRCFactory
from tests.peers.packages import path_of
from tests.support.loopback import run_until, stop_listening

DEADLINE_S = 30.0
TWISTED_SERVER = """
from twisted.cred import checkers, portal
from twisted.internet import reactor
from twisted.words.service import InMemoryWordsRealm, IRCFactory
realm = InMemoryWordsRealm("them.example")
realm.createGroupOnRequest = True
checker = checkers.InMemoryUsernamePasswordDatabaseDontUse()
checker.users = {"ours": "secret"}  # as its server asks, with text
factory = IRCFactory(realm, portal.Portal(realm, [checker]))
reactor.listenTCP(@PORT@, factory, interface="127.0.0.1")
print("listening", flush=True)
reactor.run()
"""
TWISTED_CLIENT = """
import sys
from twisted.internet import endpoints, reactor
from twisted.words.protocols import irc
class Client(irc.IRCClient):
    nickname = "theirs"
    def signedOn(self):
        self.join("doom")
    def joined(self, channel):
        self.say(channel, "hello from theirs")
    def privmsg(self, user, channel, message):
        self.say(channel, "heard " + message)
endpoints.connectProtocol(endpoints.TCP4ClientEndpoint(reactor, "127.0.0.1", int(sys.argv[1])), Client())
reactor.run()
"""
NGIRCD = """
[Global]
  Name = them.example
  Info = for tests
  Listen = 127.0.0.1
  Ports = @PORT@
[Options]
  DNS = no
  Ident = no
  PAM = no
[Channel]
  Name = #doom
"""


class Ours(irc.IRCClient):
    """Our client: in the room, and noting what it hears."""

    nickname = "ours"

    def __init__(self):
        self.heard, self.others = [], []

    def signedOn(self):
        self.join("doom")

    def joined(self, channel):
        self.heard.append(("joined", channel))

    def userJoined(self, user, channel):
        self.others.append(user)

    def privmsg(self, user, channel, message):
        self.heard.append((user.split("!")[0], message))


@pytest.fixture
def visit(one_reactor):
    """Brings our client to a port, and ends all connections at the end."""

    def connect(port, **settings):
        client = Ours()
        vars(client).update(reactor=one_reactor, **settings)
        connectProtocol(TCP4ClientEndpoint(one_reactor, "127.0.0.1", port), client)
        run_until(one_reactor, lambda: ("joined", "#doom") in client.heard, DEADLINE_S)
        return client

    yield connect
    for transport in list(one_reactor.transports):
        if hasattr(transport, "abortConnection"):
            transport.abortConnection()
    run_until(one_reactor, lambda: not one_reactor.transports)


@pytest.fixture
def door(one_reactor, visit):
    """Our server, whose port it gives."""
    realm = InMemoryWordsRealm("us.example")
    realm.createGroupOnRequest = True
    factory = IRCFactory(realm, None, one_reactor)
    factory.noisy = False
    listening = one_reactor.listenTCP(0, factory, interface="127.0.0.1")
    yield listening.getHost().port
    stop_listening(one_reactor, listening)


@pytest.fixture
def start():
    """Starts programs, and stops them at the end."""
    with contextlib.ExitStack() as running:

        def begin(*command, **options):
            words = [path_of(command[0]) or command[0], *map(str, command[1:])]
            process = subprocess.Popen(words, stderr=subprocess.STDOUT, **{"stdout": subprocess.DEVNULL, **options})
            running.callback(process.wait, 10)
            running.callback(process.terminate)
            return process

        yield begin


def talks(reactor, client, nick, say):
    """The other comes in, and both hear each other. say: has the other say something."""
    run_until(reactor, lambda: nick in client.others, DEADLINE_S)
    say("hello, doom")
    run_until(reactor, lambda: (nick, "hello, doom") in client.heard, DEADLINE_S)
    client.say("doom", "soup is ready")


@pytest.mark.peer("IRC", client="ii")
def test_ii_talks_in_our_room(one_reactor, visit, door, start, tmp_path):
    client = visit(door)
    start("ii", "-s", "127.0.0.1", "-p", door, "-n", "visitor", "-i", tmp_path)
    folder = tmp_path / "127.0.0.1"

    def write(name, text):
        run_until(one_reactor, (folder / name).exists, DEADLINE_S)
        with open(folder / name, "w", encoding="utf-8") as pipe:
            pipe.write(text + "\n")

    write("in", "/j #doom")
    talks(one_reactor, client, "visitor", lambda text: write("#doom/in", text))
    run_until(one_reactor, lambda: "<ours> soup is ready" in (folder / "#doom" / "out").read_text(), DEADLINE_S)


@pytest.mark.peer("IRC", client="sic")
def test_sic_talks_in_our_room(one_reactor, visit, door, start, tmp_path):
    client, output = visit(door), tmp_path / "output"
    with open(output, "wb") as file:
        words = ("stdbuf", "-o0", path_of("sic"), "-h", "127.0.0.1", "-p", door, "-n", "visitor")
        process = start(*words, stdin=subprocess.PIPE, stdout=file)

    def write(text):
        process.stdin.write(text.encode() + b"\n")
        process.stdin.flush()

    run_until(one_reactor, lambda: b"Welcome" in output.read_bytes(), DEADLINE_S)
    write(":j #doom")
    talks(one_reactor, client, "visitor", write)
    run_until(one_reactor, lambda: b"<ours> soup is ready" in output.read_bytes(), DEADLINE_S)
    process.stdin.close()


@pytest.mark.peer("IRC", client="irssi")
def test_irssi_talks_in_our_room(one_reactor, visit, door, start, tmp_path):
    client = visit(door)
    controller, terminal = pty.openpty()
    os.set_blocking(controller, False)
    environment = {**os.environ, "TERM": "vt100", "LANG": "C.UTF-8"}
    words = ("irssi", f"--home={tmp_path}", "-c", "127.0.0.1", "-p", door, "-n", "visitor")
    start(*words, stdin=terminal, stdout=terminal, env=environment)
    shown = b""

    def shows(text):
        nonlocal shown
        with contextlib.suppress(BlockingIOError):
            shown += os.read(controller, 65_536)
        return text in shown

    run_until(one_reactor, lambda: shows(b"Welcome"), DEADLINE_S)
    os.write(controller, b"/join #doom\r")
    talks(one_reactor, client, "visitor", lambda text: os.write(controller, text.encode() + b"\r"))
    run_until(one_reactor, lambda: shows(b"soup is ready"), DEADLINE_S)
    os.close(controller)
    os.close(terminal)


@pytest.mark.peer("IRC", client="weechat-headless")
def test_weechat_comes_with_capabilities_and_talks(one_reactor, visit, door, start, tmp_path):
    client = visit(door)
    server = f"/server add us 127.0.0.1/{door} -notls -nicks=visitor -autojoin=#doom"
    say = "/wait 3 /msg -server us #doom hello, doom"
    start("weechat-headless", "-d", tmp_path, "-r", server, "-r", "/connect us", "-r", say)
    talks(one_reactor, client, "visitor", lambda text: None)
    run_until(one_reactor, lambda: ("visitor", "hello, doom") in client.heard, DEADLINE_S)


@pytest.mark.peer("IRC", client="Twisted")
def test_twisteds_client_talks_in_our_room(one_reactor, visit, door, start):
    pytest.importorskip("twisted.words")
    client = visit(door)
    start(sys.executable, "-c", TWISTED_CLIENT, door)
    run_until(one_reactor, lambda: ("theirs", "hello from theirs") in client.heard, DEADLINE_S)
    client.say("doom", "soup")
    run_until(one_reactor, lambda: ("theirs", "heard soup") in client.heard, DEADLINE_S)


@pytest.mark.peer("IRC", server="Twisted")
def test_our_client_talks_at_twisteds_server(one_reactor, visit, daemon):
    pytest.importorskip("twisted.words")
    command = (sys.executable, "server.py")
    port = daemon(*command, files={"server.py": TWISTED_SERVER}, ready="listening").port
    client = visit(port, password="secret")
    client.msg("#doom", "x")
    client.topic("#doom", "soup")
    told = []
    client.topicUpdated = lambda *args: told.append(args)
    run_until(one_reactor, lambda: ("ours", "#doom", "soup") in told, DEADLINE_S)


@pytest.mark.peer("IRC", server="ngircd")
def test_two_of_our_clients_talk_at_ngircd(one_reactor, visit, daemon):
    port = daemon("ngircd", "-n", "-f", "@FOLDER@/ngircd.conf", files={"ngircd.conf": NGIRCD}).port
    one, other = visit(port), visit(port, nickname="other")
    other.say("doom", "ä€😀 " * 300)
    run_until(
        one_reactor, lambda: sum(len(text.split()) for nick, text in one.heard if nick == "other") == 300, DEADLINE_S
    )
    assert all(word == "ä€😀" for nick, text in one.heard if nick == "other" for word in text.split())
    assert one.supported.getFeature("CASEMAPPING") == ("ascii",)
