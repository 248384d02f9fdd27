"""XML-RPC with programs that others wrote: their clients at our server, and our Proxy at their servers."""

import json
import sys
import threading
import xmlrpc.client as stdlib
from functools import partial
from xmlrpc.server import SimpleXMLRPCDispatcher, SimpleXMLRPCServer

import pytest

from reactor.task import deferLater
from reactor.web.xmlrpc import XMLRPC, Fault, Proxy, addIntrospection
from tests.peers.packages import NODE_MODULES
from tests.peers.programs import meanwhile, run_program
from tests.support.loopback import run_until
from tests.support.outcomes import outcomes

VALUES = ["é <&>\n", 7, -2.5, True, ["a", {"b": 1}], {}]


class Kitchen(XMLRPC):
    def __init__(self, reactor):
        super().__init__()
        self.reactor = reactor
        addIntrospection(self)

    def xmlrpc_echo(self, *values):
        """Return the values."""
        return list(values)

    async def xmlrpc_later(self, value):
        await deferLater(self.reactor, 0.01)
        return value

    def xmlrpc_refuse(self):
        raise Fault(12, "sold out")


@pytest.fixture
def address(one_reactor, served):
    return f"http://{served(Kitchen(one_reactor))}/"


@pytest.fixture
def ask(one_reactor):
    """Asks a procedure at a port by our Proxy; returns its value, or a Failure."""

    def ask(port, name, *arguments, path=b"RPC2"):
        before = len(one_reactor.transports)
        proxy = Proxy(b"http://127.0.0.1:%d/%b" % (port, path), reactor=one_reactor)
        got = outcomes(proxy.callRemote(name, *arguments))
        run_until(one_reactor, lambda: got)
        run_until(one_reactor, lambda: len(one_reactor.transports) == before)
        return got[0]

    return ask


# --- their clients


@pytest.mark.peer("XML-RPC", client="xmlrpc.client")
def test_the_standard_library_calls(one_reactor, address):
    def work():
        with stdlib.ServerProxy(address) as kitchen:
            assert kitchen.echo(*VALUES) == VALUES
            assert kitchen.later("x" * 5000) == "x" * 5000
            assert kitchen.system.methodHelp("echo") == "Return the values."
            many = stdlib.MultiCall(kitchen)
            many.echo(1)
            many.later(2)
            assert list(many()) == [[1], 2]
            with pytest.raises(stdlib.Fault) as caught:
                kitchen.refuse()
            return caught.value.faultCode

    assert meanwhile(one_reactor, work) == 12


PERL = """
use RPC::XML; use RPC::XML::Client;
my $kitchen = RPC::XML::Client->new($ARGV[0]);
my $echoed = $kitchen->simple_request('echo', RPC::XML::string->new("e <&>\\n"), RPC::XML::i4->new(7), [1, {a => 2}]);
print $echoed->[0], $echoed->[1], $echoed->[2][1]{a}, "\\n";
print $kitchen->simple_request('later', 'x' x 5000) eq 'x' x 5000 ? "long\\n" : "no\\n";
my $refused = $kitchen->send_request('refuse');
print $refused->code, " ", $refused->string, "\\n";
my $many = $kitchen->simple_request('system.multicall', [{methodName => 'echo', params => [1]}]);
print $many->[0][0][0], "\\n";
"""


@pytest.mark.peer("XML-RPC", client="librpc-xml-perl")
def test_perl_calls(one_reactor, address):
    done = run_program(one_reactor, "perl", "-e", PERL, address)
    assert (done.stdout, done.stderr) == (b"e <&>\n72\nlong\n12 sold out\n1\n", b"")


NODE = """
const client = require("xmlrpc").createClient(process.argv[1]);
client.methodCall("echo", JSON.parse(process.argv[2]), (problem, value) => {
  console.log(JSON.stringify(value));
  client.methodCall("refuse", [], (problem) => console.log(problem.faultCode, problem.faultString));
});
"""


@pytest.mark.peer("XML-RPC", client="node-xmlrpc")
def test_node_calls(one_reactor, address):
    where = NODE_MODULES.parent
    done = run_program(one_reactor, "node", "-e", NODE, address, json.dumps(VALUES), cwd=where)
    echoed, refused = done.stdout.decode().splitlines()
    assert json.loads(echoed) == VALUES and refused == "12 sold out", done.stderr


TWISTED_CALLS = """
import sys
from twisted.internet import defer, task
from twisted.web.xmlrpc import Fault, Proxy
async def main(reactor):
    kitchen = Proxy(sys.argv[1].encode())
    print(await kitchen.callRemote("echo", "soup", 1, [2]), await kitchen.callRemote("later", 3))
    try:
        await kitchen.callRemote("refuse")
    except Fault as fault:
        print(fault.faultCode)
task.react(lambda reactor: defer.ensureDeferred(main(reactor)))
"""


@pytest.mark.peer("XML-RPC", client="Twisted")
def test_twisted_calls(one_reactor, address):
    done = run_program(one_reactor, sys.executable, "-c", TWISTED_CALLS, address)
    assert done.stdout == b"['soup', 1, [2]] 3\n12\n", done.stderr


# --- their servers


class House:
    def echo(self, *values):
        return list(values)

    def refuse(self):
        raise stdlib.Fault(12, "sold out")


@pytest.mark.peer("XML-RPC", server="xmlrpc.server")
def test_a_proxy_calls_the_standard_library(ask):
    with SimpleXMLRPCServer(("127.0.0.1", 0), logRequests=False) as server:
        assert isinstance(server, SimpleXMLRPCDispatcher)
        server.register_instance(House())
        server.register_introspection_functions()
        server.register_multicall_functions()
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            port = server.server_address[1]
            assert ask(port, "echo", *VALUES) == VALUES
            assert ask(port, "echo", "x" * 5000) == ["x" * 5000]  # it packs its answer
            assert "echo" in ask(port, "system.listMethods")
            assert ask(port, "refuse").value.faultCode == 12
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.peer("XML-RPC", server="aria2c")
def test_a_proxy_calls_aria2(daemon, ask):
    rpc = ["--enable-rpc", "--rpc-listen-port=@PORT@", "--rpc-secret=soup"]
    server = daemon("aria2c", "--no-conf", "--dir=@FOLDER@", *rpc, "--enable-dht=false", "--quiet")
    aria2 = partial(ask, server.port, path=b"rpc")
    assert "aria2.addUri" in aria2("system.listMethods")
    assert aria2("aria2.getGlobalStat", "token:soup")["numActive"] == "0"
    address = f"http://127.0.0.1:{server.ports[1]}/soup"
    added = aria2("aria2.addUri", "token:soup", [address], {"pause": "true"})
    assert aria2("aria2.tellStatus", "token:soup", added, ["status"]) == {"status": "paused"}
    calls = [{"methodName": "aria2.getVersion", "params": [secret]} for secret in ("token:soup", "token:fish")]
    version, refused = aria2("system.multicall", calls)
    assert version[0]["version"] and refused["faultCode"] == 1
    assert aria2("aria2.getVersion").value.faultString == "Unauthorized"


PERL_SERVER = """
use RPC::XML::Server;
$RPC::XML::ENCODING = 'utf-8';
my $server = RPC::XML::Server->new(host => '127.0.0.1', port => $ARGV[0], no_default => 0);
$server->add_method({name => 'echo', signature => ['array string int'],
  code => sub { my $self = shift; return [@_] }});
$server->server_loop;
"""


@pytest.mark.peer("XML-RPC", server="librpc-xml-perl")
def test_a_proxy_calls_perl(daemon, ask):
    server = daemon("perl", "-e", PERL_SERVER, "@PORT@")
    assert ask(server.port, "echo", "é <&>\n", 7) == ["é <&>\n", 7]
    assert "system.methodHelp" in ask(server.port, "system.listMethods")
    assert ask(server.port, "echo").check(Fault)


TWISTED_SERVES = """
import sys
from twisted.internet import reactor
from twisted.web.server import Site
from twisted.web.xmlrpc import XMLRPC, Fault, addIntrospection
class Kitchen(XMLRPC):
    def xmlrpc_echo(self, *values):
        return list(values)
    def xmlrpc_refuse(self):
        raise Fault(12, "sold out")
kitchen = Kitchen()
addIntrospection(kitchen)
reactor.listenTCP(int(sys.argv[1]), Site(kitchen), interface="127.0.0.1")
reactor.run()
"""


@pytest.mark.peer("XML-RPC", server="Twisted")
def test_a_proxy_calls_twisted(daemon, ask):
    server = daemon(sys.executable, "-c", TWISTED_SERVES, "@PORT@")
    assert ask(server.port, "echo", *VALUES) == VALUES
    assert ask(server.port, "refuse").value.faultCode == 12
    assert ask(server.port, "nothing").value.faultCode == 8001
    assert "echo" in ask(server.port, "system.listMethods")


def test_our_proxy_calls_our_server(address, ask):
    port = int(address.rstrip("/").rpartition(":")[2])
    assert ask(port, "echo", *VALUES) == VALUES and ask(port, "later", 1) == 1
