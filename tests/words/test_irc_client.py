"""IRC's client: what it sends, what it is told, and what strangers can't make it do."""

import pytest

from reactor.address import IPv4Address
from reactor.failure import Failure
from reactor.protocol import connectionDone
from reactor.task import Clock
from reactor.testing import StringTransport
from reactor.words.protocols import irc
from reactor.words.protocols.irc.observed import Observed

CALLBACKS = [
    name for name in vars(Observed) if not name.startswith(("_", "irc_")) and callable(getattr(Observed, name))
]


class Client(irc.IRCClient):
    """A client that notes what it is told."""

    nickname = "ann"

    def __init__(self, **settings):
        self.told, self.clock = [], Clock()
        vars(self).update({"reactor": self.clock, "seconds": self.clock.seconds, **settings})
        for name in CALLBACKS:
            setattr(self, name, lambda *args, name=name: self.note(name, args))
        self.makeConnection(StringTransport(peerAddress=IPv4Address("TCP", "127.0.0.1", 1)))

    def note(self, name, args):
        self.told.append((name, *args))
        getattr(super(), name)(*args)

    def hear(self, *lines):
        """Give these lines to it. Returns what it was told."""
        self.told.clear()
        self.dataReceived(b"".join(line.encode() + b"\r\n" for line in lines))
        return self.told

    def sent(self):
        found = self.transport.value().decode().split("\r\n")[:-1]
        self.transport.clear()
        return found

    def signed_on(self):
        self.hear(":us.example 001 ann :Welcome")
        self.sent()
        return self

    def hang_up(self):
        self.connectionLost(Failure(connectionDone.value))
        assert not self.clock.getDelayedCalls()


def test_it_registers_and_is_signed_on():
    client = Client(password="secret", username="a", realname="Ann")
    assert client.sent() == ["PASS secret", "NICK ann", "USER a foo bar :Ann"]
    assert client.hear(":us.example 001 ann :Welcome") == [("signedOn",)] and client.hostname == "us.example"
    client.clock.advance(120)
    assert client.sent() == ["PING us.example"]
    client.hang_up()


def test_a_nick_that_is_taken_is_altered_and_not_for_ever():
    client = Client()
    client.hear(*[":us.example 433 * ann :taken"] * 20)
    assert client.sent()[-1] == "NICK ann_________" and client.transport.disconnecting
    client = Client()
    client.hear(":us.example 432 * ann :no", ":us.example 001 defaultnick :Welcome")
    assert client.nickname == "defaultnick"


def test_what_others_do_is_told():
    client = Client().signed_on()
    bob = ":bob!b@h"
    assert client.hear(
        f"{bob} PRIVMSG #doom :soup?", f"{bob} NOTICE ann :x", f"{bob} PRIVMSG ann :\1ACTION eats\1"
    ) == [
        ("privmsg", "bob!b@h", "#doom", "soup?"),
        ("noticed", "bob!b@h", "ann", "x"),
        ("action", "bob!b@h", "ann", "eats"),
    ]
    assert client.hear(f"{bob} JOIN #doom acct :Bob", ":ann!a@h JOIN #doom", f"{bob} PART #doom", f"{bob} QUIT") == [
        ("userJoined", "bob", "#doom"),
        ("joined", "#doom"),
        ("userLeft", "bob", "#doom"),
        ("userQuit", "bob", ""),
    ]
    assert client.hear(
        f"{bob} KICK #doom ANN :out", f"{bob} KICK #doom eve", f"{bob} NICK rob", ":ann!a@h NICK anna"
    ) == [
        ("kickedFrom", "#doom", "bob", "out"),
        ("userKicked", "eve", "#doom", "bob", "eve"),
        ("userRenamed", "bob", "rob"),
        ("nickChanged", "anna"),
    ]
    assert client.hear(f"{bob} TOPIC #doom :x", ":s 332 ann #doom :y", ":s 331 ann #doom :none") == [
        ("topicUpdated", "bob", "#doom", "x"),
        ("topicUpdated", "s", "#doom", "y"),
        ("topicUpdated", "s", "#doom", ""),
    ]
    assert client.hear(f"{bob} MODE #doom +o-l+b eve *!*@x") == [
        ("modeChanged", "bob!b@h", "#doom", True, "ob", ("eve", "*!*@x")),
        ("modeChanged", "bob!b@h", "#doom", False, "l", (None,)),
    ]


def test_what_the_server_says_of_itself_is_told():
    client = Client().signed_on()
    lines = [":s 004 ann us 1.0 io bklm", ":s 252 ann 3 :ops", ":s 254 ann x :rooms", ":s 375 ann :- MOTD"]
    lines += [":s 372 ann :- hi", ":s 376 ann :end", ":s 005 ann NICKLEN=20 -MODES :are supported"]
    assert client.hear(*lines) == [
        ("myInfo", "us", "1.0", "io", "bklm"),
        ("luserOp", 3),
        ("receivedMOTD", ["MOTD", "hi"]),
        ("isupport", ["NICKLEN=20", "-MODES"]),
    ]
    assert client.supported.getFeature("NICKLEN") == 20 and not client.supported.hasFeature("MODES")


def test_no_command_can_be_smuggled_into_a_line():
    client = Client().signed_on()
    client.join("doom\r\nQUIT")
    client.topic("#doom", "a\nQUIT\0")
    client.msg("bob", "a\r\nQUIT :x")
    assert client.sent() == [
        "JOIN #doom\x10r\x10nQUIT",
        "TOPIC #doom :a\x10nQUIT\x100",
        "PRIVMSG bob :a\x10r",
        "PRIVMSG bob :QUIT :x",
    ]


def test_a_long_message_is_cut_between_characters_and_fits_with_the_prefix_that_others_see():
    client = Client().signed_on()
    client.msg("#doom", "ä€😀" * 200)
    lines = client.sent()
    assert "".join(line.removeprefix("PRIVMSG #doom :") for line in lines) == "ä€😀" * 200 and len(lines) > 4
    prefix = ":" + "n" * 9 + "!" + "u" * 10 + "@" + "h" * 63 + " "
    assert all(len((prefix + line + "\r\n").encode()) <= 512 for line in lines)
    with pytest.raises(ValueError, match="Maximum length must exceed 15 for message to bob"):
        client.msg("bob", "x", 15)


def test_lines_go_out_no_faster_than_lineRate():
    client = Client(lineRate=2.0)
    assert client.sent() == ["NICK ann"]
    client.clock.advance(2)
    assert client.sent() == ["USER ann foo bar :None"]
    client.say("doom", "x")
    client.hang_up()


def test_programs_are_answered_by_notice_and_not_too_often():
    client = Client(versionName="doom").signed_on()
    ask = ":bob!b@h PRIVMSG ann :\1VERSION\1"
    client.hear(ask, ":bob!b@h NOTICE ann :\1VERSION\1", *[ask] * 20)
    assert client.sent() == ["NOTICE bob :\1VERSION doom::\1"] * 4
    client.clock.advance(client.ctcpPeriod)
    client.hear(":bob!b@h PRIVMSG ann :\1PING 1\1\1PING 2\1", ":bob!b@h PRIVMSG ann :\1CLIENTINFO VERSION\1")
    assert client.sent() == ["NOTICE bob :\1PING 1\1", "NOTICE bob :\1CLIENTINFO Which program is it?\1"]


def test_ping_measures_once(logged_errors):
    client = Client().signed_on()
    client.ping("bob", "key")
    assert client.sent() == ["PRIVMSG bob :\1PING key\1"]
    [(name, user, secs)] = client.hear(":bob!b@h NOTICE ann :\1PING key\1")
    assert (name, user) == ("pong", "bob!b@h") and 0 <= secs < 60
    assert client.hear(":bob!b@h NOTICE ann :\1PING key\1") == []
    assert len(logged_errors.flush(irc.IRCBadMessage)) == 1


@pytest.mark.parametrize(
    "offer, problem",
    [
        ("SEND soup 2130706433 1023 5", "a port of DCC is a number from 1024 to 65535, not '1023'"),
        ("SEND soup 2130706433 65536 5", "not '65536'"),
        ("CHAT chat 2130706433 x", "not 'x'"),
        ("SEND .. 127.0.0.1 5000", "'..' is no file's name"),
        ("SEND dir/ 127.0.0.1 5000", "is no file's name"),
        ("SEND soup 999999999999999 5000", "Indecipherable address"),
        ("SEND soup", "malformed request"),
        ("NONSENSE a b c", "unknown kind 'NONSENSE'"),
    ],
)
def test_an_offer_that_could_harm_is_refused(offer, problem):
    quirks = []
    client = Client(quirkyMessage=quirks.append, dccDoSend=None, dccDoChat=None)
    client.hear(f":bob!b@h PRIVMSG ann :\1DCC {offer}\1")
    assert len(quirks) == 1 and problem in quirks[0]


@pytest.mark.parametrize("name", ["/etc/passwd", "../../passwd", "..\\..\\passwd", '"a b/passwd"', "passwd"])
def test_of_a_files_name_only_the_last_part_counts(name):
    offers = []
    client = Client(dccDoSend=lambda *args: offers.append(args[:5]))
    client.hear(f":bob!b@h PRIVMSG ann :\1DCC SEND {name.replace(chr(92), chr(92) * 4)} 2130706433 5000 17\1")
    assert offers == [("bob!b@h", "127.0.0.1", 5000, "passwd", 17)]


def test_a_file_is_received_and_never_written_over(tmp_path):
    receiver = irc.DccFileReceive("../soup", 5, destDir=str(tmp_path))
    receiver.makeConnection(StringTransport())
    receiver.dataReceived(b"so")
    receiver.dataReceived(b"upy")
    receiver.dataReceived(b"more than was offered")
    receiver.connectionLost(Failure(connectionDone.value))
    assert (tmp_path / "soup").read_bytes() == b"soupy" and receiver.transport.disconnecting
    assert receiver.transport.value() == b"\0\0\0\2\0\0\0\5"
    with pytest.raises(FileExistsError):
        irc.DccFileReceive("soup", destDir=str(tmp_path)).makeConnection(StringTransport())
    with pytest.raises(NotADirectoryError):
        receiver.set_directory(str(tmp_path / "soup"))


def test_a_talk_by_dcc_is_told_as_messages():
    client = Client()
    chat = irc.DccChatFactory(client, ("bob!b@h", "ann", "")).buildProtocol(None)
    chat.makeConnection(StringTransport())
    chat.dataReceived(b"hello\r\nyou\n")
    chat.sendLine(b"hi")
    assert client.told[-2:] == [("privmsg", "bob!b@h", "ann", "hello"), ("privmsg", "bob!b@h", "ann", "you")]
    assert chat.transport.value() == b"hi\r\n"


def test_capabilities_and_sasl_come_before_the_welcome():
    client = Client(account="ann", accountPassword="secret", capabilities=("server-time", "unknown"))
    assert client.sent()[0] == "CAP LS 302"
    client.hear(":s CAP * LS * :server-time", ":s CAP * LS :sasl=PLAIN")
    assert client.sent() == ["CAP REQ :server-time sasl"]
    client.hear(":s CAP * ACK :server-time sasl", "AUTHENTICATE +", ":s 903 ann :in")
    assert client.sent() == ["AUTHENTICATE PLAIN", "AUTHENTICATE AGFubgBzZWNyZXQ=", "CAP END"]


@pytest.mark.parametrize(
    "lines",
    [
        [":s CAP * LS :server-time"],
        [":s CAP * LS :sasl", ":s CAP * NAK :sasl"],
        [":s CAP * LS :sasl=PLAIN", ":s CAP * ACK :sasl", "AUTHENTICATE +", ":s 904 * :no"],
        [":s CAP * LS :sasl=NONSENSE", ":s CAP * ACK :sasl"],
    ],
)
def test_who_has_an_account_is_not_let_in_as_a_guest(lines):
    client = Client(account="ann", accountPassword="secret")
    client.hear(*lines)
    assert client.transport.disconnecting


def test_a_text_is_formatted_and_read_back():
    A = irc.attributes
    tree = A.normal[A.bold["Time: "], A.fg.lightRed[A.bg.black["now"], "!"]]
    text = irc.assembleFormattedText(tree)
    assert text == "\x0f\x02Time: \x0f\x0304,01now\x0f\x0304!"
    assert irc.parseFormattedText(text) == tree and irc.stripFormatting(text) == "Time: now!"
    assert irc.stripFormatting("\x0312,4a\x03\x1fb\x160") == "ab0"
    with pytest.raises(AttributeError, match="'pink' is no colour of IRC"):
        _ = A.fg.pink
