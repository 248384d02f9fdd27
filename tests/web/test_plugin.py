"""The plugin that serves files, when its access log is moved away."""

import pytest

import reactor as package
from reactor.application.plugins import find
from reactor.application.starting import privilegedStart, startApplication
from tests.support.loopback import Client, run, run_until


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
