"""Clients of SSH that others wrote, at our server: each with what it calls a login, a command and a terminal."""

import os
import subprocess
import sys

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted is the peer here", allow_module_level=True)

from reactor.conch.commands import CommandSession
from reactor.conch.insults.insults import ServerProtocol
from reactor.conch.manhole import Manhole
from reactor.conch.manhole_ssh import TerminalSession
from reactor.endpoints import TCP4ClientEndpoint
from reactor.protocol import Protocol, ServerFactory
from tests.conch.ssh_house import ANNS_KEY, House
from tests.conch.typed import AtATerminal
from tests.peers.programs import meanwhile, run_program
from tests.support.loopback import stop_listening


@pytest.fixture
def house(one_reactor):
    made = []

    def make(**attributes):
        made.append(House(one_reactor, **attributes))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def key(tmp_path):
    """Ann's key in a file."""
    path = tmp_path / "key"
    path.touch(mode=0o600)
    path.write_bytes(ANNS_KEY.export_private_key("openssh"))
    return path


def openssh(server, *options):
    """The words of a command of OpenSSH's that asks nobody, and reads no file of this machine's."""
    chosen = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "IdentityAgent=none"]
    words = [word for option in chosen for word in ("-o", option)]
    return ["ssh", "-F", "none", *words, "-p", str(server.port), *options, "ann@127.0.0.1"]


def with_password(server, *options, method="password"):
    only = ("-o", f"PreferredAuthentications={method}", "-o", "NumberOfPasswordPrompts=1")
    return ["sshpass", "-p", "secret", *openssh(server, *only, *options)]


def with_key(server, key, *options):
    return openssh(server, "-i", str(key), "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", *options)


@pytest.mark.peer("SSH", client="ssh")
@pytest.mark.parametrize("method", ["password", "keyboard-interactive"])
def test_openssh_logs_in_with_a_password(house, one_reactor, method):
    server = house()
    ended = run_program(one_reactor, *with_password(server, method=method), "greet")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"hello ann\n", b"")


@pytest.mark.peer("SSH", client="ssh")
def test_openssh_with_a_wrong_password_stays_outside(house, one_reactor):
    words = with_password(house())
    words[words.index("secret")] = "guess"
    ended = run_program(one_reactor, *words, "greet")
    assert ended.returncode and b"Permission denied" in ended.stderr and not ended.stdout


@pytest.mark.peer("SSH", client="ssh")
@pytest.mark.parametrize(
    ("command", "given", "status", "out", "err"),
    [
        ("greet", b"", 0, b"hello ann\n", b""),
        ("exit 7", b"", 7, b"", b"bye\n"),
        ("die", b"", 255, b"", b""),
        ("shout", b"moo\n" * 100_000, 0, b"MOO\n" * 100_000, b""),
    ],
)
def test_openssh_runs_a_command_with_a_key(house, one_reactor, key, command, given, status, out, err):
    ended = run_program(one_reactor, *with_key(house(), key), command, input=given)
    assert (ended.returncode, ended.stdout, ended.stderr) == (status, out, err)


@pytest.mark.peer("SSH", client="ssh")
def test_openssh_has_a_subsystem_and_sends_variables(house, one_reactor, key):
    server = house()
    ended = run_program(one_reactor, *with_key(server, key, "-s"), "shout", input=b"moo\n")
    assert (ended.returncode, ended.stdout) == (0, b"MOO\n")
    words = with_key(server, key, "-o", "SetEnv=MENU=soup LD_PRELOAD=/evil.so")
    run_program(one_reactor, *words, "greet")
    assert ("exec", b"greet", {b"MENU": b"soup"}) in server.notes


@pytest.mark.peer("SSH", client="ssh")
def test_openssh_forwards_nothing_that_the_avatar_does_not_allow(house, one_reactor, key, tmp_path):
    server = house()
    refused = run_program(one_reactor, *with_key(server, key, "-W", f"127.0.0.1:{server.port}"), input=b"")
    assert (refused.returncode == 255 and b"refused" in refused.stderr) or b"failed" in refused.stderr
    words = with_key(server, key, "-N", "-o", "ExitOnForwardFailure=yes", "-R", f"{tmp_path}/x:127.0.0.1:1")
    assert b"forwarding failed" in run_program(one_reactor, *words).stderr


class Whoami(Protocol):
    """Says it, and echoes; ends when the other side does."""

    def connectionMade(self):
        self.transport.write(b"behind\n")

    def dataReceived(self, data):
        self.transport.write(data)

    def readConnectionLost(self):
        self.transport.loseConnection()


@pytest.mark.peer("SSH", client="ssh")
def test_openssh_forwards_where_the_avatar_allows_it(house, one_reactor, key, monkeypatch):
    factory = ServerFactory()
    factory.noisy, factory.protocol = False, Whoami
    behind = one_reactor.listenTCP(0, factory, interface="127.0.0.1")
    server = house()
    give = server.requestAvatar

    def requestAvatar(*asked):
        interface, avatar, logout = give(*asked)
        avatar.channelLookup[b"direct-tcpip"] = lambda avatar, place: (
            TCP4ClientEndpoint(one_reactor, *place) if place == ("127.0.0.1", behind.getHost().port) else None
        )
        return interface, avatar, logout

    monkeypatch.setattr(server, "requestAvatar", requestAvatar)
    words = with_key(server, key, "-W", f"127.0.0.1:{behind.getHost().port}")
    ended = run_program(one_reactor, *words, input=b"moo" * 1_000_000)
    assert (ended.returncode, ended.stdout) == (0, b"behind\n" + b"moo" * 1_000_000)
    words = with_key(server, key, "-W", f"127.0.0.1:{server.port}")
    assert run_program(one_reactor, *words, input=b"").returncode == 255
    stop_listening(one_reactor, behind)


@pytest.mark.peer("SSH", client="ssh")
def test_openssh_at_a_terminal_has_a_manhole_and_its_window_changes(house, one_reactor, key, monkeypatch):
    def session(avatar):
        made = TerminalSession(avatar)
        made.chainedProtocolFactory = lambda: ServerProtocol(Manhole, {"menu": ["soup"]})
        sessions.append(made)
        return made

    sessions = []
    monkeypatch.setattr("tests.conch.ssh_house.Session", session)
    server = house()
    person = AtATerminal(one_reactor, *with_key(server, key))
    try:
        person.shows(b">>> ")
        person.types(b"menu.append('moo'); print(len(menu) * 21)\r")
        person.shows(b"42")
        assert (sessions[0].width, sessions[0].height) == (100, 30)
        person.resize(70, 20)
        server.until(lambda: (sessions[0].width, sessions[0].height) == (70, 20))
        person.types(b"\x04")
        person.ends()
    finally:
        person.close()


def serve_commands(monkeypatch, reactor, folder, commands=None):
    monkeypatch.setattr("tests.conch.ssh_house.Session", lambda avatar: CommandSession(reactor, str(folder), commands))


@pytest.mark.peer("SSH", client="git")
def test_git_clones_and_pushes(house, one_reactor, key, monkeypatch, tmp_path):
    serve_commands(monkeypatch, one_reactor, tmp_path, ["git-upload-pack", "git-receive-pack"])
    server = house()
    words = with_key(server, key)
    env = {
        **os.environ,
        **{f"GIT_{who}_{what}": "ann@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        "GIT_SSH_COMMAND": " ".join(words[:-1]),
        "GIT_CONFIG_GLOBAL": "/dev/null",
    }

    def git(*args):
        return subprocess.run(["git", *args], check=True, capture_output=True, timeout=20, env=env, cwd=tmp_path)

    git("init", "-q", "--bare", "kitchen.git")
    meanwhile(one_reactor, git, "clone", "-q", f"ssh://ann@127.0.0.1:{server.port}{tmp_path}/kitchen.git", "mine")
    (tmp_path / "mine" / "menu").write_text("soup\n" * 100_000)
    git("-C", "mine", "add", "menu")
    git("-C", "mine", "commit", "-qm", "Soup")
    meanwhile(one_reactor, git, "-C", "mine", "push", "-q", "origin", "HEAD:main")
    assert git("-C", "kitchen.git", "show", "main:menu").stdout == b"soup\n" * 100_000
    refused = run_program(one_reactor, *words, "cat /etc/passwd")
    assert refused.returncode and not refused.stdout


@pytest.mark.peer("SSH", client="rsync")
def test_rsync_copies_both_ways(house, one_reactor, key, monkeypatch, tmp_path):
    serve_commands(monkeypatch, one_reactor, tmp_path, ["rsync"])
    server = house()
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "menu").write_bytes(os.urandom(3_000_000))
    shell = " ".join(with_key(server, key)[:-1])
    there = run_program(one_reactor, "rsync", "-a", "-e", shell, f"{tmp_path}/here/", "ann@127.0.0.1:there/")
    back = run_program(one_reactor, "rsync", "-a", "-e", shell, "ann@127.0.0.1:there/", f"{tmp_path}/back/")
    assert (there.returncode, back.returncode) == (0, 0), there.stderr + back.stderr
    assert (tmp_path / "back" / "menu").read_bytes() == (tmp_path / "here" / "menu").read_bytes()


@pytest.mark.peer("SSH", client="ssh")
def test_openssh_has_a_shell_at_a_terminal_that_knows_its_size(house, one_reactor, key, monkeypatch, tmp_path):
    serve_commands(monkeypatch, one_reactor, tmp_path)
    server = house()
    person = AtATerminal(one_reactor, *with_key(server, key))
    try:
        person.types(b"stty size; echo $TERM-$LD_PRELOAD-$((6 * 7))\r")
        person.shows(b"30 100")
        person.shows(b"xterm--42")
        person.types(b"exit 3\r")
        person.ends()
        assert person.process.wait(5) == 3
    finally:
        person.close()
    ended = run_program(one_reactor, *with_key(server, key), "cat; echo no >&2; exit 5", input=b"moo" * 100_000)
    assert (ended.returncode, ended.stdout, ended.stderr) == (5, b"moo" * 100_000, b"no\n")


@pytest.mark.peer("SSH", client="plink")
@pytest.mark.parametrize("command", ["greet", "exit 7"])
def test_plink_runs_a_command(house, one_reactor, command, tmp_path):
    server = house()
    from tests.conch.ssh_house import HOST_KEY

    finger = HOST_KEY.get_fingerprint()
    words = [
        "plink",
        "-ssh",
        "-batch",
        "-P",
        server.port,
        "-hostkey",
        finger,
        "-pw",
        "secret",
        "ann@127.0.0.1",
        command,
    ]
    ended = run_program(one_reactor, *words, env={**os.environ, "HOME": str(tmp_path)})
    assert (ended.returncode, ended.stdout) == {"greet": (0, b"hello ann\n"), "exit 7": (7, b"")}[command]


@pytest.mark.peer("SSH", client="dbclient")
def test_dropbears_client_runs_a_command(house, one_reactor, tmp_path):
    server = house()
    env = {**os.environ, "HOME": str(tmp_path), "DROPBEAR_PASSWORD": "secret"}
    ended = run_program(one_reactor, "dbclient", "-y", "-y", "-p", server.port, "ann@127.0.0.1", "exit 7", env=env)
    assert (ended.returncode, ended.stdout) == (7, b""), ended.stderr


@pytest.mark.peer("SSH", client="paramiko")
@pytest.mark.parametrize("proof", ["password", "key"])
def test_paramiko_runs_a_command(house, one_reactor, key, proof):
    import paramiko

    server = house()

    def work():
        client = paramiko.SSHClient()
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
        proofs = {"password": {"password": "secret"}, "key": {"key_filename": str(key)}}[proof]
        with client:
            client.connect("127.0.0.1", server.port, "ann", look_for_keys=False, allow_agent=False, **proofs)
            _, out, err = client.exec_command("exit 7")
            return out.channel.recv_exit_status(), out.read(), err.read()

    assert meanwhile(one_reactor, work) == (7, b"", b"bye\n")


@pytest.mark.peer("SSH", client="ssh-audit")
def test_ssh_audit_finds_nothing_bad_but_two_macs_for_older_clients(house, one_reactor):
    server = house()
    words = [sys.executable, "-m", "ssh_audit", "--no-colors", "--skip-rate-test", "-l", "warn", "-p", server.port]
    said = run_program(one_reactor, *words, "127.0.0.1").stdout.decode()
    worse = [line for line in said.splitlines() if "[fail]" in line or "[warn]" in line]
    assert "(gen)" not in "".join(worse) and "[fail]" not in said, said
    worse = [line for line in worse if "post-quantum" not in line]
    assert worse and all("(mac) hmac-sha2-" in line or "encrypt-and-MAC mode" in line for line in worse), said
