"""`reactord dns`: its options, and what it does when its files change."""

from pathlib import Path

import pytest

import reactor as package
from reactor.application.errors import ConfigurationError
from reactor.application.plugins import Plugin
from reactor.application.starting import privilegedStart, startApplication
from reactor.names import client, dns, plugin
from tests.names.network import ON_THE_BEST_POLLER
from tests.names.test_authorities import PROGRAM
from tests.names.zone_files import EXAMPLE
from tests.peers.daemons import free_ports
from tests.support.loopback import run, run_until

pytestmark = ON_THE_BEST_POLLER


@pytest.fixture
def program_reactor(reactor, monkeypatch):
    """The reactor of this test as the one of the program, which a plugin's services ask for."""
    monkeypatch.setitem(vars(package), "reactor", reactor)
    return reactor


@pytest.fixture
def serve(program_reactor):
    """Starts `reactord dns` with these arguments, on a free port. Returns its service and the port."""

    def start(*arguments):
        (port,) = free_ports(1)
        words = ["--port", str(port), "--interface", "127.0.0.1", *map(str, arguments)]
        application = Plugin("dns", plugin).makeApplication(words)
        privilegedStart(application)
        startApplication(application, False, program_reactor)
        return application.getServiceNamed("dns"), port

    yield start
    program_reactor.callWhenRunning(program_reactor.stop)
    run(program_reactor)


def result(reactor, deferred):
    results = []
    deferred.addBoth(results.append)
    run_until(reactor, lambda: results, 30)
    if hasattr(results[0], "raiseException"):
        results[0].raiseException()
    return results[0]


def ask(reactor, port, name):
    return result(reactor, client.Resolver(servers=[("127.0.0.1", port)], reactor=reactor).getHostByName(name))


def write(tmp_path, text=EXAMPLE, name="example.org"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_it_serves_zone_files(program_reactor, serve, tmp_path):
    _, port = serve("--zone", write(tmp_path))
    assert ask(program_reactor, port, "web.example.org") == "192.0.2.3"


def test_a_zone_file_may_have_another_name_than_its_zone(program_reactor, serve, tmp_path):
    _, port = serve("--zone", f"example.net={write(tmp_path)}")
    assert ask(program_reactor, port, "web.example.net") == "192.0.2.3"


def test_it_serves_zones_of_Python(program_reactor, serve, tmp_path):
    _, port = serve("--pyzone", write(tmp_path, PROGRAM, "zone.py"))
    assert ask(program_reactor, port, "www.example.org") == "192.0.2.1"


def test_it_finds_names_of_others(program_reactor, serve, tmp_path):
    _, other = serve("--zone", write(tmp_path))
    hosts = write(tmp_path, "192.0.2.66 kitchen.test\n", "hosts")
    service, port = serve("--hosts-file", hosts, "--recursive", "--resolv-conf", write(tmp_path, "", "resolv.conf"))
    assert ask(program_reactor, port, "kitchen.test") == "192.0.2.66"
    factory = next(one.args[1] for one in service if len(one.args) == 2 and hasattr(one.args[1], "resolver"))
    factory.resolver.resolvers[-1].servers = [("127.0.0.1", other)]
    factory.resolver.resolvers[-1].configuration.servers.clear()
    assert ask(program_reactor, port, "web.example.org") == "192.0.2.3"


def test_a_secondary_follows_its_primary_at_once_when_that_reloads(program_reactor, serve, tmp_path):
    keys = write(tmp_path, "# ours\nhmac-sha256:k:c2VjcmV0\n", "keys")
    path = write(tmp_path)
    (told,) = free_ports(1)
    primary, port = serve("--zone", path, "--keys", keys, "--notify", f"127.0.0.1#{told}")
    words = ["--port", str(told), "--interface", "127.0.0.1", "--keys", str(keys)]
    application = Plugin("dns", plugin).makeApplication([*words, "--secondary", f"127.0.0.1#{port}/example.org"])
    privilegedStart(application)
    startApplication(application, False, program_reactor)
    secondary = next(one.domains[0] for one in application.getServiceNamed("dns") if hasattr(one, "domains"))
    run_until(program_reactor, lambda: secondary.zone is not None and not secondary.transferring)
    write(tmp_path, EXAMPLE.replace("root 7", "root 8").replace("192.0.2.3", "192.0.2.33"))
    reloading = [one for one in primary if hasattr(one, "reloadService")]
    for one in reloading:
        one.reloadService()
    run_until(program_reactor, lambda: secondary.zone.serial == 8 and not secondary.transferring)
    assert ask(program_reactor, told, "web.example.org") == "192.0.2.33"


def test_a_file_that_can_not_be_read_any_more_leaves_the_zone_as_it_is(program_reactor, serve, tmp_path):
    path = write(tmp_path)
    service, port = serve("--zone", path)
    path.write_text("nonsense\n", encoding="utf-8")
    (reloading,) = [one for one in service if hasattr(one, "reloadService")]
    with pytest.raises(ValueError, match="is no zone file"):
        reloading.reloadService()
    assert ask(program_reactor, port, "web.example.org") == "192.0.2.3"


def test_a_zone_with_an_old_serial_number_is_served_and_said(program_reactor, serve, tmp_path, monkeypatch):
    path = write(tmp_path)
    service, port = serve("--zone", path)
    write(tmp_path, EXAMPLE.replace("192.0.2.3", "192.0.2.33"))
    lines = []
    monkeypatch.setattr("reactor.log.msg", lines.append)
    (reloading,) = [one for one in service if hasattr(one, "reloadService")]
    reloading.reloadService()
    assert lines == ["b'example.org': serial 7 is not newer than 7; no secondary sees it"]
    assert ask(program_reactor, port, "web.example.org") == "192.0.2.33"


@pytest.mark.parametrize(
    "arguments, says",
    [
        ([], "dns: there is nothing to serve: give a zone, a secondary, or --recursive"),
        (["--zone", "nowhere.test"], "No such file or directory"),
        (["--secondary", "kitchen/example.org"], "--secondary is an address such as 192.0.2.1"),
        (["--secondary", "192.0.2.1"], "--secondary is a primary and a zone such as 192.0.2.1/example.org"),
        (["--notify", "192.0.2.1#99999"], "--notify is an address such as 192.0.2.1"),
        (["--transfer", "everybody"], "--transfer is a network such as 192.0.2.0/24, or an address"),
        (["--hosts-file", "nowhere"], "nowhere is no file"),
        (["--recursive", "--answers-per-second=-5"], "--answers-per-second is a number, 0 or more, not -5"),
        (["--recursive", "--answers-per-second", "nan"], "--answers-per-second is a number, 0 or more, not nan"),
        (["--recursive", "--keys", "keys"], "keys, line 2: a key is written [algorithm:]name:secret"),
    ],
)
def test_options_without_sense_are_refused_in_a_line(program_reactor, arguments, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "# ours\nsecret\n", "keys")
    with pytest.raises(ConfigurationError) as caught:
        Plugin("dns", plugin).makeApplication(arguments)
    assert says in str(caught.value) and "\n" not in str(caught.value)


def test_files_are_found_after_a_daemon_has_changed_its_folder(program_reactor, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "192.0.2.7 host.test\n", "hosts")
    options = plugin.Options(hosts_file=Path("hosts"), resolv_conf=Path("resolv.conf"))
    assert (options.hosts_file, options.resolv_conf) == (tmp_path / "hosts", tmp_path / "resolv.conf")


def test_only_private_networks_may_have_names_found_and_nobody_has_zones_unless_said(program_reactor, tmp_path):
    service = plugin.makeService(plugin.Options(recursive=True, resolv_conf=write(tmp_path, "", "resolv.conf")))
    factory = next(one.args[1] for one in service if hasattr(one.args[1], "resolver"))
    assert factory.transfersFor == [] and dns.PORT == 53
    assert [str(one) for one in factory.recursionFor][:2] == ["127.0.0.0/8", "::1/128"]
    assert factory.limit is not None
