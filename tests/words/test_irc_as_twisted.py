"""The same functions of Twisted's, asked the same questions."""

import random

import pytest

theirs = pytest.importorskip("twisted.words.protocols.irc")

from reactor.words.protocols import irc as ours  # noqa: E402

LINES = [
    "PING", "PING x", "PING :x y", ":a PING x", ":a!b@c PRIVMSG #d :hello there", "A  b   c", "A :", "A : x",
    "A b :c :d", "A :b", "MODE #x +o-v a b", "001 ann :Welcome", "A b:c d", ":p A : ",
]  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_messages_are_read_the_same(line):
    assert ours.parsemsg(line) == tuple(theirs.parsemsg(line))


def test_an_empty_line_is_no_message():
    for irc in (ours, theirs):
        with pytest.raises(irc.IRCBadMessage, match=r"Empty line\."):
            irc.parsemsg("")


@pytest.mark.parametrize("modes", ["+o", "+ov", "-o+v", "+l", "", "o", "+", "+o-", "++o", "+bk", "+-o", "+o+v"])
@pytest.mark.parametrize("params", [[], ["a"], ["a", "b"]])
def test_modes_are_read_the_same(modes, params):
    found = []
    for irc in (ours, theirs):
        try:
            found.append(irc.parseModes(modes, [*params], ("ovbkl", "ovbk")))
        except irc.IRCBadModes:
            found.append("bad")
    assert found[0] == found[1]


def test_quoting_and_ctcp_are_the_same():
    dice = random.Random(3)
    for _ in range(2000):
        text = "".join(dice.choices("ab \\\x01\x10\r\n\0nr0a", k=dice.randrange(12)))
        for name in ("lowQuote", "lowDequote", "ctcpQuote", "ctcpDequote", "ctcpExtract"):
            assert getattr(ours, name)(text) == getattr(theirs, name)(text), (name, text)
        assert ours.ctcpStringify([("A", text), ("B", [text, 1])]) == theirs.ctcpStringify(
            [("A", text), ("B", [text, 1])]
        )


@pytest.mark.parametrize(
    "params",
    [
        ["NICKLEN=20", "CHANNELLEN=x", "MODES=4", "TOPICLEN", "SAFELIST", "EXCEPTS", "INVEX=J", "NETWORK=us"],
        ["PREFIX=(qo)~@", "PREFIX=x", "CHANMODES=b,k,l,imn", "CHANMODES=a,b,c,d,e", "CHANTYPES=#", "-MODES"],
        [
            "CHANLIMIT=#:25,&:x",
            "TARGMAX=A:1,B:",
            "MAXLIST=be:50",
            "STATUSMSG=@+",
            "IDCHAN=!:5",
            r"X=a\x20b,c",
            "KICKLEN=9",
        ],
    ],
)
def test_what_a_server_can_do_is_read_the_same(params):
    features = [irc.ServerSupportedFeatures() for irc in (ours, theirs)]
    for one in features:
        one.parse(params)
    assert features[0]._features == features[1]._features


@pytest.mark.parametrize(
    "text", ["", "a b c", "aaa bbb ccc ddd", "x" * 50, "a\nb\n\nc", "aaaa bbbb", "one, two, three"]
)
@pytest.mark.parametrize("length", [4, 9, 10, 80])
def test_ascii_is_cut_at_the_same_places(text, length):
    assert ours.split(text, length) == theirs.split(text, length)


def test_numbers_have_the_same_names():
    assert theirs.symbolic_to_numeric.items() <= ours.symbolic_to_numeric.items()
    assert {name for name in dir(theirs) if name.startswith(("RPL_", "ERR_"))} <= {*dir(ours)}
