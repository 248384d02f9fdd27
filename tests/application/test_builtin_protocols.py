"""The plugins for SOCKS, finger and FTP: their options, and the service that they make."""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("twistd's plugins are others", allow_module_level=True)

from reactor.application import own_files
from reactor.application.builtin import finger, ftp, socks
from reactor.application.errors import ConfigurationError
from reactor.application.plugins import Plugin
from reactor.cred.credentials import Anonymous, UsernamePassword
from reactor.cred.stored_password import StoredPassword
from reactor.protocols.finger import FingerFactory
from reactor.protocols.ftp import IFTPShell
from reactor.protocols.socks import SOCKSFactory
from tests.support.outcomes import failure_of, result_of


def factory_of(service):
    return service.factory


def test_socks_listens_on_this_machine_only_unless_told_otherwise():
    plugin = Plugin("socks", socks)
    options = plugin.configure([])
    assert options.port == "tcp:1080:interface=127.0.0.1"
    factory = factory_of(plugin.makeService(options))
    assert isinstance(factory, SOCKSFactory) and factory.portal is None


def test_socks_takes_rules_and_checkers(tmp_path):
    plugin = Plugin("socks", socks)
    (tmp_path / "passwd").write_text("bob:x\n")
    words = ["--auth", f"file:{tmp_path / 'passwd'}", "--deny", "*:25", "--allow", "127.0.0.0/8"]
    options = plugin.configure(words)
    factory = factory_of(plugin.makeService(options))
    assert len(factory.portal.checkers) == 2
    assert not factory.rules.permits(1, "mail.example", None, 25, b"", None)
    assert factory.rules.permits(1, "127.0.0.1", "127.0.0.1", 80, b"", None)


@pytest.mark.parametrize(
    "words, says",
    [
        (["--auth", "kerberos:x"], "one of file, memory, anonymous"),
        (["--deny", "10.0.0.0/99"], "is no network"),
    ],
)
def test_socks_refuses_what_it_cannot_read(words, says):
    with pytest.raises(ConfigurationError, match=says):
        Plugin("socks", socks).configure(words)


def test_finger_answers_from_a_folder(tmp_path):
    plugin = Plugin("finger", finger)
    factory = factory_of(plugin.makeService(plugin.configure(["--path", str(tmp_path)])))
    assert isinstance(factory, FingerFactory) and factory.listing is None


def test_finger_needs_a_folder(tmp_path):
    with pytest.raises(ConfigurationError, match="nowhere is no folder"):
        Plugin("finger", finger).configure(["--path", str(tmp_path / "nowhere")])


def shells_of(factory, name=b"ann", password=b"secret"):
    """The files of a stranger, and of a user."""
    credentials = (Anonymous(), UsernamePassword(name, password))
    return [result_of(factory.portal.login(one, None, IFTPShell))[1] for one in credentials]


@pytest.fixture
def served(tmp_path, monkeypatch):
    """A folder with a file, a hidden one, and one of the program's own."""
    monkeypatch.setattr(own_files, "_claimed", set())
    (tmp_path / "pub").mkdir()
    for name in ("menu", ".hidden", "users", "reactord.log"):
        (tmp_path / "pub" / name).write_bytes(b"soup")
    (tmp_path / "pub" / "users").write_text(f"ann:{StoredPassword.of(b'secret', rounds=4096)}\n")
    own_files.claim(tmp_path / "pub" / "reactord.log")
    return tmp_path / "pub"


def test_ftp_serves_a_folder_without_what_is_the_programs_own(served):
    words = ["--path", str(served), "--users", str(served / "users"), "--passive-ports", "40000-40009"]
    options = Plugin("ftp", ftp).configure(words)
    assert options.listen == "tcp:21:interface=127.0.0.1"
    factory = factory_of(Plugin("ftp", ftp).makeService(options))
    assert list(factory.passivePortRange) == [*range(40000, 40010)] and factory.contextFactory is None
    stranger, ann = shells_of(factory)
    assert [name for name, _ in result_of(stranger.list([]))] == ["menu"]
    assert [name for name, _ in result_of(ann.list([]))] == [".hidden", "menu"]
    failure_of(stranger.openForReading([".hidden"]), FileNotFoundError)
    failure_of(stranger.openForWriting(["new"]), PermissionError)
    for shell in (stranger, ann):
        failure_of(shell.openForReading(["users"]), FileNotFoundError)
        failure_of(shell.openForReading(["reactord.log"]), FileNotFoundError)
        failure_of(shell.rename(["menu"], ["users"]), OSError)


def test_ftp_tells_at_its_start_of_a_line_of_users_that_cannot_be_read(served):
    (served / "users").write_text("ann\n")
    plugin = Plugin("ftp", ftp)
    options = plugin.configure(["--path", str(served), "--users", str(served / "users")])
    with pytest.raises(ConfigurationError, match="users"):
        plugin.makeService(options)


def test_ftp_gives_each_user_a_folder_if_there_are_homes(served):
    (served / "ann").mkdir()
    words = ["--path", str(served), "--users", str(served / "users"), "--homes"]
    plugin = Plugin("ftp", ftp)
    _, ann = shells_of(factory_of(plugin.makeService(plugin.configure(words))))
    assert result_of(ann.list([])) == []


@pytest.mark.parametrize(
    "words, says",
    [
        (["--path", "nowhere"], "nowhere is no folder"),
        (["--users", "nobody"], "nobody is no file"),
        (["--certificate", "none.pem"], "none.pem is no file"),
        (["--passive-ports", "9-1"], "a range of ports such as 40000-40099"),
    ],
)
def test_ftp_refuses_what_it_cannot_use(words, says):
    with pytest.raises(ConfigurationError, match=says):
        Plugin("ftp", ftp).configure(words)
