"""Clients of names that others wrote, asking our server: dig, kdig, nslookup, dnsperf, dnspython, Twisted."""

import base64
import re
import sys

import pytest

from reactor.names.tsig import Key
from tests.names.network import LOCAL, ON_THE_BEST_POLLER
from tests.names.zone_files import EXAMPLE, authority, edition
from tests.peers.programs import meanwhile, run_program
from tests.support import securely

pytestmark = ON_THE_BEST_POLLER

SECRET = base64.b64encode(b"a secret of 32 bytes for testing").decode()
KEY = Key("transfer.key", SECRET)
MANY = EXAMPLE + "".join(f"many IN A 10.0.{number // 256}.{number % 256}\n" for number in range(300))


def lines(done):
    assert done.returncode == 0, (done.stdout, done.stderr)
    return [" ".join(line.split()) for line in done.stdout.decode().splitlines() if line.strip()]


@pytest.fixture
def ours(net, tmp_path):
    """A server of ours with the zone, for all of this machine."""
    return net.serve(authority(tmp_path, MANY), transfersFor=LOCAL, keys={KEY.name: KEY})


@pytest.fixture
def ask_with(net, ours):
    """A function that runs dig or kdig against ours. Returns the lines of its output."""

    def ask(program, *words):
        return lines(run_program(net.reactor, program, "@127.0.0.1", "-p", str(ours.address[1]), *words))

    return ask


# --- their clients


@pytest.mark.parametrize(
    "program",
    [
        pytest.param("dig", marks=pytest.mark.peer("DNS", client="dig")),
        pytest.param("kdig", marks=pytest.mark.peer("DNS", client="kdig")),
    ],
)
class TestDigAndKdig:
    def test_an_address_a_host_and_an_alias(self, ask_with, program):
        assert ask_with(program, "web.example.org", "A", "+short") == ["192.0.2.3"]
        assert ask_with(program, "example.org", "MX", "+short") == ["10 mail.example.org."]
        assert ask_with(program, "a.old.example.org", "+short")[-1] == "192.0.2.7"

    def test_no_such_name(self, ask_with, program):
        output = "\n".join(ask_with(program, "nobody.example.org", "A"))
        assert "NXDOMAIN" in output and "SOA" in output

    def test_a_long_answer_comes_over_TCP(self, ask_with, program):
        assert len(ask_with(program, "many.example.org", "A", "+short")) == 300

    def test_a_zone_is_handed_out(self, ask_with, program):
        records = [line for line in ask_with(program, "example.org", "AXFR") if not line.startswith(";")]
        assert len(records) > 300 and " SOA " in records[0] and records[0] == records[-1]

    def test_a_signed_question_gets_a_signed_answer(self, ask_with, program):
        words = ("-y", f"hmac-sha256:transfer.key:{SECRET}", "example.org", "AXFR")
        output = "\n".join(ask_with(program, *words))
        assert "many.example.org." in output and "TSIG" in output.upper()
        assert "BADSIG" not in output and "WARNING" not in output

    def test_a_wrong_signature_is_refused(self, ask_with, program, net, ours):
        wrong = base64.b64encode(b"another secret").decode()
        command = [program, "@127.0.0.1", "-p", str(ours.address[1]), "-y", f"hmac-sha256:transfer.key:{wrong}"]
        done = run_program(net.reactor, *command, "example.org", "SOA")
        assert b"NOTAUTH" in done.stdout or b"BADSIG" in done.stdout + done.stderr

    def test_changes_are_handed_out(self, ask_with, program, ours, tmp_path):
        ours.authorities[0].zone = edition(tmp_path, 8, "new IN A 192.0.2.88\n")
        records = [line for line in ask_with(program, "example.org", "IXFR=7") if not line.startswith(";")]
        assert [line.split()[6] for line in records if " SOA " in line] == ["8", "7", "8", "8"]


@pytest.mark.peer("DNS", client="dig")
def test_digs_cookie_is_returned_and_found_good(ask_with):
    assert any("COOKIE" in line and "(good)" in line for line in ask_with("dig", "web.example.org", "+cookie"))


@pytest.mark.peer("DNS", client="kdig")
def test_kdig_over_TLS(net, ours, tmp_path):
    securely_made = securely.server_options()
    port = net.reactor.listenSSL(0, ours, securely_made, interface="127.0.0.1")
    net.ports.append(port)
    words = ["@127.0.0.1", "-p", str(port.getHost().port), "+tls", "web.example.org", "+short"]
    assert lines(run_program(net.reactor, "kdig", *words)) == ["192.0.2.3"]


@pytest.mark.peer("DNS", client="nslookup")
def test_nslookup(net, ours):
    words = [f"-port={ours.address[1]}", "web.example.org", "127.0.0.1"]
    assert "Address: 192.0.2.3" in lines(run_program(net.reactor, "nslookup", *words))


@pytest.mark.peer("DNS", client="dnsperf")
def test_dnsperf_loses_nothing(net, ours, tmp_path):
    questions = tmp_path / "questions"
    questions.write_text("web.example.org A\nexample.org MX\nnobody.example.org A\n" * 500)
    words = ["-s", "127.0.0.1", "-p", str(ours.address[1]), "-d", str(questions), "-n", "1", "-q", "20"]
    output = "\n".join(lines(run_program(net.reactor, "dnsperf", *words)))
    assert re.search(r"Queries completed: 1500 \(100\.00%\)", output), output
    assert "NOERROR 1000 (66.67%), NXDOMAIN 500 (33.33%)" in output


@pytest.mark.peer("DNS", client="dnspython")
def test_dnspython_as_client(net, ours):
    import dns.message as messages
    import dns.query as queries
    import dns.tsigkeyring as keyrings
    import dns.zone as zones

    def talk():
        question = messages.make_query("web.example.org", "A", use_edns=0, payload=4096)
        answers = [queries.udp(question, "127.0.0.1", port=ours.address[1], timeout=10)]
        answers.append(queries.tcp(question, "127.0.0.1", port=ours.address[1], timeout=10))
        ring = keyrings.from_text({"transfer.key.": SECRET})
        zone = zones.Zone("example.org")
        request = messages.make_query("example.org", "AXFR")
        request.use_tsig(ring, "transfer.key.", algorithm="hmac-sha256.")
        queries.inbound_xfr("127.0.0.1", zone, request, port=ours.address[1], timeout=10)
        return answers, zone

    answers, zone = meanwhile(net.reactor, talk)
    assert [answer.answer[0][0].to_text() for answer in answers] == ["192.0.2.3"] * 2
    assert len(zone.find_rdataset("many", "A")) == 300


TWISTED_CLIENT = """
import sys
from twisted.internet import task
from twisted.names import client

async def ask(reactor):
    resolver = client.Resolver(servers=[("127.0.0.1", int(sys.argv[1]))], reactor=reactor)
    answers, _, _ = await resolver.lookupMailExchange("example.org")
    print(answers[0].payload.preference, answers[0].payload.name)
    print(len((await resolver.lookupAddress("many.example.org"))[0]))
    print(len((await resolver.lookupZone("example.org"))[0]))

task.react(lambda reactor: __import__("twisted.internet.defer").internet.defer.ensureDeferred(ask(reactor)))
"""


@pytest.mark.peer("DNS", client="twisted")
def test_twisted_as_client(net, ours):
    done = run_program(net.reactor, sys.executable, "-c", TWISTED_CLIENT, str(ours.address[1]))
    records = len(list(ours.authorities[0].zone.records())) + 1
    assert lines(done) == ["10 mail.example.org", "300", str(records)]
