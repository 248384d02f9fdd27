"""Bytes that no peer of FTP should send: what reads them raises its one error, and what they reach stays alive."""

import random

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("ours are fuzzed", allow_module_level=True)

from reactor.address import IPv4Address
from reactor.cred.checkers import AllowAnonymousAccess
from reactor.cred.portal import Portal
from reactor.protocols.ftp import FTPFactory, FTPFileListProtocol, IFTPShell, toSegments
from reactor.protocols.ftp.data import FromText, ToText
from reactor.protocols.ftp.listings import FactsProtocol
from reactor.protocols.ftp.wire import (
    Refused,
    decodeExtendedAddress,
    decodeExtendedPassive,
    decodeHostPort,
    read_command,
)
from reactor.task import Clock
from reactor.testing import StringTransport
from reactor.vfs import MemoryFolder

WORDS = b"USER PASS RETR STOR LIST MLSD STAT ABOR RNFR RNTO CWD MKD TYPE A REST PORT anonymous"
SIGNS = b"\r\n \xff \xf4 \xf2 / .. * \0 | , 1 999 -a \xc3 ("
ALPHABET = [b" ", *WORDS.split(b" "), *SIGNS.split(b" ")]


class Realm:
    def requestAvatar(self, *_):
        return IFTPShell, MemoryFolder({"menu": b"soup"}), lambda: None


def noise(dice, most):
    return b"".join(dice.choices(ALPHABET, k=dice.randrange(most)))


@pytest.mark.parametrize("seed", range(20))
def test_readers_raise_ValueError_and_nothing_else(seed):
    dice = random.Random(seed)
    for _ in range(200):
        line = noise(dice, 12)
        text = line.decode("utf-8", "surrogateescape")
        for read in (decodeHostPort, decodeExtendedAddress, decodeExtendedPassive):
            try:
                read(text)
            except ValueError:
                pass
        try:
            word, argument = read_command(line)
            assert word.isalpha() and not set(argument) & set("\r\n\0")
            assert not {"", ".", ".."} & set(toSegments(["a"], argument))
        except Refused as refused:
            assert 500 <= refused.code < 600
        for lines in (FTPFileListProtocol(), FactsProtocol(False)):
            lines.makeConnection(StringTransport())
            lines.dataReceived(line + b"\n")


@pytest.mark.parametrize("seed", range(20))
def test_a_session_answers_noise_with_replies_and_goes_on_or_ends(seed, logged_errors):
    dice = random.Random(seed)
    clock = Clock()
    factory = FTPFactory(Portal(Realm(), [AllowAnonymousAccess()]), reactor=clock)
    transport = StringTransport(peerAddress=IPv4Address("TCP", "127.0.0.1", 1), lenient=True)
    session = factory.buildProtocol(transport.getPeer())
    session.makeConnection(transport)
    if seed % 2:
        session.dataReceived(b"USER anonymous\r\nPASS x\r\n")
    for _ in range(40):
        if not transport.disconnecting:
            session.dataReceived(noise(dice, 8) + dice.choice([b"", b"\r\n"]))
    for line in transport.value().split(b"\r\n"):
        assert line == b"" or line[:1] == b" " or (line[:3].isdigit() and line[3:4] in b" -"), line
    clock.advance(10_000)
    logged_errors.flush(AttributeError)  # a clock can't listen
    session.connectionLost()


class Kept:
    def __init__(self):
        self.data = b""
        self.registerProducer = self.unregisterProducer = None

    def write(self, data):
        self.data += data


@pytest.mark.parametrize("seed", range(20))
def test_ends_of_lines_are_the_same_however_the_text_is_cut(seed):
    dice = random.Random(seed)
    text = b"".join(dice.choices([b"\r", b"\n", b"a", b"\r\n"], k=60))
    for translate in (ToText, FromText):
        whole, cut = Kept(), Kept()
        for kept, pieces in ((whole, [text]), (cut, [text[place : place + 1] for place in range(len(text))])):
            consumer = translate(kept)
            for piece in pieces:
                consumer.write(piece)
            consumer.finish()
        assert whole.data == cut.data
    sent, back = Kept(), Kept()
    plain = text.replace(b"\r", b"")
    for translate, source, kept in ((ToText, plain, sent), (FromText, None, back)):
        consumer = translate(kept)
        consumer.write(sent.data if source is None else source)
        consumer.finish()
    assert back.data == plain
