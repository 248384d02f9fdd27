"""LDAP with programs that others wrote: their clients at our server, our client at theirs."""

import sys

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's directory is the peer here", allow_module_level=True)

from reactor.cred.credentials import UsernamePassword
from reactor.cred.error import UnauthorizedLogin
from reactor.cred.portal import Portal
from reactor.cred.stored_password import StoredPassword
from reactor.defer import ensureDeferred
from reactor.endpoints import TCP4ClientEndpoint
from reactor.ldap import (
    Change,
    Directory,
    LDAPBindChecker,
    LDAPEntry,
    LDAPError,
    LDAPServerFactory,
    Scope,
    TreeChecker,
    connectToLDAPEndpoint,
    ldif,
)
from reactor.ldap.messages import OID, READ, Control, Entry, Message, ModDNRequest, ModifyRequest, Op
from tests.ldap.ldap_doubles import ADMIN, NAMES, PEOPLE, book, person
from tests.ldap.slapd import slapd
from tests.peers.programs import run_program
from tests.support.loopback import run_until, stop_listening
from tests.support.outcomes import outcomes
from tests.support.securely import authority, client_options, private

ANN = f"cn=Ann,{PEOPLE}"


class Served:
    """A server of ours, with its tree and its port."""

    def __init__(self, reactor, listen):
        self.reactor, self.tree = reactor, book()
        portal = Portal(Directory([ADMIN]), [TreeChecker(self.tree, NAMES)])
        secure = private("127.0.0.1").options()  # for ldap://localhost, OpenLDAP asks for the machine's own name
        factory = LDAPServerFactory(self.tree, portal, contextFactory=secure, names=NAMES, reactor=reactor)
        factory.noisy = False
        self.listening = listen(factory)
        self.url = f"ldap://127.0.0.1:{self.listening.getHost().port}"

    def run(self, program, *words, input="", env=None):
        """Run a client of OpenLDAP's, bound as the administrator. Returns its exit code and what it says."""
        who = ("-x", "-D", ADMIN, "-w", "secret") if "-Y" not in words else ()
        options = {"input": input.encode(), "env": env or {"LDAPNOINIT": "1"}}
        done = run_program(self.reactor, program, "-H", self.url, *who, *words, **options)
        return done.returncode, (done.stdout + done.stderr).decode()


@pytest.fixture
def serve(one_reactor):
    """Makes a server of ours, and ends it."""
    made = []

    def make(listen=None):
        made.append(Served(one_reactor, listen or (lambda it: one_reactor.listenTCP(0, it, interface="127.0.0.1"))))
        return made[-1]

    yield make
    for one in made:
        stop_listening(one_reactor, one.listening)
    for transport in list(one_reactor.transports):
        transport.abortConnection()
    run_until(one_reactor, lambda: not one_reactor.transports)


@pytest.mark.peer("LDAP", client="ldapsearch")
def test_ldapsearch(serve):
    ours = serve()
    _, said = ours.run("ldapsearch", "-LLL", "-b", "o=Doom", "(cn=A*)", "cn", "mail")
    assert said == f"dn: {ADMIN}\ncn: admin\n\ndn: {ANN}\ncn: Ann\nmail: ann@doom.example\n\n"
    pages = ("-E", "pr=2/noprompt", "-E", "!sss=-cn:caseIgnoreOrderingMatch")
    _, said = ours.run("ldapsearch", "-LLL", "-b", "o=Doom", *pages, "(sn=*)", "1.1")
    assert [line for line in said.splitlines() if line.startswith("dn")] == [
        f"dn: cn={name},{PEOPLE}" for name in ("Cy", "Bob", "Ann")
    ]
    code, said = ours.run("ldapsearch", "-b", "o=Doom", "-z", "2")
    assert code == 4 and "Size limit exceeded" in said
    code, said = ours.run("ldapsearch", "-b", "o=None")
    assert code == 32
    _, said = ours.run("ldapsearch", "-LLL", "-b", "", "-s", "base", "+")
    assert "namingContexts: o=Doom\n" in said


@pytest.mark.peer("LDAP", client="ldapsearch")
def test_ldapsearch_over_tls(serve, tmp_path):
    ours = serve()
    (tmp_path / "authority.pem").write_bytes(authority().cert_pem.bytes())
    trusting = {"LDAPTLS_CACERT": str(tmp_path / "authority.pem")}
    code, said = ours.run("ldapwhoami", "-ZZ", env=trusting)
    assert (code, said) == (0, f"dn:{ADMIN}\n"), said
    assert ours.run("ldapwhoami", "-ZZ")[0] != 0


@pytest.mark.peer("LDAP", client="ldapwhoami")
@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"])
def test_ldapwhoami_by_sasl(serve, mechanism):
    ours = serve()
    if mechanism.startswith("SCRAM"):
        stored = str(StoredPassword.of(b"pencil", mechanism, 4096)).encode()
        ours.tree.add(person("Di", userPassword=[stored]))
    else:
        ours.tree.add(person("Di", userPassword=[b"pencil"]))
    words = ("-Q", "-Y", mechanism, "-U", "Di", "-w", "pencil", "-O", "none")
    assert ours.run("ldapwhoami", *words) == (0, f"dn:cn=Di,{PEOPLE}\n")


@pytest.mark.peer("LDAP", client="ldapmodify")
def test_programs_that_change_a_directory(serve):
    ours = serve()
    new = f"dn: cn=D\\, the,{PEOPLE}\nobjectClass: person\nsn: D\ndescription:: w6bDuA==\n"
    assert ours.run("ldapadd", input=new)[0] == 0
    change = f"dn: {ANN}\nchangetype: modify\nincrement: uidNumber\nuidNumber: 5\n-\ndelete: mail\n-\n"
    code, said = ours.run("ldapmodify", "-e", "preread=mail", "-e", "postread=uidNumber", input=change)
    assert code == 0 and "mail: ann@doom.example\n" in said and "uidNumber: 12\n" in said
    assert ours.run("ldapmodrdn", "-r", ANN, "cn=Anna")[0] == 0
    assert ours.run("ldapdelete", f"cn=Bob,{PEOPLE}")[0] == 0
    assert ours.run("ldapdelete", PEOPLE)[0] == 66
    names = [entry.dn.rdns[0][0][1] for entry in ours.tree.search(LDAPEntry(PEOPLE).dn, Scope.one)]
    assert sorted(names) == ["Anna", "Cy", "D, the"]


@pytest.mark.peer("LDAP", client="ldapmodify")
def test_ldapmodify_makes_the_changes_that_we_have_written(serve):
    ours = serve()
    entry = person("é D", description=[b" x", b"\xc3\xa9", b"y" * 200])
    read_entry = Control(OID.preRead, True, READ.dump(("sn",)))
    changes = [
        Message(0, Op.addRequest, Entry(str(entry.dn), entry.attributes)),
        Message(0, Op.modifyRequest, ModifyRequest(ANN, ((Change.increment, ("uidNumber", (b"5",))),)), (read_entry,)),
        Message(0, Op.modifyRequest, ModifyRequest(ANN, ((Change.delete, ("mail", ())), (0, ("title", (b"-",)))))),
        Message(0, Op.modDNRequest, ModDNRequest(ANN, "cn=Anna", True, "o=Doom")),
        Message(0, Op.delRequest, f"cn=Bob,{PEOPLE}"),
    ]
    code, said = ours.run("ldapmodify", input="".join(ldif.write_changes(changes)))
    assert code == 0, said
    anna = ours.tree.get(LDAPEntry("cn=Anna,o=Doom").dn)
    assert (anna["uidNumber"], anna["title"], "mail" in anna) == ((b"12",), (b"-",), False)
    assert ours.tree.get(entry.dn)["description"] == entry["description"]
    assert ours.tree.get(LDAPEntry(f"cn=Bob,{PEOPLE}").dn) is None


@pytest.mark.peer("LDAP", client="ldappasswd")
def test_programs_that_ask_and_that_change_passwords(serve):
    ours = serve()
    assert ours.run("ldapcompare", ANN, "sn:DOE")[0] == 6 and ours.run("ldapcompare", ANN, "sn:x")[0] == 5
    assert ours.run("ldappasswd", "-s", "new", ANN)[0] == 0
    assert "New password: " in ours.run("ldappasswd", ANN)[1]
    assert ours.run("ldapexop", "whoami")[1] == f"dn:{ADMIN}\n"


@pytest.mark.peer("LDAP", client="curl")
def test_curl(serve):
    ours = serve()
    done = run_program(ours.reactor, "curl", "-sS", f"{ours.url}/{PEOPLE}?mail?sub?(cn=A*)")
    assert done.stdout == f"DN: {ANN}\n\tmail: ann@doom.example\n\n\n".encode(), done.stderr


PERL = """
use Net::LDAP; use Net::LDAP::Control::Paged;
my $ldap = Net::LDAP->new($ARGV[0]) or die; my $done = $ldap->bind($ARGV[1], password => "secret");
die $done->error if $done->code;
my $page = Net::LDAP::Control::Paged->new(size => 4);
my $found = $ldap->search(base => "o=Doom", filter => "(objectClass=*)", control => [$page]);
print $found->count, "\\n";
$done = $ldap->modify($ARGV[2], replace => { sn => "Perl" }); die $done->error if $done->code;
print $ldap->compare($ARGV[2], attr => "sn", value => "perl")->code, "\\n";
"""


@pytest.mark.peer("LDAP", client="libnet-ldap-perl")
def test_perl(serve):
    ours = serve()
    done = run_program(ours.reactor, "perl", "-e", PERL, ours.url, ADMIN, ANN)
    assert done.stdout == b"4\n6\n", done.stderr


LDAP3 = """
import ldap3, sys
server = ldap3.Server(sys.argv[1], get_info=ldap3.ALL)
with ldap3.Connection(server, sys.argv[2], "secret", auto_bind=True) as it:
    paged = {"paged_size": 2, "attributes": ["cn"], "generator": False}
    found = it.extend.standard.paged_search("o=Doom", "(sn=*)", **paged)
    print(sorted(one["attributes"]["cn"][0] for one in found))
    print(it.add("cn=Di,o=Doom", ["person"], {"sn": "D"}), it.modify_dn("cn=Di,o=Doom", "cn=Dee"))
    print(it.modify(sys.argv[3], {"sn": [(ldap3.MODIFY_REPLACE, ["x"])]}), it.compare(sys.argv[3], "sn", "X"))
    print(it.extend.standard.who_am_i(), it.delete("o=None"))
print("inetOrgPerson" in server.schema.object_classes, "cn" in server.schema.attribute_types)
"""


@pytest.mark.peer("LDAP", client="ldap3")
def test_ldap3(serve):
    ours = serve()
    done = run_program(ours.reactor, sys.executable, "-W", "ignore", "-c", LDAP3, ours.url, ADMIN, ANN)
    says = f"['Ann', 'Bob', 'Cy']\nTrue True\nTrue True\ndn:{ADMIN} False\nTrue True\n"
    assert done.stdout.decode() == says, done.stderr


LDAPTOR = """
from ldaptor.protocols.ldap import ldapclient, ldapsyntax, ldapconnector
from ldaptor.protocols import pureldap
from twisted.internet import reactor, defer, endpoints
import sys

@defer.inlineCallbacks
def main():
    where = endpoints.clientFromString(reactor, "tcp:127.0.0.1:" + sys.argv[1])
    client = yield endpoints.connectProtocol(where, ldapclient.LDAPClient())
    yield client.bind(sys.argv[2], "secret")
    base = ldapsyntax.LDAPEntry(client, "o=Doom")
    found = yield base.search(filterText="(cn=A*)")
    print(sorted(entry.dn.getText() for entry in found))
    [ann] = [entry for entry in found if b"ann" in entry.dn.getText().lower().encode()]
    ann["sn"] = ["Twisted"]
    yield ann.commit()
    yield client.unbind()
    reactor.stop()

main().addErrback(lambda failure: (failure.printTraceback(), reactor.stop()))
reactor.run()
"""


@pytest.mark.peer("LDAP", client="ldaptor")
def test_ldaptor(serve):
    ours = serve()
    done = run_program(ours.reactor, sys.executable, "-W", "ignore", "-c", LDAPTOR, ours.url.rpartition(":")[2], ADMIN)
    assert done.stdout.decode() == f"['{ANN}', '{ADMIN}']\n", done.stderr
    assert ours.tree.get(LDAPEntry(ANN).dn)["sn"] == (b"Twisted",)


# --- our client


def finish(reactor, coroutine):
    found = outcomes(ensureDeferred(coroutine))
    run_until(reactor, lambda: found and not reactor.transports, 30)  # unbind() closes in a later turn
    if hasattr(found[0], "raiseException"):
        found[0].raiseException()
    return found[0]


async def everything(reactor, port):
    """What a client does in its life, at a slapd."""
    client = await connectToLDAPEndpoint(reactor, f"ldap://127.0.0.1:{port}")
    await client.startTLS(client_options("localhost"))
    await client.bind(ADMIN, b"secret")
    for entry in book().search(LDAPEntry("o=Doom").dn, Scope.subtree):
        if entry.dn != LDAPEntry(ADMIN).dn:
            named = {name: values for name, values in entry.items() if name != "uidNumber" and ";" not in name}
            await client.add(LDAPEntry(entry.dn, named))
    found = await client.search("o=Doom", "(&(objectClass=person)(!(mail=*)))", pageSize=1, attributes=["cn"])
    assert [entry.dn.rdns[0][0][1] for entry in found.entries] == ["Bob", "Cy"]
    found = await client.search("o=Doom", "(cn=*)", sortBy=["-cn:caseIgnoreOrderingMatch"], attributes=["1.1"])
    assert [entry.dn.rdns[0][0][1] for entry in found.entries] == ["Cy", "Bob", "Ann"]
    before = await client.delete(f"cn=Cy,{PEOPLE}", read=["description"])
    assert set(before["description"]) == {b"third", b"last"}
    after = await client.modify(ANN, [(Change.replace, "sn", [b"\xc3\x85"])], read=["sn"])
    assert after == LDAPEntry(ANN, {"sn": [b"\xc3\x85"]})
    assert await client.compare(ANN, "sn", "å".encode())
    assert (await client.modifyDN(f"cn=Bob,{PEOPLE}", "cn=Bo+sn=B", read=["cn"]))["cn"] == (b"Bo",)
    assert await client.whoAmI() == f"dn:{ADMIN}"
    await client.changePassword(ANN, new=b"pencil")
    try:
        await client.modify(ANN, [(Change.replace, "cn", [b"Anna"])])
    except LDAPError as problem:
        assert problem.code.name == "namingViolation"
    assert (
        OID.paged.encode()
        in (await client.search("", scope=Scope.base, attributes=["+"])).entries[0]["supportedControl"]
    )
    await client.login("Ann", b"pencil")
    assert (await client.whoAmI()).lower() == f"dn:{ANN}".lower()
    client.unbind()


async def logs_in(reactor, port, name, password):
    checker = LDAPBindChecker(TCP4ClientEndpoint(reactor, "127.0.0.1", port), NAMES)
    try:
        return await checker.requestAvatarId(UsernamePassword(name, password))
    except UnauthorizedLogin:
        return None


@pytest.mark.peer("LDAP", server="slapd")
def test_slapd(one_reactor, daemon):
    server = slapd(daemon)
    finish(one_reactor, everything(one_reactor, server.port))
    for name, password, who in (
        (b"Ann", b"pencil", b"Ann"),
        (b"Ann", b"x", None),
        (b"Ann", b"", None),
        (b"X", b"x", None),
    ):
        assert finish(one_reactor, logs_in(one_reactor, server.port, name, password)) == who
    assert finish(one_reactor, logs_in(one_reactor, server.port, b"Ann,ou=people", b"pencil")) is None


LDAPTOR_SERVER = """
from io import BytesIO
from ldaptor.inmemory import fromLDIFFile
from ldaptor.interfaces import IConnectedLDAPEntry
from ldaptor.protocols.ldap.ldapserver import LDAPServer
from twisted.internet import reactor
from twisted.internet.protocol import ServerFactory
from twisted.python.components import registerAdapter
import sys

class Factory(ServerFactory):
    protocol = LDAPServer

def serve(root):
    registerAdapter(lambda factory: root, Factory, IConnectedLDAPEntry)
    reactor.listenTCP(int(sys.argv[1]), Factory(), interface="127.0.0.1")
    print("ready", flush=True)

LDIF = b'''dn: o=Doom
objectClass: organization
o: Doom

dn: cn=Ann,o=Doom
objectClass: person
cn: Ann
sn: Doe
userPassword: secret

'''
fromLDIFFile(BytesIO(LDIF)).addCallback(serve)
reactor.run()
"""


async def reads_and_writes(reactor, port):
    client = await connectToLDAPEndpoint(reactor, f"tcp:127.0.0.1:{port}")
    await client.bind("cn=Ann,o=Doom", b"secret")
    await client.modify("cn=Ann,o=Doom", [(Change.replace, "sn", [b"x"])])
    found = await client.search("o=Doom", "(cn=A*)", attributes=["sn"])
    client.unbind()
    return found.entries


@pytest.mark.peer("LDAP", server="ldaptor")
def test_ldaptors_server(one_reactor, daemon):
    server = daemon(sys.executable, "-W", "ignore", "-c", LDAPTOR_SERVER, "@PORT@", ready="ready")
    assert finish(one_reactor, reads_and_writes(one_reactor, server.port)) == [
        LDAPEntry("cn=Ann,o=Doom", {"sn": [b"x"]})
    ]
