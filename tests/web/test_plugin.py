"""The plugin that serves files: which ones, and what it does when its access log is moved away."""

from pathlib import Path

import pytest

import reactor as package
from reactor.application import own_files
from reactor.application.plugins import find
from reactor.application.starting import privilegedStart, startApplication
from reactor.web.plugin import Options, makeService
from tests.support.loopback import Client, run, run_until
from tests.support.web_doubles import Pulling


@pytest.fixture
def program_reactor(reactor, monkeypatch):
    """The reactor of this test as the one of the program, which a plugin's services ask for."""
    monkeypatch.setitem(vars(package), "reactor", reactor)
    return reactor


def talk(reactor, port, said):
    client = Client("client")
    reactor.connectTCP("127.0.0.1", port, client)
    run_until(reactor, lambda: client.talker and client.talker.is_made)
    client.talker.transport.write(said)
    return client


def finish(reactor):
    reactor.callWhenRunning(reactor.stop)
    run(reactor)


REQUEST = b"GET /page.txt HTTP/1.0\r\n\r\n"


def test_web_serves_a_folder_and_goes_on_in_a_new_access_log(program_reactor, tmp_path):
    (tmp_path / "page.txt").write_text("hello\n")
    log = tmp_path / "access.log"
    place = "tcp:0:interface=127.0.0.1"
    application = find("web").makeApplication(["--port", place, "--path", str(tmp_path), "--log", str(log)])
    privilegedStart(application)
    startApplication(application, False, program_reactor)
    service = application.getServiceNamed("web")
    for name in ("access.log.1", "access.log.2"):
        client = talk(program_reactor, service.getHost().port, REQUEST)
        run_until(program_reactor, lambda client=client: client.talker.reason)
        assert client.talker.received.startswith(b"HTTP/1.1 200") and client.talker.received.endswith(b"\r\nhello\n")
        log.rename(tmp_path / name)
        service.reloadService()
        assert (tmp_path / name).read_text().count("GET /page.txt") == 1
    finish(program_reactor)


def test_a_daemon_that_changes_its_working_directory_finds_folder_and_access_log_again(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    options = Options(path=Path(), log=Path("access.log"))
    assert (options.path, options.log) == (tmp_path, tmp_path / "access.log")
    assert Options(path=tmp_path).log is None


FILES = [".env", ".git/config", "sub/.hidden", "page.txt", "sub/page.txt", ".well-known/acme", "sub.dot/page.txt"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with hidden files in it, and a program that has claimed none as its own."""
    monkeypatch.setattr(own_files, "_claimed", set())
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("text")
    (tmp_path / "link").symlink_to(".git")
    (tmp_path / ".link").symlink_to("sub")
    return tmp_path


def site(**options):
    return makeService(Options(port="tcp:0:interface=127.0.0.1", **options)).factory


def codes(site, *targets):
    talk = Pulling(None, site=site)
    return [talk.get(target).code for target in targets]


HIDDEN = ["/.env", "/.git/config", "/.git/", "/sub/.hidden", "/link/config", "/.link/page.txt", "/%2eenv", "/.//.env"]


def test_hidden_files_are_served_only_if_asked(folder):
    assert codes(site(path=folder), *HIDDEN) == [404] * len(HIDDEN)
    asked = site(path=folder, hidden=True)
    assert codes(asked, *HIDDEN) == [200, 200, 200, 200, 200, 200, 200, 404]


def test_what_is_not_hidden_is_served_wherever_the_folder_lies(folder):
    targets = ["/page.txt", "/sub/page.txt", "/.well-known/acme", "/sub.dot/page.txt", "/", "/sub/"]
    assert codes(site(path=folder), *targets) == [200] * len(targets)
    assert codes(site(path=folder / ".git"), "/config", "/") == [200, 200]


def test_one_file_is_served_at_every_address(folder):
    assert codes(site(path=folder / "page.txt"), "/", "/page.txt") == [200, 200]


OWN = ["/reactord.log", "/reactord.log.1", "/reactord.log-20261130.gz", "/REACTORD.LOG", "/access.log", "/access.log.2"]


def test_the_programs_own_files_are_not_served(folder):
    for target in [*OWN, "/reactord.log_of_another", "/access"]:
        (folder / target[1:]).write_text("text")
    (folder / "to_log").symlink_to("reactord.log")
    own_files.claim(folder / "reactord.log", None, "")
    served = site(path=folder, log=folder / "access.log", hidden=True)
    assert codes(served, *OWN, "/to_log") == [404] * 7
    assert codes(served, "/reactord.log_of_another", "/access", "/page.txt") == [200] * 3
    assert b"log<" not in Pulling(None, site=served).get("/").body


def test_the_access_log_is_no_link(tmp_path):
    """Whoever may write in that folder could lead a reactord of root's to any file of root's."""
    (tmp_path / "secret").write_text("root's")
    (tmp_path / "access.log").symlink_to("secret")
    with pytest.raises(OSError, match="symbolic links"):
        site(path=tmp_path, log=tmp_path / "access.log").startFactory()
    assert (tmp_path / "secret").read_text() == "root's"
