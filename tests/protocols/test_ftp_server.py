"""A server of FTP on loopback, spoken to by hand: what its commands do, and what its bounds are."""

import os
import signal
import socket
import subprocess
import sys

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's server is laxer", allow_module_level=True)

from reactor.vfs import MemoryFolder
from reactor.vfs.transfers import FileReader
from tests.protocols.ftp_doubles import Speaker


def test_a_session_begins_with_a_name_and_a_password(serve):
    speaker = Speaker(serve())
    assert speaker.codes("PWD", "PASS secret", "USER ann", "PASS wrong") == [530, 503, 331, 530]
    assert speaker.codes("USER nobody", "PASS secret", "USER ann", "PASS secret", "USER ann") == [
        331,
        530,
        331,
        230,
        503,
    ]
    assert speaker.codes("PWD", "QUIT") == [257, 221]
    assert speaker.served.gate.left == 1


def test_strangers_read_and_change_nothing(serve):
    served = serve()
    (served.folder / "menu").write_bytes(b"soup")
    stranger = Speaker(served).login("anonymous")
    assert stranger.retrieve("menu") == b"soup"
    assert stranger.store("new", b"x")[0] == 550
    assert stranger.codes("DELE menu", "MKD a", "RNFR menu", "RNTO m", "SITE CHMOD 600 menu") == [
        550,
        550,
        350,
        550,
        550,
    ]
    assert os.listdir(served.folder) == ["menu"]


def test_after_a_login_nobody_can_be_a_stranger_whom_the_house_does_not_let_in(serve):
    served = serve()
    served.factory.allowAnonymous = False
    assert Speaker(served).codes("USER anonymous", "PASS x") == [331, 530]


ANSWERS = [
    ("XYZ", 502), ("XYZZY", 500), ("", 500), ("A" * 9000, 500), ("RETR", 501), ("STRU R", 504), ("MODE B", 504),
    ("TYPE E", 504), ("OPTS UTF8 ON", 200), ("OPTS UTF8 OFF", 501), ("AUTH KERBEROS", 504), ("ALLO x", 501),
    ("REST -1", 501), ("PORT 1,2,3", 501), ("PORT 127,0,0,1,999,1", 501), ("EPRT |1|127.0.0.1|", 501),
    ("SITE EXEC ls", 504), ("ACCT x", 202), ("EPSV 2", 522), ("EPSV 3", 522), ("STAT nowhere", 550), ("PBSZ 0", 503),
    ("PROT P", 503), ("RNTO x", 503), ("SYST", 215), ("MDTM nowhere", 550), ("SIZE .", 550), ("CWD ..", 553),
    ("CWD a\rb", 501), ("MKD a\0b", 501), ("HELP", 214), ("NOOP", 200), ("DELE nowhere", 550), ("STAT", 211),
    ("FEAT", 211), ("RETR nowhere", 550), ("MKD " + "n" * 300, 553), ("LIST", 425),
]  # fmt: skip


@pytest.mark.parametrize("command, code", ANSWERS)
def test_every_command_has_its_answer(ann, command, code):
    assert ann.codes(command, "NOOP") == [code, 200]


def test_a_client_that_says_nothing_right_is_sent_away(ann):
    assert ann.codes(*["?"] * 10) == [500] * 10
    assert ann.heard_end()


def test_names_are_UTF_8_and_other_bytes_stay_what_they_are(ann):
    assert ann.codes("MKD Käse", b"MKD caf\xe9") == [257, 257]
    assert sorted(os.listdir(os.fsencode(ann.served.folder))) == sorted(["Käse".encode(), b"caf\xe9"])
    assert sorted(ann.retrieve("", "NLST").split(b"\r\n")) == sorted([b"", "Käse".encode(), b"caf\xe9"])


def test_a_quote_in_a_name_is_doubled(ann):
    assert ann.say('MKD a"b') == (257, '"/a""b" is made')


def test_signals_of_telnet_in_front_of_a_command_are_taken_out(ann):
    assert ann.codes(b"\xff\xf4\xff\xf2ABOR", b"\xff\xf4\xffABOR", b"\xff\xfb\x01NOOP") == [226, 226, 200]
    ann.codes(b"MKD a\xff\xffb")
    assert os.listdir(os.fsencode(ann.served.folder)) == [b"a\xffb"]


def test_lists_show_what_is_there(ann):
    folder = ann.served.folder
    (folder / "sub").mkdir()
    for name in ("a.txt", "b.txt", ".hidden", "two\nlines", "-a"):
        (folder / name).write_bytes(b"12345")
    assert ann.retrieve("", "NLST") == b"-a\r\na.txt\r\nb.txt\r\nsub\r\n"
    assert ann.retrieve("*.txt", "NLST") == b"a.txt\r\nb.txt\r\n"
    lines = ann.retrieve("-la", "LIST").decode().splitlines()
    assert [line.split()[-1] for line in lines] == ["-a", ".hidden", "a.txt", "b.txt", "sub"]
    assert len(ann.retrieve("a.txt", "LIST").splitlines()) == 1
    ann.codes("OPTS MLST type;size;")
    assert b"type=file;size=5; a.txt\r\n" in ann.retrieve("", "MLSD") and b"type=dir; sub\r\n" in ann.retrieve(
        "", "MLSD"
    )
    assert ann.say("MLST a.txt")[1] == "this is it\n type=file;size=5; /a.txt\nEnd"


def test_a_pattern_has_few_stars_and_only_in_the_last_name(ann):
    (ann.served.folder / ("a" * 200)).write_bytes(b"")
    ann.passive()
    assert ann.say("NLST " + "*a" * 30)[0] == 501
    assert ann.say("NLST */*/*")[0] == 550


def test_text_gets_ends_of_lines_and_loses_them_again(ann):
    (ann.served.folder / "text").write_bytes(b"one\ntwo\r\n\nlast")
    assert ann.codes("TYPE A", "SIZE text", "REST 5") == [200, 550, 504]
    assert ann.retrieve("text") == b"one\r\ntwo\r\n\r\nlast"
    ann.store("back", b"one\r\ntwo\r\r\nlast\r")
    assert (ann.served.folder / "back").read_bytes() == b"one\ntwo\r\nlast\r"


def test_RNFR_is_forgotten_unless_RNTO_is_next(ann):
    (ann.served.folder / "a").write_bytes(b"")
    assert ann.codes("RNFR a", "NOOP", "RNTO b", "RNFR a", "RNTO b", "RNTO c") == [350, 200, 503, 350, 250, 503]


def test_after_EPSV_ALL_there_is_no_other_way(ann):
    assert ann.codes("EPSV ALL", "PASV", "PORT 127,0,0,1,200,1", "EPRT |1|127.0.0.1|51201|") == [200, 522, 503, 503]
    assert ann.say("EPSV")[0] == 229


# --- uploads


def test_an_upload_appears_when_it_is_whole(ann):
    (ann.served.folder / "menu").write_bytes(b"old")
    data = ann.passive()
    assert ann.say("STOR menu")[0] == 150
    data.send(b"new")
    ann.until(lambda: (ann.served.folder / ".menu.part").read_bytes() == b"new" or ann.flush())
    assert (ann.served.folder / "menu").read_bytes() == b"old"
    data.close()
    assert ann.reply()[0] == 226
    assert (ann.served.folder / "menu").read_bytes() == b"new" and os.listdir(ann.served.folder) == ["menu"]


def test_an_upload_that_is_reset_leaves_the_file_and_can_be_resumed(ann):
    (ann.served.folder / "menu").write_bytes(b"old")
    data = ann.passive()
    ann.say("STOR other")
    data.send(b"first ")
    ann.until(lambda: ann.session.dtpFactory._dtp.received == 6)
    data.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    data.close()
    assert ann.reply()[0] == 426
    assert not (ann.served.folder / "other").exists()
    assert ann.say("SIZE other") == (213, "6")
    assert ann.say("REST 6")[0] == 350
    assert ann.store("other", b"second")[0] == 226
    assert (ann.served.folder / "other").read_bytes() == b"first second"


def test_an_upload_of_a_client_that_is_killed_is_cut(ann):
    """Both of its connections end at once, and in order."""
    data = ann.passive()
    ann.say("STOR menu")
    data.send(b"half")
    ann.until(lambda: ann.session.dtpFactory._dtp.received == 4)
    data.close()
    ann.socket.close()
    ann.until(lambda: ann.session.transport.disconnected and ann.session.transfer is None)
    assert os.listdir(ann.served.folder) == [".menu.part"]


def test_fewer_bytes_than_ALLO_announced_are_no_file(ann):
    assert ann.say("ALLO 10")[0] == 200
    assert ann.store("menu", b"123456789")[0] == 426
    assert not (ann.served.folder / "menu").exists()
    ann.say("ALLO 10")
    assert ann.store("menu", b"1234567890")[0] == 226


def test_two_who_write_the_same_file_at_once_do_not_mix(serve):
    served = serve()
    one, other = Speaker(served).login(), Speaker(served).login()
    data = one.passive()
    one.say("STOR menu")
    assert other.store("menu", b"other")[0] == 450
    data.send(b"one")
    data.close()
    assert one.reply()[0] == 226
    assert (served.folder / "menu").read_bytes() == b"one"


def test_APPE_adds_to_what_is_there(ann):
    (ann.served.folder / "log").write_bytes(b"one ")
    assert ann.store("log", b"two", "APPE")[0] == 226
    assert (ann.served.folder / "log").read_bytes() == b"one two"
    assert ann.say("REST 99")[0] == 350
    assert ann.store("log", b"x")[0] == 554
    assert (ann.served.folder / "log").read_bytes() == b"one two"


KILLED = """
import sys
from reactor import reactor
from reactor.cred.checkers import AllowAnonymousAccess
from reactor.cred.portal import Portal
from reactor.protocols.ftp import FTPFactory, FTPShell, IFTPShell

class Realm:
    def requestAvatar(self, *_):
        return IFTPShell, FTPShell(sys.argv[1]), lambda: None

port = reactor.listenTCP(0, FTPFactory(Portal(Realm(), [AllowAnonymousAccess()])), interface="127.0.0.1")
print(port.getHost().port, flush=True)
reactor.run()
"""


def test_a_server_that_is_killed_during_an_upload_leaves_the_old_file_whole(tmp_path):
    (tmp_path / "menu").write_bytes(b"old")
    with subprocess.Popen([sys.executable, "-c", KILLED, tmp_path], stdout=subprocess.PIPE, text=True) as server:
        try:
            import ftplib

            with ftplib.FTP() as client:
                client.connect("127.0.0.1", int(server.stdout.readline()))
                client.login()
                data = client.transfercmd("STOR menu")
                data.sendall(b"x" * 1_000_000)
                while not (tmp_path / ".menu.part").exists():
                    pass
                server.send_signal(signal.SIGKILL)
                server.wait()
                data.close()
        finally:
            server.kill()
    assert (tmp_path / "menu").read_bytes() == b"old"


# --- shells of others


class Sparse(MemoryFolder):
    """A shell that is Twisted's, and no more."""

    openForAppending = changePermissions = None
    hasattr_seek = False

    def openForReading(self, path):
        class Reader(FileReader):
            seek = close = property()

        return MemoryFolder.openForReading(self, path).addCallback(lambda file: Reader(file._file))


def test_a_shell_that_cannot_resume_is_no_reason_to_fail(ann):
    ann.session.shell = Sparse({"menu": b"soup"})
    assert ann.retrieve("menu") == b"soup"
    ann.passive()
    assert ann.codes("REST 1", "RETR menu", "REST 1", "STOR menu", "APPE menu", "SITE CHMOD 600 menu") == [
        *(350, 504, 350, 504, 504, 504)
    ]
