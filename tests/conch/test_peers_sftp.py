"""SFTP with programs that others wrote: their clients at our server."""

import asyncio
import os

import asyncssh
import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("our own client and server are tried", allow_module_level=True)

from reactor.vfs import Folder
from tests.conch.sftp_doubles import House
from tests.conch.ssh_doubles import KEY
from tests.peers.programs import meanwhile, run_program

BYTES = bytes(range(256)) * 4000
CLIENT = ["-F", "none", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "BatchMode=no"]


@pytest.fixture
def house(one_reactor, tmp_path):
    """A server of ours with a large file, for ann."""
    (tmp_path / "served").mkdir()
    (tmp_path / "here").mkdir()
    (tmp_path / "served" / "big").write_bytes(BYTES)
    house = House(one_reactor, Folder(tmp_path / "served"))
    house.served, house.here = tmp_path / "served", tmp_path / "here"
    (house.here / "new").write_bytes(BYTES[:-7])
    (house.here / "new").chmod(0o640)
    yield house
    house.close()


@pytest.fixture
def run(one_reactor, house):
    """Runs a program in a folder of the client's, to a good end. Returns what it prints."""

    def run(*command, **options):
        done = run_program(one_reactor, *command, cwd=house.here, **options)
        assert done.returncode == 0, (done.stdout + done.stderr).decode()
        return done.stdout

    return run


def check(house, modes=(0o640,)):
    """`new` went up, and `big` came down."""
    assert (house.served / "new").read_bytes() == BYTES[:-7] and (house.here / "big").read_bytes() == BYTES
    assert (house.served / "new").stat().st_mode & 0o777 in modes


@pytest.mark.peer("SFTP", client="sftp")
def test_sftp_of_OpenSSH(house, run):
    first = b"put new;get big;mkdir d;put -pf new d/two;rename d/two d/three;ln d/three four;chmod 600 four;df;ls -l"
    batch = (first + b";-symlink big link;rm d/three;rmdir d;ls -l ..").replace(b";", b"\n") + b"\n"
    listed = run("sshpass", "-psecret", "sftp", *CLIENT, "-P", house.port, "-b", "-", "ann@127.0.0.1", input=batch)
    check(house)
    assert sorted(os.listdir(house.served)) == ["big", "four", "new"] and b"-rw-------   1 " in listed
    assert (house.served / "four").stat().st_mtime == int((house.here / "new").stat().st_mtime)


@pytest.mark.peer("SFTP", client="scp")
def test_scp_of_OpenSSH_as_it_is_now(house, run):
    scp = ["sshpass", "-psecret", "scp", *CLIENT, "-P", house.port]
    run(*scp, "new", "ann@127.0.0.1:/")
    run(*scp, "-p", "ann@127.0.0.1:big", ".")
    check(house)


@pytest.mark.peer("SFTP", client="psftp")
def test_psftp(house, run, tmp_path):
    (tmp_path / "batch").write_text("put new\nget big\nmkdir d\nren new d\nmv d/new new\nrmdir d\nls\n")
    run("psftp", "-batch", "-pw", "secret", "-hostkey", KEY.get_fingerprint(), "-P", house.port, "-b",
        tmp_path / "batch", "ann@127.0.0.1", env={**os.environ, "HOME": str(tmp_path)})  # fmt: skip
    check(house)


@pytest.mark.peer("SFTP", client="lftp")
def test_lftp(house, run, tmp_path):
    ssh = "set sftp:connect-program ssh -a -x " + " ".join(CLIENT)
    work = "put new; get big; mkdir d; put new -o d/x; mrm d/x; rmdir d; ls"
    script = f"{ssh}; open -u ann,secret sftp://127.0.0.1:{house.port}; {work}"
    run("lftp", "-c", script, env={**os.environ, "HOME": str(tmp_path)})
    check(house, [0o644])


@pytest.mark.peer("SFTP", client="curl")
def test_curl(house, run):
    url = f"sftp://ann:secret@127.0.0.1:{house.port}"
    run("curl", "-sSk", "-T", "new", f"{url}/new")
    run("curl", "-sSk", "-o", "big", f"{url}/big")
    assert run("curl", "-sSk", "-l", f"{url}/").split() == [b"big", b"new"]
    check(house, [0o644])


@pytest.mark.peer("SFTP", client="curl")
def test_curl_resumes_both_ways(house, run):
    url = f"sftp://ann:secret@127.0.0.1:{house.port}"
    (house.here / "big").write_bytes(BYTES[:100_000])
    run("curl", "-sSk", "-C", "-", "-o", "big", f"{url}/big")
    (house.served / ".new.part").write_bytes(BYTES[:1000])  # of an upload that was cut
    run("curl", "-sSk", "-C", "1000", "-T", "new", f"{url}/new")
    check(house, [0o644])


@pytest.mark.peer("SFTP", client="paramiko")
def test_paramiko(one_reactor, house):
    paramiko = pytest.importorskip("paramiko")

    def work():
        with paramiko.Transport(("127.0.0.1", house.port)) as transport:
            transport.connect(username="ann", password="secret")
            client = paramiko.SFTPClient.from_transport(transport)
            client.put(house.here / "new", "new")
            client.chmod("new", 0o640)
            client.get("big", house.here / "big")
            with client.open("new", "r+") as file:
                file.write(BYTES[:10])
            return client.listdir(), client.normalize("x/..")

    assert meanwhile(one_reactor, work) == (["big", "new"], "/")
    check(house)


@pytest.mark.peer("SFTP", client="asyncssh")
def test_asyncssh_on_asyncio_s_own_loop(one_reactor, house):
    async def main():
        nothing = {"known_hosts": None, "client_keys": None, "config": None, "agent_path": None}
        async with (
            asyncssh.connect("127.0.0.1", house.port, username="ann", password="secret", **nothing) as connection,
            connection.start_sftp_client() as sftp,
        ):
            await sftp.put(house.here / "new", preserve=True)
            await sftp.get("big", house.here / "big")
            return sorted(await sftp.listdir())

    assert meanwhile(one_reactor, asyncio.run, main()) == ["big", "new"]
    check(house)


@pytest.mark.peer("SFTP", client="rclone")
def test_rclone(house, run, tmp_path):
    remote = [f"--sftp-port={house.port}", "--sftp-user=ann", "--sftp-pass", "@", "--config", tmp_path / "none"]
    remote[3] = run("rclone", "obscure", "secret").decode().strip()
    run("rclone", *remote, "copy", house.here, ":sftp,host=127.0.0.1:/", env={**os.environ, "HOME": str(tmp_path)})
    run("rclone", *remote, "copy", ":sftp,host=127.0.0.1:/big", house.here, env={**os.environ, "HOME": str(tmp_path)})
    check(house, [0o644])
