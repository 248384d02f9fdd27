"""Starting an application, all of it or nothing, and stopping it when the reactor stops."""

import re
import subprocess
import sys
import textwrap

import pytest

from reactor import app
from reactor.app import Application
from reactor.application.errors import StartError
from reactor.application.service import MultiService, Service
from reactor.application.starting import privilegedStart, startApplication, stopAgain
from reactor.defer import Deferred
from tests.support.loopback import Client, Server, run, run_until


class Noting(Service):
    def __init__(self, name, events):
        self.setName(name)
        self.events = events

    def startService(self):
        super().startService()
        self.events.append(f"{self.name} starts")

    def stopService(self):
        super().stopService()
        self.events.append(f"{self.name} stops")


class Failing(Noting):
    def startService(self):
        raise ZeroDivisionError("no\nsuch luck")


@pytest.fixture
def application(reactor):
    return Application("web", reactor=reactor)


def with_services(application, *services):
    for service in services:
        service.setServiceParent(application)
    return application


def test_an_application_says_as_whom_it_wants_to_run():
    application = Application("web", 1, 2)
    assert (application.name, application.uid, application.gid) == ("web", 1, 2)
    assert (Application("web").uid, Application("web").gid) == (None, None)


def test_services_run_as_long_as_the_reactor(reactor, application):
    events = []
    with_services(application, Noting("a", events), Noting("b", events))
    privilegedStart(application)
    startApplication(application, False, reactor)
    reactor.callWhenRunning(events.append, "runs")
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    assert events == ["a starts", "b starts", "runs", "b stops", "a stops"]
    assert not application.running


def test_the_shutdown_waits_for_the_services(reactor, application):
    stopped, events = Deferred(), []

    class Slow(Service):
        def stopService(self):
            super().stopService()
            reactor.callLater(0.01, stopped.callback, None)
            return stopped.addCallback(events.append)

    with_services(application, Slow())
    startApplication(application, False, reactor)
    reactor.addSystemEventTrigger("during", "shutdown", events.append, "shutdown")
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    assert events == [None, "shutdown"]


def test_an_application_listens_and_connects_when_it_starts(reactor, application):
    server, client = Server("server"), Client("client")
    listening = application.listenTCP(0, server, interface="127.0.0.1")
    assert list(application) == [listening] and not server.numPorts
    privilegedStart(application)
    startApplication(application, False, reactor)
    application.connectTCP("127.0.0.1", listening.getHost().port, client)
    run_until(reactor, lambda: client.talker and server.talker)
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    assert server.talker.reason and client.talker.reason


def test_an_application_speaks_TLS(reactor, application, tmp_path):
    from reactor import ssl

    server, client = Server("server"), Client("client")
    development = ssl.developmentCertificate(directory=tmp_path)
    listening = application.listenSSL(0, server, development.options(), interface="127.0.0.1")
    privilegedStart(application)
    startApplication(application, False, reactor)
    trusting = ssl.optionsForClientTLS("localhost", trustRoot=development)
    application.connectSSL("127.0.0.1", listening.getHost().port, client, trusting)
    run_until(reactor, lambda: client.talker and server.talker)
    client.talker.transport.write(b"hush")
    run_until(reactor, lambda: server.talker.received == b"hush")
    reactor.callWhenRunning(reactor.stop)
    run(reactor)


def test_when_one_cannot_start_those_before_it_are_stopped_and_those_after_it_never_start(reactor, application):
    events = []
    with_services(application, Noting("a", events), Failing("b", events), Noting("c", events))
    with pytest.raises(StartError) as caught:
        startApplication(application, False, reactor)
    assert events == ["a starts", "b stops", "a stops"]
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    stopAgain(caught.value, reactor)


def test_the_error_says_in_one_line_which_service_it_was_and_where(reactor, application):
    inner = MultiService()
    inner.setName("inner")
    with_services(application, inner)
    with_services(inner, Failing("b", []))
    with pytest.raises(StartError) as caught:
        startApplication(application, False, reactor)
    place = re.escape(__file__) + r":\d+"
    assert re.fullmatch(rf"web/inner/b can't start: ZeroDivisionError: no such luck \({place}\)", str(caught.value))
    stopAgain(caught.value, reactor)


def test_a_port_that_is_taken_stops_what_was_bound_before(reactor, application, listen):
    taken = listen(Server("other")).getHost().port
    first, second = Server("first"), Server("second")
    application.listenTCP(0, first, interface="127.0.0.1")
    application.listenTCP(taken, second, interface="127.0.0.1")
    with pytest.raises(StartError, match=rf"web/\(TCPServer\) can't start: .*127.0.0.1:{taken}: .*in use") as caught:
        privilegedStart(application)
    stopAgain(caught.value, reactor)
    assert first.numPorts == 0 and "\n" not in str(caught.value)


def test_what_was_bound_is_free_again_when_a_later_step_fails(reactor, application):
    server = Server("server")
    application.listenTCP(0, server, interface="127.0.0.1")
    with_services(application, Failing("b", []))
    privilegedStart(application)
    assert server.numPorts == 1
    with pytest.raises(StartError) as caught:
        startApplication(application, False, reactor)
    stopAgain(caught.value, reactor)
    assert server.numPorts == 0


def test_stopping_again_waits_no_longer_than_it_is_told_to(reactor, application):
    class NeverStopping(Noting):
        def stopService(self):
            return Deferred()

    with_services(application, NeverStopping("a", []), Failing("b", []))
    with pytest.raises(StartError) as caught:
        startApplication(application, False, reactor)
    stopAgain(caught.value, reactor, timeout=0.01)


def test_a_service_that_fails_at_the_end_is_logged_and_the_reactor_stops(reactor, application, logged_errors):
    class Sticking(Service):
        def stopService(self):
            raise ZeroDivisionError("no")

    with_services(application, Sticking())
    startApplication(application, False, reactor)
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def run_script(tmp_path, text, *arguments):
    script = tmp_path / "program.py"
    script.write_text(textwrap.dedent(text))
    return subprocess.run(
        [sys.executable, script, *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False
    )


PROGRAM = """
    import sys
    from reactor import app, reactor

    class FooService(app.ApplicationService):
        def startService(self):
            super().startService()
            print("starts")
            if "fail" in sys.argv:
                raise ValueError("no configuration")
            reactor.callWhenRunning(reactor.stop)

        def stopService(self):
            super().stopService()
            print("stops")

    application = app.Application("foobnator")
    service = FooService("foo", application)
    assert application.getServiceNamed("foo") is service
    assert service.serviceName == "foo" and service.serviceParent is application

    if __name__ == "__main__":
        application.run()
"""


def test_a_program_of_2003_runs_itself(tmp_path):
    done = run_script(tmp_path, PROGRAM)
    assert (done.returncode, done.stdout, done.stderr) == (0, "starts\nstops\n", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["program.py"]


def test_a_program_that_cannot_start_says_so_in_one_line_and_ends_with_status_1(tmp_path):
    done = run_script(tmp_path, PROGRAM, "fail")
    assert (done.returncode, done.stdout) == (1, "starts\nstops\n")
    place = f"{tmp_path / 'program.py'}:10"
    assert done.stderr == f"foobnator/foo can't start: ValueError: no configuration ({place})\n"


def test_the_names_of_the_package_are_there():
    assert not [name for name in app.__all__ if not hasattr(app, name)]
