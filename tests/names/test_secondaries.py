"""Secondaries: zones from another server, kept up to date."""

from reactor.names import dns
from reactor.names.primary import notify
from reactor.names.secondary import SecondaryAuthority, SecondaryAuthorityService
from tests.names.network import IN_BOTH_WORLDS
from tests.names.zone_files import edition
from tests.support.loopback import run_until

pytestmark = IN_BOTH_WORLDS


def secondary_of(net, primary, **settings):
    made = SecondaryAuthority.fromServerAddressAndDomain(primary.address, "example.org")
    made._reactor = net.reactor
    vars(made).update(settings)
    return made


def test_a_secondary_answers_as_its_primary_does(net, primary):
    mine = secondary_of(net, primary)
    assert net.result(mine.transfer()) is True
    server = net.serve(mine)
    assert net.result(net.resolver(server).getHostByName("web.example.org")) == "192.0.2.3"
    assert mine.soa[0] == b"example.org"


def test_a_secondary_fetches_nothing_when_there_is_nothing_new(net, primary):
    mine = secondary_of(net, primary)
    net.result(mine.transfer())
    before = mine.zone
    assert net.result(mine.transfer()) is True and mine.zone is before


def test_a_secondary_takes_over_changes_one_by_one(net, primary, tmp_path):
    mine = secondary_of(net, primary)
    net.result(mine.transfer())
    primary.zone.zone = edition(tmp_path, 8, "new IN A 192.0.2.88\n")
    primary.zone.zone = edition(tmp_path, 9, "newer IN A 192.0.2.99\n")
    assert net.result(mine.transfer()) is True
    assert mine.zone.serial == 9

    def told(zone):
        return sorted((str(one), repr(one.payload)) for one in zone.records())

    assert told(mine.zone) == told(primary.zone.zone)


def test_a_secondary_keeps_its_zone_when_a_transfer_fails(net, primary, tmp_path):
    mine = secondary_of(net, primary)
    net.result(mine.transfer())
    primary.zone.zone = edition(tmp_path, 8)
    primary.transfersFor = []
    assert net.result(mine.transfer()) is False
    assert mine.zone.serial == 7 and not mine.transferring


def test_a_secondary_that_is_being_updated_is_not_updated_a_second_time(net, primary):
    mine = secondary_of(net, primary)
    first = mine.transfer()
    assert mine.transfer() is None
    net.result(first)


def test_a_secondary_looks_again_when_its_primary_tells_it(net, primary, tmp_path):
    mine = secondary_of(net, primary)
    server = net.serve(mine)
    mine.start()
    run_until(net.reactor, lambda: mine.zone is not None)
    primary.zone.zone = edition(tmp_path, 8)
    assert net.result(notify(net.reactor, server.address, primary.zone.zone.soa)) is True
    run_until(net.reactor, lambda: mine.zone.serial == 8)
    run_until(net.reactor, lambda: not mine.transferring)
    mine.stop()


def test_a_stranger_can_not_have_a_secondary_look(net, primary):
    mine = secondary_of(net, primary)
    mine.primary = "203.0.113.1"
    message = dns.Message(1, opCode=dns.OP_NOTIFY)
    message.addQuery("example.org", dns.SOA)
    assert mine.notified(message, "127.0.0.1") is False
    assert mine.notified(message, "203.0.113.1") is True
    message.session = object()
    assert mine.notified(message, "127.0.0.1") is True
    message.queries = [dns.Query("example.com", dns.SOA)]
    assert mine.notified(message, "203.0.113.1") is False


class Silent:
    """The controller of somebody who hears, and does not answer."""

    def __init__(self, heard):
        self.heard = heard

    def messageReceived(self, message, protocol, address):
        self.heard.append(message)


def test_nobody_who_answers_a_notification_is_told_five_times(net, monkeypatch):
    monkeypatch.setattr("reactor.names.primary._TIMEOUTS_S", (0.01,) * 5)
    heard = []
    silent = net.listen_udp(Silent(heard))
    start = dns.RRHeader("example.org", dns.SOA, payload=dns.Record_SOA())
    address = ("127.0.0.1", silent.transport.getHost().port)
    assert net.result(notify(net.reactor, address, start)) is False
    assert len(heard) == 5 and {(one.opCode, one.auth, one.answers[0].type) for one in heard} == {(4, 1, dns.SOA)}


def test_a_service_keeps_its_zones_while_it_runs(net, primary):
    service = SecondaryAuthorityService.fromServerAddressAndDomains(primary.address, ["example.org"])
    (mine,) = service.domains
    mine._reactor = net.reactor
    service.startService()
    run_until(net.reactor, lambda: mine.zone is not None and not mine.transferring)
    chain = service.getAuthority()
    assert net.result(chain.getHostByName("web.example.org")) == "192.0.2.3"
    service.stopService()
