"""A resolver in a reactor's service: connectTCP, endpoints and resolve find hosts by it. And resolv.conf, and DoT."""

import pytest

from reactor import error
from reactor.defer import ensureDeferred
from reactor.endpoints import HostnameEndpoint
from reactor.names import client, dns, hosts, resolve
from reactor.names.client.configuration import Configuration, read
from reactor.protocol import ClientFactory, Factory, Protocol
from tests.names.network import IN_BOTH_WORLDS
from tests.names.zone_files import EXAMPLE, authority
from tests.support.loopback import run_until

pytestmark = IN_BOTH_WORLDS

LOCAL = EXAMPLE + "here IN A 127.0.0.1\nalias IN CNAME here\nboth IN A 127.0.0.1\nboth IN AAAA ::1\n"


@pytest.fixture
def resolver(net, tmp_path):
    """The net's reactor's resolver from now on; the system's again after the test."""
    made = net.resolver(net.serve(authority(tmp_path, LOCAL)))
    before = net.reactor.installResolver(made)
    yield made
    net.reactor.installResolver(before)


@pytest.fixture
def greeter(net):
    class Greeter(Protocol):
        def connectionMade(self):
            self.transport.write(b"hello")
            self.transport.loseConnection()

    factory = Factory.forProtocol(Greeter)
    factory.noisy = False
    port = net.reactor.listenTCP(0, factory, interface="127.0.0.1")
    net.ports.append(port)
    return port.getHost().port


class Hearer(Protocol):
    def dataReceived(self, data):
        self.factory.heard.append(data)


@pytest.mark.parametrize("host", ["here.example.org", "alias.example.org", "HERE.example.org."])
def test_connectTCP_finds_hosts_by_it(net, resolver, greeter, host):
    factory = ClientFactory.forProtocol(Hearer)
    factory.noisy, factory.heard, lost = False, [], []
    factory.clientConnectionLost = factory.clientConnectionFailed = lambda connector, reason: lost.append(reason)
    net.reactor.connectTCP(host, greeter, factory)
    run_until(net.reactor, lambda: lost)
    assert factory.heard == [b"hello"], lost


def test_a_host_that_it_does_not_know_is_a_DNSLookupError(net, resolver):
    factory, failed = ClientFactory.forProtocol(Hearer), []
    factory.noisy = False
    factory.clientConnectionFailed = lambda connector, reason: failed.append(reason.value)
    net.reactor.connectTCP("nobody.example.org", 80, factory)
    run_until(net.reactor, lambda: failed)
    assert isinstance(failed[0], error.DNSLookupError)


def test_an_endpoint_tries_all_addresses_that_it_finds(net, resolver, greeter):
    factory = Factory.forProtocol(Hearer)
    factory.noisy, factory.heard = False, []
    protocol = net.result(HostnameEndpoint(net.reactor, "both.example.org", greeter).connect(factory))
    run_until(net.reactor, lambda: factory.heard)
    protocol.transport.loseConnection()


def test_resolve_asks_it(net, resolver):
    assert net.result(net.reactor.resolve("here.example.org")) == "127.0.0.1"
    assert isinstance(net.error(net.reactor.resolve("nobody.example.org")), error.DNSLookupError)


def test_an_address_is_not_asked_for(net, resolver):
    assert net.result(net.reactor.resolve("127.0.0.1")) == "127.0.0.1"


def test_short_names_get_the_endings_of_resolv_conf(net, resolver):
    resolver.configuration = read([b"search nowhere.test example.org\n"])
    assert net.result(resolver.getHostByName("here")) == "127.0.0.1"
    assert isinstance(net.error(resolver.getHostByName("here.")), error.DNSLookupError)
    assert net.result(net.reactor.resolve("here")) == "127.0.0.1"


def test_mail_and_the_like_is_not_looked_for_by_endings(net, resolver):
    resolver.configuration = read([b"search example.org\n"])
    from reactor.names.error import DNSQueryRefusedError

    assert isinstance(net.error(resolver.lookupAddress("here")), DNSQueryRefusedError)


# --- resolv.conf


def read_text(text):
    return read(text.encode().splitlines(True))


def test_servers_and_endings_are_read(net):
    found = read_text(
        "# a comment\nnameserver 192.0.2.1\nnameserver 2001:db8::1 ; second\nsearch a.test b.test.\noptions ndots:2\n"
    )
    assert found.servers == [("192.0.2.1", 53), ("2001:db8::1", 53)]
    assert (found.endings, found.ndots) == ([b"a.test", b"b.test"], 2)


def test_lines_without_sense_are_passed_by(net):
    found = read_text("nameserver\nnameserver kitchen\nsearch\noptions ndots:many rotate\nwhatever x\n\n")
    assert (found.servers, found.endings, found.ndots) == ([], [], 1)


def test_no_more_is_taken_than_the_manual_says(net):
    found = read_text("nameserver 192.0.2.1\n" * 9 + "search " + " ".join("abcdefghi") + "\noptions ndots:99\n")
    assert (len(found.servers), len(found.endings), found.ndots) == (3, 6, 15)


def test_the_last_of_search_and_domain_counts(net):
    assert read_text("search a.test b.test\ndomain c.test\n").endings == [b"c.test"]


@pytest.mark.parametrize(
    "name, ndots, tried",
    [
        (b"a", 1, [b"a.x.test", b"a"]),
        (b"a.b", 1, [b"a.b", b"a.b.x.test"]),
        (b"a.b", 2, [b"a.b.x.test", b"a.b"]),
        (b"a.b.", 2, [b"a.b"]),
    ],
)
def test_the_order_in_which_names_are_tried(net, name, ndots, tried):
    found = Configuration(endings=[b"x.test"], ndots=ndots)
    assert found.candidates(name) == tried


def test_a_changed_resolv_conf_is_read_again_after_a_minute(net, tmp_path):
    path = tmp_path / "resolv.conf"
    path.write_text("nameserver 192.0.2.1\n", encoding="utf-8")
    seconds = [0.0]
    resolver = client.Resolver(path, reactor=type("Clock", (), {"seconds": lambda self: seconds[0]})())
    assert resolver.pickServer() == ("192.0.2.1", 53)
    path.write_text("nameserver 192.0.2.2\nnameserver 192.0.2.3\n", encoding="utf-8")
    seconds[0] = 59.0
    assert resolver.dynServers == [("192.0.2.1", 53)] == [resolver.pickServer()]
    seconds[0] = 61.0
    assert [resolver.pickServer() for _ in range(3)] == [("192.0.2.3", 53), ("192.0.2.2", 53), ("192.0.2.3", 53)]


def test_without_a_resolv_conf_this_machine_is_asked(net, tmp_path):
    resolver = client.Resolver(tmp_path / "absent", reactor=net.reactor)
    assert resolver.pickServer() == ("127.0.0.1", 53)


# --- the whole


def test_a_machines_resolver_asks_its_hosts_file_then_its_cache_then_servers(net, tmp_path):
    path = tmp_path / "hosts"
    path.write_text("192.0.2.55 kitchen.test\n", encoding="utf-8")
    server = net.serve(authority(tmp_path, LOCAL))
    made = client.createResolver([server.address], tmp_path / "absent", path, net.reactor)
    assert isinstance(made, resolve.ResolverChain) and isinstance(made.resolvers[0], hosts.Resolver)
    assert net.result(made.getHostByName("kitchen.test")) == "192.0.2.55"
    assert net.result(made.getHostByName("here.example.org")) == "127.0.0.1"
    for port in net.ports:
        port.stopListening()
    assert net.result(made.getHostByName("here.example.org")) == "127.0.0.1"  # from the cache


def test_the_functions_ask_the_programs_resolver(net, tmp_path, monkeypatch):
    made = net.resolver(net.serve(authority(tmp_path)))
    monkeypatch.setattr(client, "theResolver", made)
    assert client.getResolver() is made
    answers, _, _ = net.result(client.lookupMailExchange("example.org"))
    assert answers[0].payload.preference == 10
    assert net.result(client.getHostByName("web.example.org")) == "192.0.2.3"
    assert net.result(client.query(dns.Query("example.org", dns.NS)))[0]


def test_every_lookup_of_a_resolver_is_a_function_too(net):
    from reactor.names.common import typeToMethod

    assert [name for name in typeToMethod.values() if not callable(getattr(client, name, None))] == []
    assert client.lookupText.__doc__ and client.lookupText.__name__ == "lookupText"


def test_an_async_program_can_await_them(net, tmp_path):
    made = net.resolver(net.serve(authority(tmp_path, LOCAL)))

    async def program():
        return await made.getHostByName("alias.example.org")

    assert net.result(ensureDeferred(program())) == "127.0.0.1"
