"""A client of FTP with servers that lie, break, refuse and fall silent."""

import socket

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's client is laxer", allow_module_level=True)

from reactor.defer import CancelledError
from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
from reactor.error import ConnectError
from reactor.protocol import Factory, Protocol
from reactor.protocols.basic import LineReceiver
from reactor.protocols.ftp import (
    BadResponse,
    CommandFailed,
    ConnectionLost,
    FTPClient,
    parsePWDResponse,
)
from tests.protocols.ftp_doubles import Collector, Served
from tests.protocols.test_ftp_lists import UNSAFE
from tests.support.loopback import run_until, stop_listening
from tests.support.outcomes import outcomes

GREETED = {"": ["220 hello"], "USER": ["331 ?"], "PASS": ["230 welcome"], "TYPE": ["200 binary"], "QUIT": ["221 bye"]}


class Scripted(LineReceiver):
    """Answers each word as the script says, and notes what was said."""

    def connectionMade(self):
        self.factory.one = self
        self.say("")

    def lineReceived(self, line):
        self.factory.said.append(line.decode())
        self.say(line.decode().split(" ")[0])

    def say(self, word):
        answers = self.factory.script.get(word, ["502 no"])
        for answer in answers(self) if callable(answers) else answers:
            self.sendLine(answer.encode())


class Data(Protocol):
    """A data connection at the server. end: what it does at once."""

    def connectionMade(self):
        self.factory.end(self.transport)


class Theirs:
    """A scripted server, and a client of ours that is connected to it."""

    def __init__(self, reactor, **script):
        self.reactor, self.ports = reactor, []
        self.factory = Factory.forProtocol(Scripted)
        self.factory.noisy, self.factory.said, self.factory.script = False, [], {**GREETED, **script}
        self.port = self.listen(self.factory)
        self.said = self.factory.said

    def listen(self, factory):
        self.ports.append(self.reactor.listenTCP(0, factory, interface="127.0.0.1"))
        return self.ports[-1].getHost().port

    def data(self, end):
        """The number of a port for data; whoever comes there meets `end`."""
        factory = Factory.forProtocol(Data)
        factory.noisy, factory.end = False, end
        return self.listen(factory)

    def connect(self, **options):
        self.client = FTPClient("ann", "secret", reactor=self.reactor, **options)
        self.client.timeOut = options.pop("timeOut", 5.0)
        self.result(connectProtocol(TCP4ClientEndpoint(self.reactor, "127.0.0.1", self.port), self.client))
        return self.client

    def result(self, deferred, *errors):
        found = outcomes(deferred)
        run_until(self.reactor, lambda: found)
        if errors:
            assert found[0].check(*errors), found[0]
            return found[0].value
        return found[0]

    def close(self):
        for port in self.ports:
            stop_listening(self.reactor, port)
        for transport in list(self.reactor.transports):
            (getattr(transport, "abortConnection", None) or transport.stopListening)()
        run_until(self.reactor, lambda: not self.reactor.transports)


@pytest.fixture
def theirs(one_reactor):
    """Makes a scripted server."""
    made = []

    def make(**script):
        made.append(Theirs(one_reactor, **script))
        return made[-1]

    yield make
    for one in made:
        one.close()


def sends(data):
    """A data connection that sends this, and ends in order."""

    def end(transport):
        transport.write(data)
        transport.loseConnection()

    return end


def test_the_address_of_PASV_is_ignored_and_EPSV_is_asked_for_once(theirs):
    """CVE-2020-8284: else a server can have us knock at doors in our own network."""
    server = theirs(RETR=["150 comes", "226 done"])
    ports = [server.data(sends(b"soup")) for _ in range(2)]
    lines = [f"227 here (192,0,2,1,{port >> 8},{port & 255})" for port in ports]
    server.factory.script["PASV"] = lambda _: [lines.pop(0)]
    client = server.connect()
    for _ in range(2):
        got = Collector()
        assert server.result(client.retrieveFile("menu", got)) == ["226 done"]
        assert got.data == b"soup"
    assert [word for word in server.said if word in ("EPSV", "PASV")] == ["EPSV", "PASV", "PASV"]


def test_an_end_of_the_data_is_no_proof_and_neither_is_a_226(theirs):
    server = theirs(RETR=["150 comes", "426 it broke"])
    port = server.data(sends(b"soup"))
    server.factory.script["EPSV"] = [f"229 here (|||{port}|)"]
    client = server.connect()
    got = Collector()
    failed = server.result(client.retrieveFile("menu", got), CommandFailed)
    assert failed.code == 426 and got.data == b"soup"
    server.factory.script["RETR"] = ["150 comes", "226 done"]
    server.factory.script["EPSV"] = [f"229 here (|||{server.data(lambda transport: transport.abortConnection())}|)"]
    assert "the data connection broke" in str(server.result(client.retrieveFile("menu", Collector()), ConnectionLost))


@pytest.mark.parametrize("word", ["", "USER", "PASS", "EPSV", "RETR"])
def test_a_server_that_falls_silent_is_given_up(theirs, word):
    server = theirs(RETR=["150 comes"])
    server.factory.script["EPSV"] = [f"229 here (|||{server.data(lambda _: None)}|)"]
    server.factory.script[word] = []
    server.connect(passive=True)
    server.client.setTimeout(0.05)
    server.client._patience_s = 0.05
    server.result(server.client.retrieveFile("menu", Collector()), ConnectionLost)


@pytest.mark.parametrize("is_passive", [True, False])
@pytest.mark.parametrize("leaves", [True, False])
@pytest.mark.parametrize("word", ["RETR", "STOR"])
def test_a_server_that_says_226_and_never_ends_the_data_is_given_up(theirs, word, leaves, is_passive):
    def done(server):
        server.sendLine(b"226 done")
        if leaves:
            server.transport.loseConnection()
        return []

    server = theirs(**{word: done, "PORT": ["200 noted"]})
    server.factory.script["EPSV"] = [f"229 here (|||{server.data(lambda _: None)}|)"]
    client = server.connect(passive=is_passive)
    client._patience_s = 0.05
    if word == "RETR":
        server.result(client.retrieveFile("menu", Collector()), ConnectionLost)
    else:
        began, ended = client.storeFile("menu")
        server.result(ended, ConnectionLost)
        server.result(began, ConnectionLost)
    run_until(server.reactor, lambda: not [one for one in server.reactor.transports if "DataConnection" in repr(one)])


def test_a_failed_login_is_what_all_who_wait_are_told(theirs):
    server = theirs(PASS=["530 no"])
    client = server.connect()
    first, second = client.pwd(), client.retrieveFile("menu", Collector())
    assert server.result(first, CommandFailed).args == (["530 no"],)
    assert server.result(second, CommandFailed).code == 530
    assert server.said == ["USER ann", "PASS secret"]


def test_without_TLS_where_it_was_asked_for_no_password_is_sent(theirs):
    server = theirs(AUTH=["502 no"])
    client = server.connect(contextFactory=Served.unverified())
    server.result(client.pwd(), CommandFailed)
    assert server.said == ["AUTH TLS"]


def test_a_path_with_an_end_of_line_is_sent_nowhere(theirs):
    server = theirs()
    client = server.connect()
    for call in (client.cwd, client.removeFile, client.size, lambda path: client.rename("a", path)):
        with pytest.raises(ValueError, match="no CR, LF or NUL"):
            call("a\r\nDELE b")
    with pytest.raises(ValueError, match="no CR, LF or NUL"):
        client.storeFile("a\0")
    server.result(client.quit())
    assert "DELE b" not in server.said


@pytest.mark.parametrize(
    "script, call",
    [
        ({"EPSV": ["229 here"]}, lambda client: client.retrieveFile("menu", Collector())),
        ({"PASV": ["227 here (1,2,3)"]}, lambda client: client.retrieveFile("menu", Collector())),
        ({"SIZE": ["213 many"]}, lambda client: client.size("menu")),
        ({"SIZE": ["213 -5"]}, lambda client: client.size("menu")),
        ({"MDTM": ["213 today"]}, lambda client: client.lastModified("menu")),
    ],
)
def test_nonsense_is_a_BadResponse(theirs, script, call):
    server = theirs(**script)
    server.result(call(server.connect()), BadResponse)
    server.result(server.client.quit())


def test_a_reply_without_an_end_closes_the_connection(theirs):
    server = theirs(PWD=lambda it: it.transport.write(b"257-" + b"x" * 70_000) or [])
    server.result(server.connect().pwd(), ConnectionLost)


def test_where_no_data_connection_is_taken_the_next_command_is_still_answered(theirs):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    server = theirs(EPSV=[f"229 here (|||{number}|)"])
    server.result(server.connect().retrieveFile("menu", Collector()), ConnectError)
    assert server.result(server.client.quit()) == ["221 bye"]


def test_a_transfer_that_is_cancelled_ends_and_the_next_command_gets_its_own_reply(theirs):
    server = theirs(RETR=["150 comes"], PWD=['257 "/a ""b"""'])
    server.factory.script["EPSV"] = [f"229 here (|||{server.data(lambda transport: transport.write(b'so'))}|)"]
    client = server.connect()
    got = Collector()
    fetching = client.retrieveFile("menu", got)
    run_until(server.reactor, lambda: got.data)
    where = client.getDirectory()
    fetching.cancel()
    server.result(fetching, CancelledError)
    run_until(server.reactor, lambda: got.reason)
    server.factory.one.sendLine(b"426 it broke")
    assert server.result(where) == '/a "b"'


def test_for_active_data_only_the_server_may_come(theirs):
    server = theirs(PORT=["200 fine"], LIST=["150 comes"])
    client = server.connect(passive=False)
    got = Collector()
    listing = client.list("", got)
    run_until(server.reactor, lambda: "LIST" in server.said)
    numbers = next(line for line in server.said if line.startswith("PORT")).split()[1].split(",")
    address = ("127.0.0.1", int(numbers[4]) * 256 + int(numbers[5]))
    with socket.socket() as thief:
        thief.bind(("127.0.0.2", 0))
        thief.connect(address)
        thief.setblocking(False)
        run_until(server.reactor, lambda: has_ended(thief))
    with socket.create_connection(address) as data:
        data.sendall(b"nothing\r\n")
    run_until(server.reactor, lambda: got.reason)
    server.factory.one.sendLine(b"226 done")
    assert server.result(listing) == ["226 done"] and got.data == b"nothing\r\n"


def has_ended(skt):
    try:
        return skt.recv(10) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


def test_an_upload_that_is_refused_fails_both_its_Deferreds(theirs):
    server = theirs(STOR=["550 no"])
    server.factory.script["EPSV"] = [f"229 here (|||{server.data(lambda _: None)}|)"]
    connected, done = server.connect().storeFile("menu")
    server.result(connected, CommandFailed)
    server.result(done, CommandFailed)


def test_a_path_in_a_reply_is_between_quotes():
    assert parsePWDResponse('257 "/a ""b"" c" is here') == '/a "b" c'
    assert parsePWDResponse("257 somewhere") is None


@pytest.fixture
def told():
    """What is logged."""
    from reactor import log

    lines = []

    def observe(event):
        lines.append(log.textFromEventDict(event) or "")

    log.addObserver(observe)
    yield lines
    log.removeObserver(observe)


def test_names_that_are_none_of_a_file_in_a_folder_are_left_out_of_MLSD_and_the_log_has_the_first(theirs, told):
    """A program that writes each file under its name would be led anywhere, and a terminal obey."""
    server = theirs(MLSD=["150 comes", "226 done"])
    lines = "".join(f"type=file; {name}\r\n" for name in ["a\x1b[2J", *UNSAFE, "menu"])
    lines = f"type=cdir; /\r\ntype=pdir; ..\r\n{lines}"
    server.factory.script["EPSV"] = [f"229 here (|||{server.data(sends(lines.encode()))}|)"]
    client = server.connect()
    assert server.result(client.mlsd()) == [("menu", {"type": "file"})]
    assert [line for line in told if "a list has" in line] == [
        r"FTP: a list has 'a\x1b[2J' as a name of a file in a folder: mlsd leaves out what is none"
    ]
    names = [name for name, _ in server.result(client.mlsd(rawNames=True))]
    assert names == ["/", "..", "a\x1b[2J", *UNSAFE, "menu"]
