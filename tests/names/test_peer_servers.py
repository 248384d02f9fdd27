"""Name servers that others wrote, as primaries, secondaries and resolvers beside ours: BIND, knot, Twisted."""

import base64
import sys

import pytest

from reactor.names import dns
from reactor.names.client.stub import Resolver
from reactor.names.client.zone_transfer import transfer
from reactor.names.primary import notify
from reactor.names.secondary import SecondaryAuthority
from reactor.names.tsig import Key
from tests.names.network import LOCAL, ON_THE_BEST_POLLER
from tests.names.zone_files import EXAMPLE, authority, edition
from tests.peers.programs import meanwhile, run_program
from tests.support import securely
from tests.support.loopback import run_until

pytestmark = ON_THE_BEST_POLLER

SECRET = base64.b64encode(b"a secret of 32 bytes for testing").decode()
KEY = Key("transfer.key", SECRET)
MANY = EXAMPLE + "".join(f"many IN A 10.0.{number // 256}.{number % 256}\n" for number in range(300))


@pytest.fixture
def ours(net, tmp_path):
    """A server of ours with the zone, for all of this machine."""
    return net.serve(authority(tmp_path, MANY), transfersFor=LOCAL, keys={KEY.name: KEY})


NAMED = """
options {
    directory "@FOLDER@"; pid-file none; session-keyfile none; listen-on-v6 { none; };
    listen-on port @PORT@ { 127.0.0.1; };
    %(listen)s
    max-records-per-type 0; recursion no; dnssec-validation no; empty-zones-enable no;
    minimal-responses no; minimal-any yes;
    allow-transfer { key "transfer.key"; 127.0.0.1; }; notify explicit; allow-notify { 127.0.0.1; };
};
controls { };
key "transfer.key" { algorithm hmac-sha256; secret "%(secret)s"; };
%(zones)s
"""
KNOT = """
server:
    listen: 127.0.0.1@@PORT@
    rundir: "@FOLDER@"
database:
    storage: "@FOLDER@"
log:
  - target: stdout
    any: info
key:
  - id: transfer.key
    algorithm: hmac-sha256
    secret: %(secret)s
%(more)s
"""
PRIMARY_OF_BIND = 'zone "example.org" { type primary; file "zone"; ixfr-from-differences yes; %s };'
PRIMARY_OF_KNOT = """
acl:
  - id: transfers
    address: 127.0.0.1
    action: transfer
zone:
  - domain: example.org
    storage: "@FOLDER@"
    file: zone
    acl: transfers
    zonefile-load: difference
    journal-content: all
"""


def start_named(daemon, zones, files=None, listen="", **more):
    config = NAMED % {"secret": SECRET, "zones": zones, "listen": listen}
    command = ("named", "-g", "-c", "@FOLDER@/named.conf")
    return daemon(*command, files={"named.conf": config, **(files or {})}, ready="all zones loaded", **more)


def start_knot(daemon, more, files=None):
    config = KNOT % {"secret": SECRET, "more": more}
    command = ("knotd", "-c", "@FOLDER@/knot.conf")
    return daemon(*command, files={"knot.conf": config, **(files or {})}, ready="server started")


BIND_AND_KNOT = [
    pytest.param("named", marks=pytest.mark.peer("DNS", server="named")),
    pytest.param("knotd", marks=pytest.mark.peer("DNS", server="knotd")),
]


@pytest.fixture(params=BIND_AND_KNOT)
def their_primary(request, daemon):
    """BIND, then knot, with the zone."""
    if request.param == "named":
        return start_named(daemon, PRIMARY_OF_BIND % "", {"zone": MANY})
    return start_knot(daemon, PRIMARY_OF_KNOT, {"zone": MANY})


def told(message):
    """What a message says, without the order of its records, and without hints that may be left out."""

    def all_of(records):
        return sorted((one.name.name.lower(), one.type, one.payload.canonical()) for one in records)

    return message.rCode, message.auth, all_of(message.answers), all_of(message.authority)


QUESTIONS = [
    *(("web.example.org", kind) for kind in ("A", "MX", "HTTPS")),
    *(("www.example.org", kind) for kind in ("A", "CNAME", "TXT")),
    *(("nobody.example.org", "A"), ("a.b.c.example.org", "A"), ("there.example.org", "TXT"), ("example.org", "SOA")),
    *(("x.wild.example.org", kind) for kind in ("TXT", "MX", "A")),
    *(("*.wild.example.org", "TXT"), ("wild.example.org", "TXT"), ("here.wild.example.org", "TXT")),
    *(("below.here.wild.example.org", "TXT"), ("x.y.wild.example.org", "TXT"), ("x.also.example.org", "A")),
    *(("sub.example.org", "DS"), ("sub.example.org", "NS"), ("sub.example.org", "A"), ("x.sub.example.org", "A")),
    *(("ns.sub.example.org", "A"), ("old.example.org", "A"), ("old.example.org", "DNAME"), ("a.old.example.org", "A")),
    *(("none.old.example.org", "A"), ("out.example.org", "A"), ("a.capital.example.org", "TXT")),
]


def test_our_client_asks_their_server_and_our_server_answers_the_same(net, their_primary, tmp_path):
    """In all that RFC 1034 leaves no choice about: the answer, the code, and who has the zone below."""
    theirs = net.resolver(("127.0.0.1", their_primary.port), timeout=(5,))
    ours = net.resolver(net.serve(authority(tmp_path, MANY)), timeout=(5,))
    for name, kind in QUESTIONS:
        asked = [dns.Query(name, dns.REV_TYPES[kind])]
        their_answer, our_answer = (told(net.result(one.queryUDP(asked))) for one in (theirs, ours))
        if not our_answer[2]:
            assert our_answer == their_answer, (name, kind)
        else:  # beside an answer they may say who has the zone
            assert our_answer[:3] == their_answer[:3], (name, kind)


def test_our_client_takes_a_long_answer_over_TCP(net, their_primary):
    theirs = net.resolver(("127.0.0.1", their_primary.port), timeout=(5,))
    assert len(net.result(theirs.lookupAddress("many.example.org"))[0]) == 300


def test_our_secondary_follows_their_primary(net, their_primary):
    mine = SecondaryAuthority.fromServerAddressAndDomain(("127.0.0.1", their_primary.port), "example.org")
    mine._reactor = net.reactor
    mine.key = KEY if their_primary.process.args[0].endswith("named") else None
    assert net.result(mine.transfer()) is True
    assert mine.zone.serial == 7 and mine.zone.answer(b"many.example.org", dns.A).answers
    changed = MANY.replace("root 7", "root 8").replace("192.0.2.3\n", "192.0.2.33\n")
    (their_primary.folder / "zone").write_text(changed, encoding="utf-8")
    their_primary.process.send_signal(1)  # SIGHUP: read the zone again

    def is_newer():
        return net.result(mine.transfer()) is True and mine.zone.serial == 8

    run_until(net.reactor, is_newer, 20)
    (address,) = mine.zone.answer(b"web.example.org", dns.A).answers
    assert address.payload.dottedQuad() == "192.0.2.33"
    place, older = ("127.0.0.1", their_primary.port), edition_seven(mine.zone.start)
    records = net.result(transfer(net.reactor, place, b"example.org", older, mine.key))
    assert [one.payload.serial for one in records if one.type == dns.SOA] == [8, 7, 8, 8]


def edition_seven(start):
    times = start.refresh, start.retry, start.expire, start.minimum
    older = dns.Record_SOA(start.mname.name, start.rname.name, 7, *times)
    return dns.RRHeader("example.org", dns.SOA, ttl=300, payload=older)


@pytest.mark.peer("DNS", client="named")
@pytest.mark.peer("DNS", server="named")
def test_BIND_as_our_secondary_with_TSIG_and_told_of_changes(net, ours, daemon, tmp_path):
    primaries = f"primaries {{ 127.0.0.1 port {ours.address[1]} key transfer.key; }};"
    zones = f'zone "example.org" {{ type secondary; {primaries} file "zone"; }};'
    ours.transfersFor = []
    bind = meanwhile(net.reactor, start_named, daemon, zones)
    theirs = net.resolver(("127.0.0.1", bind.port), timeout=(5,))

    def serial():
        answers = net.result(theirs.queryUDP([dns.Query("example.org", dns.SOA)])).answers
        return [one.payload.serial for one in answers]

    run_until(net.reactor, lambda: serial() == [7], 20)
    ours.authorities[0].zone = edition(tmp_path, 8, "new IN A 192.0.2.88\n")
    assert net.result(notify(net.reactor, ("127.0.0.1", bind.port), ours.authorities[0].zone.soa)) is True
    run_until(net.reactor, lambda: serial() == [8], 20)
    assert net.result(theirs.getHostByName("new.example.org")) == "192.0.2.88"


SECONDARY_OF_KNOT = """
remote:
  - id: ours
    address: 127.0.0.1@%d
    key: transfer.key
acl:
  - id: notifications
    address: 127.0.0.1
    action: notify
zone:
  - domain: example.org
    storage: "@FOLDER@"
    master: ours
    acl: notifications
"""


@pytest.mark.peer("DNS", client="knotd")
def test_knot_as_our_secondary_with_TSIG_and_told_of_changes(net, ours, daemon, tmp_path):
    ours.transfersFor = []
    knot = meanwhile(net.reactor, start_knot, daemon, SECONDARY_OF_KNOT % ours.address[1])
    theirs = net.resolver(("127.0.0.1", knot.port), timeout=(5,))

    def serial():
        answers = net.result(theirs.queryUDP([dns.Query("example.org", dns.SOA)])).answers
        return [one.payload.serial for one in answers]

    run_until(net.reactor, lambda: serial() == [7], 20)
    ours.authorities[0].zone = edition(tmp_path, 8, "new IN A 192.0.2.88\n")
    assert net.result(notify(net.reactor, ("127.0.0.1", knot.port), ours.authorities[0].zone.soa)) is True
    run_until(net.reactor, lambda: serial() == [8], 20)
    assert net.result(theirs.getHostByName("new.example.org")) == "192.0.2.88"


@pytest.fixture(params=["NSEC", "NSEC3", "NSEC3 with opt-out"])
def signed_zone(request, net, tmp_path):
    """The text of the zone, as BIND's own signer signs it, in one of the ways to prove what isn't there."""
    (tmp_path / "zone").write_text(EXAMPLE, encoding="utf-8")
    how = {"NSEC": [], "NSEC3": ["-3", "ab"], "NSEC3 with opt-out": ["-3", "-", "-A"]}[request.param]
    for flags in ([], ["-f", "KSK"]):
        run_program(net.reactor, "dnssec-keygen", "-a", "ECDSAP256SHA256", *flags, "example.org", cwd=tmp_path)
    words = ["-S", "-o", "example.org", "-O", "full", "-f", "signed", *how, "zone"]
    run_program(net.reactor, "dnssec-signzone", *words, cwd=tmp_path)
    return (tmp_path / "signed").read_text(encoding="utf-8")


def owners(records, kinds=None):
    return sorted((one.name.name.lower(), one.type) for one in records if kinds is None or one.type in kinds)


@pytest.mark.peer("DNS", server="named")
def test_a_signed_zone_is_answered_as_BIND_answers_it(net, daemon, tmp_path, signed_zone):
    """The same answers and signatures; and of the proofs at least those that BIND finds necessary."""
    zone = authority(tmp_path, signed_zone).zone
    bind = start_named(daemon, PRIMARY_OF_BIND % "", {"zone": signed_zone})
    for name, kind in QUESTIONS:
        theirs = net.result(ask_with_do(net, ("127.0.0.1", bind.port), name, dns.REV_TYPES[kind]))
        ours = zone.answer(name.encode(), dns.REV_TYPES[kind], True)
        assert (ours.rCode, owners(ours.answers)) == (theirs.rCode, owners(theirs.answers)), (name, kind)
        proofs = (dns.NSEC, dns.NSEC3) if ours.answers else (dns.NSEC, dns.NSEC3, dns.DS, dns.RRSIG)
        needed = owners(theirs.authority, proofs)
        assert set(needed) <= set(owners(ours.authority)), (name, kind)


def ask_with_do(net, address, name, kind):
    """Ask for signatures too."""
    protocol = net.listen_udp(None)

    def write(message, address):
        message.additional = [dns.OPTHeader(4096, dnssecOK=True).toRRHeader()]
        protocol.transport.write(message.toStr(), address)

    protocol.writeMessage = write
    return protocol.query(address, [dns.Query(name, kind)], 5)


@pytest.mark.peer("DNS", server="named")
def test_our_client_over_TLS(net, daemon, tmp_path):
    both = tmp_path / "certificate.pem"
    both.write_bytes(securely.pem_of(securely.issued("localhost")))
    tls = f'tls here {{ cert-file "{both}"; key-file "{both}"; }};'
    listen = "listen-on port @PORT2@ tls here { 127.0.0.1; };"
    bind = start_named(daemon, tls + PRIMARY_OF_BIND % "", {"zone": MANY}, listen)
    options = securely.client_options("localhost")
    resolver = Resolver(servers=[("127.0.0.1", bind.ports[1])], reactor=net.reactor, tls=options, timeout=(5,))
    resolver._streams.idle_s = 0.0  # so that the connection is gone when the test is
    assert net.result(resolver.getHostByName("web.example.org")) == "192.0.2.3"
    assert len(net.result(resolver.lookupAddress("many.example.org"))[0]) == 300


TWISTED_SERVER = """
import sys
from twisted.internet import reactor
from twisted.names import authority, dns, server

factory = server.DNSServerFactory([authority.PySourceAuthority(sys.argv[2])])
reactor.listenTCP(int(sys.argv[1]), factory, interface="127.0.0.1")
reactor.listenUDP(int(sys.argv[1]), dns.DNSDatagramProtocol(factory), interface="127.0.0.1")
print("ready", flush=True)
reactor.run()
"""


@pytest.mark.peer("DNS", server="twisted")
def test_twisted_as_server(net, daemon):
    from tests.names.test_authorities import PROGRAM

    command = (sys.executable, "-c", TWISTED_SERVER, "@PORT@", "zone.py")
    server = daemon(*command, files={"zone.py": PROGRAM}, ready="ready")
    resolver = net.resolver(("127.0.0.1", server.port), timeout=(5,))
    assert net.result(resolver.getHostByName("www.example.org")) == "192.0.2.1"
    assert net.result(resolver.lookupMailExchange("example.org"))[0][0].payload.preference == 10
    records, _, _ = net.result(resolver.lookupZone("example.org"))
    assert [one.type for one in records] == [dns.SOA, dns.NS, dns.MX, dns.A, dns.CNAME, dns.SOA]


RESOLVER_OF_BIND = """
options {
    directory "@FOLDER@"; pid-file none; session-keyfile none; listen-on-v6 { none; };
    listen-on port @PORT@ { 127.0.0.1; };
    max-records-per-type 0; recursion yes; dnssec-validation no; empty-zones-enable no;
};
controls { };
zone "example.org" { type forward; forward only; forwarders { 127.0.0.1 port %d; }; };
"""


@pytest.mark.peer("DNS", client="named")
def test_BIND_asks_ours_for_its_clients(net, ours, daemon):
    files = {"named.conf": RESOLVER_OF_BIND % ours.address[1]}
    command = ("named", "-g", "-c", "@FOLDER@/named.conf")
    bind = meanwhile(net.reactor, lambda: daemon(*command, files=files, ready="all zones loaded"))
    resolver = net.resolver(("127.0.0.1", bind.port), timeout=(5,))
    assert net.result(resolver.getHostByName("web.example.org")) == "192.0.2.3"
    assert len(net.result(resolver.lookupAddress("many.example.org"))[0]) == 300
