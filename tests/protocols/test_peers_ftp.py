"""FTP with programs that others wrote: their clients at our server, our client at theirs."""

import ftplib
import io
import os

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("our own client and server are tried", allow_module_level=True)

from tests.peers.programs import meanwhile, run_program
from tests.protocols.ftp_doubles import Served

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
