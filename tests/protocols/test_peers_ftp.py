"""FTP with programs that others wrote: their clients at our server, our client at theirs."""

import ftplib
import io
import os
import sys

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("our own client and server are tried", allow_module_level=True)

from reactor.defer import ensureDeferred
from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
from reactor.protocols.basic import FileSender
from reactor.protocols.ftp import CommandFailed, FTPClient, FTPFileListProtocol
from tests.peers.programs import meanwhile, run_program
from tests.protocols.ftp_doubles import CERTIFICATE, Collector, Served
from tests.support.loopback import run_until
from tests.support.outcomes import outcomes

BYTES = bytes(range(256)) * 4000


@pytest.fixture
def served(one_reactor, tmp_path):
    """A server of ours, with TLS: ann writes, strangers read."""
    served = Served(one_reactor, tmp_path)
    (served.folder / "big").write_bytes(BYTES)
    yield served
    served.close()


@pytest.fixture
def curl(one_reactor, served):
    """Runs curl as ann. Returns what it prints."""

    def run(path, *words):
        done = run_program(one_reactor, "curl", "-sSk", *words, served.url(path))
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


TLS = ["--ssl-reqd"]
WAYS = [[], ["--disable-epsv"], ["-P", "-"], ["-P", "-", "--disable-eprt"], TLS, [*TLS, "--tls-max", "1.2"]]


@pytest.mark.peer("FTP", client="curl")
@pytest.mark.parametrize("words", WAYS, ids=" ".join)
def test_curl_fetches_and_stores_every_way(served, curl, tmp_path, words):
    (tmp_path / "new").write_bytes(BYTES[:-7])
    assert curl("big", *words) == BYTES
    curl("new", *words, "-T", tmp_path / "new")
    assert (served.folder / "new").read_bytes() == BYTES[:-7]
    assert curl("", *words, "-l").split() == [b"big", b"new"]


@pytest.mark.peer("FTP", client="curl")
def test_curl_resumes_both_ways(served, curl, tmp_path):
    (tmp_path / "half").write_bytes(BYTES[:100_000])
    curl("big", "-C", "-", "-o", tmp_path / "half")
    assert (tmp_path / "half").read_bytes() == BYTES
    (served.folder / ".new.part").write_bytes(BYTES[:1000])  # of an upload that was cut
    (tmp_path / "new").write_bytes(BYTES)
    curl("new", "-C", "-", "-T", tmp_path / "new")
    assert (served.folder / "new").read_bytes() == BYTES


@pytest.mark.peer("FTP", client="curl")
def test_curl_changes_names_and_rights(served, curl):
    curl(
        "", "-Q", "-RNFR big", "-Q", "-RNTO large", "-Q", "-MKD a b", "-Q", "-SITE CHMOD 600 large", "-Q", "-MLST large"
    )
    assert (served.folder / "large").stat().st_mode & 0o777 == 0o600
    assert (served.folder / "a b").is_dir()
    curl("", "-Q", "-DELE large", "-Q", "-RMD a b")
    assert os.listdir(served.folder) == []


LFTP = """
set cmd:fail-exit yes; set ssl:verify-certificate no; set net:max-retries 1; set ftp:ssl-force {tls}
open -u ann,secret 127.0.0.1:{port}
mkdir -p d/e; put {here}/new -o d/e/new; mirror d {here}/copy; mv d/e/new d/e/newer; chmod 600 d/e/newer
put -c {here}/new -o cut; get -c big -o {here}/half; cls -1 d/e; rm -r d; mirror -R {here}/copy back
"""


@pytest.mark.peer("FTP", client="lftp")
@pytest.mark.parametrize("tls", ["no", "yes"])
def test_lftp_mirrors_resumes_and_removes(one_reactor, served, tmp_path, tls):
    (tmp_path / "new").write_bytes(BYTES)
    (tmp_path / "half").write_bytes(BYTES[:5000])
    (served.folder / ".cut.part").write_bytes(BYTES[:5000])
    done = run_program(one_reactor, "lftp", "-c", LFTP.format(port=served.port, here=tmp_path, tls=tls))
    assert (done.returncode, done.stdout) == (0, b"d/e/newer\n"), done
    assert {(tmp_path / name).read_bytes() for name in ("copy/e/new", "half")} == {BYTES}
    assert {(served.folder / name).read_bytes() for name in ("cut", "back/e/new")} == {BYTES}
    assert sorted(os.listdir(served.folder)) == ["back", "big", "cut"]


TNFTP = """user ann secret
put {here}/new new
append {here}/new new
ls
ascii
put {here}/text text
get text {here}/back
binary
rename new newer
restart 1000000
get big {here}/half
size newer
bye
"""


@pytest.mark.peer("FTP", client="tnftp")
def test_tnftp_appends_and_speaks_ASCII(one_reactor, served, tmp_path):
    (tmp_path / "new").write_bytes(BYTES)
    (tmp_path / "text").write_bytes(b"one\ntwo\n\nthree\n")
    (tmp_path / "half").write_bytes(BYTES[:1_000_000])
    words = TNFTP.format(here=tmp_path).encode()
    done = run_program(one_reactor, "tnftp", "-inV", "127.0.0.1", served.port, input=words)
    assert b"2048000" in done.stdout, done
    assert (served.folder / "newer").read_bytes() == BYTES + BYTES
    assert (served.folder / "text").read_bytes() == (tmp_path / "back").read_bytes() == b"one\ntwo\n\nthree\n"
    assert (tmp_path / "half").read_bytes() == BYTES


@pytest.mark.peer("FTP", client="wget")
def test_wget_takes_a_tree(one_reactor, served, tmp_path):
    (served.folder / "a" / "b").mkdir(parents=True)
    (served.folder / "a" / "b" / "c d").write_bytes(BYTES)
    done = run_program(one_reactor, "wget", "-q", "-r", "-nH", "-P", tmp_path / "got", served.url(""))
    assert done.returncode == 0, done
    assert (tmp_path / "got" / "a" / "b" / "c d").read_bytes() == (tmp_path / "got" / "big").read_bytes() == BYTES


@pytest.mark.parametrize("is_passive", [True, False])
def test_ftplib_has_TLS_both_ways(one_reactor, served, is_passive):
    def work():
        with ftplib.FTP_TLS(context=served.unverified()) as client:
            client.connect("127.0.0.1", served.port)
            client.login("ann", "secret")
            client.prot_p()
            client.set_pasv(is_passive)
            client.storbinary("STOR new", io.BytesIO(BYTES))
            found = []
            client.retrbinary("RETR new", found.append, rest=1000)
            assert b"".join(found) == BYTES[1000:]
            assert [name for name, _ in client.mlsd()] == client.nlst() == ["big", "new"]
            client.quit()

    meanwhile(one_reactor, work)


# --- our client

VSFTPD = """listen=YES
listen_port=@PORT@
listen_address=127.0.0.1
run_as_launching_user=YES
anonymous_enable=YES
anon_root=@FOLDER@/root
anon_upload_enable=YES
anon_mkdir_write_enable=YES
anon_other_write_enable=YES
anon_umask=022
write_enable=YES
port_enable=YES
xferlog_enable=NO
rsa_cert_file={certificate}
allow_anon_ssl=YES
ssl_enable={tls}
force_anon_logins_ssl={tls}
force_anon_data_ssl={tls}
require_ssl_reuse=YES
seccomp_sandbox=NO
"""

PYFTPDLIB = """
import sys
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import {handler} as handler
from pyftpdlib.servers import FTPServer
port, root, handler.certfile = sys.argv[1:]
handler.authorizer = DummyAuthorizer()
handler.authorizer.add_user("ann", "secret", root, perm="elradfmwMT")
FTPServer(("127.0.0.1", int(port)), handler).serve_forever()
"""

TWISTED = """
import sys
from twisted.cred.credentials import IUsernamePassword
from twisted.cred.portal import Portal
from twisted.internet import reactor
from twisted.protocols.ftp import FTPFactory, FTPRealm

class Checker:  # theirs compare bytes, and FTP gives text
    credentialInterfaces = [IUsernamePassword]
    def requestAvatarId(self, credentials):
        return credentials.username

portal = Portal(FTPRealm("/nowhere", sys.argv[2]), [Checker()])
reactor.listenTCP(int(sys.argv[1]), FTPFactory(portal), interface="127.0.0.1")
reactor.run()
"""


def talk(reactor, port, work, **options):
    """What a coroutine returns, which gets a client that is connected there."""
    client = FTPClient(reactor=reactor, **options)

    async def connected():
        await connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", port), client)
        return await work(client)

    found = outcomes(ensureDeferred(connected()))
    run_until(reactor, lambda: found, 30)
    client.transport.abortConnection()
    run_until(reactor, lambda: client.transport.disconnected)
    if hasattr(found[0], "raiseException"):
        found[0].raiseException()
    return found[0]


async def store(client, path, data, offset=0):
    sender, done = client.storeFile(path, offset)
    consumer = await sender
    await FileSender().beginFileTransfer(io.BytesIO(data), consumer)
    consumer.finish()
    await done


async def everything(client, has_mlsd=True):
    """Use all that the client can."""
    await client.makeDirectory("sub dir")
    await store(client, "sub dir/new", BYTES[:1000])
    got = Collector()
    await client.retrieveFile("sub dir/new", got)
    assert got.data == BYTES[:1000]
    await client.cwd("sub dir")
    assert await client.getDirectory() == "/sub dir"
    listed, named = FTPFileListProtocol(), Collector()
    await client.list("", listed)
    assert [(file["filename"], file["size"]) for file in listed.files] == [("new", 1000)]
    if has_mlsd:  # Twisted's server has neither, nor a good NLST
        await client.nlst(None, named)
        assert named.data == b"new\r\n"
    assert await client.size("new") == 1000
    assert await client.lastModified("new") > 1.7e9
    if has_mlsd:
        await store(client, "new", BYTES[1000:], offset=1000)
        rest = Collector()
        await client.retrieveFile("new", rest, offset=5)
        assert rest.data == BYTES[5:]
        ((name, facts),) = [row for row in await client.mlsd() if row[1]["type"] == "file"]
        assert (name, facts["size"]) == ("new", str(len(BYTES)))
    await client.rename("new", "newer")
    with pytest.raises(CommandFailed):
        await client.removeFile("new")
    await client.removeFile("newer")
    await client.cdup()
    await client.removeDirectory("sub dir")
    await client.quit()


@pytest.mark.parametrize("is_passive", [True, False], ids=["passive", "active"])
@pytest.mark.parametrize("has_tls", [False, True], ids=["plain", "TLS"])
def test_our_two_ends_understand_each_other(one_reactor, served, has_tls, is_passive):
    context = served.unverified() if has_tls else None
    options = {"username": "ann", "password": "secret", "passive": is_passive, "contextFactory": context}
    talk(one_reactor, served.port, everything, **options)


@pytest.mark.peer("FTP", server="vsftpd")
@pytest.mark.parametrize("is_passive", [True, False], ids=["passive", "active"])
@pytest.mark.parametrize("tls", ["NO", "YES"])
def test_vsftpd_which_wants_the_session_of_TLS_again(one_reactor, daemon, tmp_path, tls, is_passive):
    (tmp_path / "x").mkdir()
    conf = VSFTPD.format(certificate=CERTIFICATE, tls=tls)
    server = daemon("vsftpd", "@FOLDER@/vsftpd.conf", files={"vsftpd.conf": conf})
    root = server.folder / "root"
    (root / "pub").mkdir(parents=True)
    (root / "pub").chmod(0o777)
    root.chmod(0o555)

    async def work(client):
        await client.cwd("pub")
        await store(client, "new", BYTES)
        got = Collector()
        await client.retrieveFile("new", got, offset=7)
        assert got.data == BYTES[7:]
        await client.quit()

    talk(
        one_reactor, server.port, work, passive=is_passive, contextFactory=Served.unverified() if tls == "YES" else None
    )
    assert (root / "pub" / "new").read_bytes() == BYTES


@pytest.mark.peer("FTP", server="pyftpdlib")
@pytest.mark.parametrize("handler", ["FTPHandler", "TLS_FTPHandler"])
def test_pyftpdlib(one_reactor, daemon, tmp_path, handler):
    (tmp_path / "root").mkdir()
    server = daemon(
        sys.executable, "-c", PYFTPDLIB.format(handler=handler), "@PORT@", tmp_path / "root", CERTIFICATE, files={}
    )
    context = Served.unverified() if handler.startswith("TLS") else None
    talk(one_reactor, server.port, everything, username="ann", password="secret", contextFactory=context)


@pytest.mark.peer("FTP", server="twisted")
def test_Twisteds_server(one_reactor, daemon, tmp_path):
    (tmp_path / "root").mkdir()
    server = daemon(sys.executable, "-c", TWISTED, "@PORT@", tmp_path, files={})
    talk(one_reactor, server.port, lambda client: everything(client, False), username="root", password="secret")


CLIENT_OF_TWISTED = """
import sys
from twisted.internet import protocol, reactor, task
from twisted.protocols.ftp import FTPClient, FTPFileListProtocol

class Got(protocol.Protocol):
    data = b""
    def dataReceived(self, data):
        self.data += data

async def main(reactor, port):
    creator = protocol.ClientCreator(reactor, FTPClient, "ann", "secret", passive=int(sys.argv[2]))
    client = await creator.connectTCP("127.0.0.1", int(port))
    consumer, done = client.storeFile("new")
    consumer = await consumer
    consumer.write(b"soup" * 1000)
    consumer.finish()
    await done
    got, files = Got(), FTPFileListProtocol()
    await client.retrieveFile("new", got, offset=4)
    await client.rename("new", "newer")
    await client.list(".", files)
    print(len(got.data), [file["filename"] for file in files.files], await client.getDirectory())
    await client.quit()

task.react(main, [sys.argv[1]])
"""


@pytest.mark.peer("FTP", client="twisted")
@pytest.mark.parametrize("is_passive", [1, 0])
def test_Twisteds_client(one_reactor, served, is_passive):
    done = run_program(one_reactor, sys.executable, "-c", CLIENT_OF_TWISTED, served.port, is_passive)
    assert done.stdout == b"3996 ['big', 'newer'] /\n", done
