"""`reactord ssh`: its options, its keys, and what people get, with the programs that they have."""

import base64
import os
import stat

import asyncssh
import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's plugin is gone", allow_module_level=True)

import reactor as package
from reactor.application.errors import ConfigurationError
from reactor.application.plugins import Plugin
from reactor.application.service import IServiceCollection
from reactor.application.starting import privilegedStart, startApplication
from reactor.conch import tap
from reactor.conch.checkers import AuthorizedKeysFolder, UNIXAuthorizedKeysFiles, readKeys
from reactor.conch.ssh.hostkeys import hostKeys
from reactor.conch.ssh.loop import loop_of
from reactor.cred.stored_password import StoredPassword
from reactor.defer import gatherResults, maybeDeferred
from tests.conch.typed import AtATerminal
from tests.peers.daemons import free_ports
from tests.peers.programs import run_program
from tests.support.loopback import run_until

ANN = asyncssh.generate_private_key("ssh-ed25519")
PUBLIC = ANN.export_public_key().decode()


@pytest.fixture
def files(tmp_path):
    """A folder with users, ann's key for both ends, and a file to read."""
    (tmp_path / "users").write_text(f"ann:{StoredPassword.of(b'secret', rounds=4096)}\n")
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "ann").write_text(PUBLIC)
    (tmp_path / "ann").touch(mode=0o600)
    (tmp_path / "ann").write_bytes(ANN.export_private_key("openssh"))
    (tmp_path / "menu").write_text("soup\n")
    return tmp_path


@pytest.fixture
def serve(one_reactor, monkeypatch, files):
    """Runs the plugin with these options. Returns the words of an ssh that logs in there with ann's key."""
    monkeypatch.setitem(vars(package), "reactor", one_reactor)
    monkeypatch.chdir(files)
    running = []

    def start(*options):
        [port] = free_ports(1)
        words = ["--listen", f"tcp:{port}:interface=127.0.0.1", *options]
        application = Plugin("ssh", tap).makeApplication(words)
        privilegedStart(application)
        startApplication(application, False, one_reactor)
        running.append(application)
        known = [f"[127.0.0.1]:{port} {key.export_public_key().decode()}" for key in hostKeys(files / "ssh_host_keys")]
        (files / "known").write_text("".join(known))
        only = ["-o", f"UserKnownHostsFile={files}/known", "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none"]
        return ["ssh", "-F", "none", *only, "-i", files / "ann", "-p", port, "ann@127.0.0.1"]

    yield start
    stopping = gatherResults([maybeDeferred(IServiceCollection(one).stopService) for one in running])
    run_until(one_reactor, lambda: stopping.called)
    for transport in list(one_reactor.transports):
        transport.abortConnection()
    loop = loop_of(one_reactor)
    run_until(one_reactor, lambda: not (one_reactor.transports or loop._ready or loop._timers))


def test_a_key_opens_the_commands_of_the_list_and_no_other(one_reactor, serve):
    ssh = serve("--authorized-keys", "keys", "--commands", "cat")
    assert run_program(one_reactor, *ssh, "cat menu").stdout == b"soup\n"
    for command in ("ls", "cat menu; ls", "sh -c ls", "cat 'menu", ""):
        refused = run_program(one_reactor, *ssh, *[command] * bool(command), input=b"")
        assert refused.returncode and not refused.stdout, command


def sftp(reactor, ssh, batch):
    """What OpenSSH's sftp prints that is told this, line by line."""
    *words, port, who = ssh
    options = [*words[1:-1], "-P", port, "-b", "-", who]
    return run_program(reactor, "sftp", *options, input="\n".join([*batch, ""]).encode())


def test_a_folder_s_files_are_there_by_SFTP_except_the_server_s_own(one_reactor, serve, files):
    ssh = serve("--authorized-keys", "keys", "--sftp")
    copied = sftp(one_reactor, ssh, ["put menu copied", "ls -1"])
    assert copied.returncode == 0 and (files / "copied").read_text() == "soup\n"
    assert b"copied" in copied.stdout and b"keys" not in copied.stdout
    assert sftp(one_reactor, ssh, ["get keys/ann stolen"]).returncode
    assert run_program(one_reactor, *ssh, "cat menu", input=b"").returncode  # there are files only


def test_each_user_s_files_may_be_their_own_and_may_be_for_reading_only(one_reactor, serve, files):
    (files / "homes" / "ann").mkdir(parents=True)
    (files / "homes" / "ann" / "letter").write_text("dear\n")
    ssh = serve("--authorized-keys", "keys", "--sftp", "--homes", "--folder", "homes", "--read-only")
    assert sftp(one_reactor, ssh, ["get letter fetched"]).returncode == 0
    assert (files / "fetched").read_text() == "dear\n"
    for change in ("put menu letter", "rm letter", "mkdir d", "rename letter l"):
        assert sftp(one_reactor, ssh, [change]).returncode, change
    assert os.listdir(files / "homes" / "ann") == ["letter"]


def test_a_password_opens_a_shell(one_reactor, serve):
    ssh = serve("--users", "users", "--shell")
    ended = run_program(one_reactor, "sshpass", "-p", "secret", *ssh, "cat menu | tr a-z A-Z; exit 4")
    assert (ended.returncode, ended.stdout) == (4, b"SOUP\n")


def test_a_manhole_is_a_prompt_in_the_running_program(one_reactor, serve):
    person = AtATerminal(one_reactor, *serve("--authorized-keys", "keys", "--manhole"))
    try:
        person.shows(b">>> ")
        person.types(b"type(reactor).__name__\r")
        person.shows(b"SelectReactor'")
        person.types(b"\x04")
        person.ends()
    finally:
        person.close()


def test_the_servers_keys_are_made_once_for_its_owner_alone(tmp_path):
    folder = tmp_path / "new" / "keys"
    first = hostKeys(folder)
    assert [key.algorithm for key in first] == [b"ssh-ed25519", b"ssh-rsa"]
    assert sorted(os.listdir(folder)) == ["ssh_host_ed25519_key", "ssh_host_rsa_key"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert [key.public_data for key in hostKeys(folder)] == [key.public_data for key in first]


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [(lambda path: path.chmod(0o640), "may be read by others"), (lambda path: path.write_text("moo"), "is no private")],
)
def test_a_key_of_the_server_that_cannot_be_used_is_told(tmp_path, spoil, complaint):
    hostKeys(tmp_path)
    spoil(tmp_path / "ssh_host_ed25519_key")
    with pytest.raises(ValueError, match=complaint):
        hostKeys(tmp_path)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--shell"], "nobody may log in"),
        (["--users", "users"], "a login is for something"),
        (["--users", "users", "--shell", "--manhole"], "one of them"),
        (["--users", "users", "--shell", "--channels", "0"], "from 1 on"),
        (["--users", "users", "--shell", "--listen", "99999"], "port number"),
    ],
)
def test_options_that_cannot_be_meant_are_told(files, monkeypatch, options, complaint):
    monkeypatch.chdir(files)
    with pytest.raises(ConfigurationError, match=complaint):
        Plugin("ssh", tap).makeApplication(options)


# --- files of keys


@pytest.mark.parametrize("name", [b"", b".", b"..", b"../keys/ann", b"/etc/passwd", b"ann\0", b"\xff", b"bob"])
def test_a_name_leads_to_no_other_file(files, name):
    assert list(AuthorizedKeysFolder(files / "keys").getAuthorizedKeys(name)) == []


def test_lines_with_options_and_nonsense_give_no_keys_and_comments_nothing(files):
    lines = [f'command="ls" {PUBLIC}', "from=10.0.0.1 " + PUBLIC, "# a comment\n\n", "nonsense\n", PUBLIC]
    (files / "keys" / "ann").write_text("".join(lines))
    assert len(list(AuthorizedKeysFolder(files / "keys").getAuthorizedKeys(b"ann"))) == 1


def blob(*parts):
    return base64.b64encode(b"".join(len(part).to_bytes(4, "big") + part for part in parts))


@pytest.mark.parametrize(
    "line",
    [
        b"ssh-rsa " + blob(b"ssh-rsa", b"\0", b"\0"),
        b"ssh-rsa " + blob(b"ssh-rsa", b"\xff", b"\xff"),
        b"ecdsa-sha2-nistp256 " + blob(b"ecdsa-sha2-nistp256", b"nistp256", b"\4" + bytes(64)),
        b"sk-ssh-ed25519@openssh.com " + blob(b"sk-ssh-ed25519@openssh.com", b"\1", b"\xff"),
    ],
)
def test_a_key_whose_numbers_are_impossible_costs_its_own_line_alone(files, line):
    (files / "keys" / "ann").write_bytes(line + b"\n" + PUBLIC.encode())
    assert len(list(AuthorizedKeysFolder(files / "keys").getAuthorizedKeys(b"ann"))) == 1


@pytest.mark.parametrize("comment", ["Zoë".encode(), "Zoë".encode("latin-1"), b"Zoe\r"])
def test_the_comment_of_a_key_may_be_in_any_letters(files, comment):
    (files / "keys" / "ann").write_bytes(PUBLIC.strip().encode() + b" " + comment + b"\n")
    assert len(list(AuthorizedKeysFolder(files / "keys").getAuthorizedKeys(b"ann"))) == 1


@pytest.mark.parametrize("separator", ["\f", "\v", "\x1c", "\x85", "\u2028"])
def test_only_a_newline_ends_a_comment(files, separator):
    (files / "keys" / "ann").write_text(f"# was: {separator}{PUBLIC}", "utf-8")
    assert list(AuthorizedKeysFolder(files / "keys").getAuthorizedKeys(b"ann")) == []


def test_a_file_of_keys_that_is_too_long_or_may_not_be_read_is_not_used_and_the_log_says_so(files, monkeypatch):
    said = []
    monkeypatch.setattr("reactor.log.msg", said.append)
    path = files / "keys" / "ann"
    path.write_text(PUBLIC + "#" * 2**20)
    assert list(readKeys(path)) == []

    def refuse(path, flags):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("reactor.conch.checkers.os.open", refuse)
    assert list(readKeys(path)) == []
    assert [line.partition(" isn't used: ")[2] for line in said] == [
        "it is no file of at most a MiB that its owner alone may write",
        "Permission denied",
    ]


@pytest.mark.own_promise("nobody looks at who may write the file")
def test_a_file_that_others_may_write_or_that_is_none_gives_no_keys(files):
    (files / "keys" / "ann").chmod(0o664)
    (files / "keys" / "bob").mkdir()
    os.mkfifo(files / "keys" / "eve")
    folder = AuthorizedKeysFolder(files / "keys")
    assert [list(folder.getAuthorizedKeys(name)) for name in (b"ann", b"bob", b"eve")] == [[]] * 3


def test_accounts_have_keys_in_their_homes(files, monkeypatch):
    (files / ".ssh").mkdir()
    (files / ".ssh" / "authorized_keys2").write_text(PUBLIC)
    record = type("Record", (), {"pw_dir": str(files)})
    monkeypatch.setattr("pwd.getpwnam", lambda name: {"ann": record}[name])
    keys = UNIXAuthorizedKeysFiles()
    assert [len(list(keys.getAuthorizedKeys(name))) for name in (b"ann", b"bob", b"\xff")] == [1, 0, 0]
