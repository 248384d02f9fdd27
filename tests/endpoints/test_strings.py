"""serverFromString and clientFromString: what a string means, and what one gets that means nothing."""

import random

import pytest

from reactor.endpoints import clientFromString, quoteStringArgument, serverFromString
from reactor.protocol import Factory
from reactor.testing import MemoryReactorClock


def listened(description, recorded="tcpServers"):
    """What a reactor is asked for by a server of this description, without the factory."""
    memory, factory = MemoryReactorClock(), Factory()
    serverFromString(memory, description).listen(factory)
    (call,) = getattr(memory, recorded)
    return tuple(argument for argument in call if argument is not factory)


def connected(description, recorded="tcpClients"):
    """The same for a client."""
    memory = MemoryReactorClock()
    clientFromString(memory, description).connect(Factory())
    (call,) = getattr(memory, recorded)
    return tuple(argument for argument in call if not hasattr(argument, "buildProtocol"))


@pytest.mark.parametrize(
    ("description", "call"),
    [
        ("tcp:80", (80, 50, "")),
        ("tcp:80:127.0.0.1", (80, 50, "127.0.0.1")),
        ("tcp:80:interface=127.0.0.1:backlog=7", (80, 7, "127.0.0.1")),
        ("tcp:port=80:backlog=7", (80, 7, "")),
        ("tcp:backlog=7:80", (80, 7, "")),
        ("tcp6:80", (80, 50, "::")),
        ("tcp6:80:interface=\\:\\:1", (80, 50, "::1")),
        ("tcp6:port=80:interface=2001\\:db8\\:\\:1", (80, 50, "2001:db8::1")),
    ],
)
def test_servers_over_tcp(description, call):
    assert listened(description) == call


@pytest.mark.parametrize(
    ("description", "call"),
    [
        ("unix:/s", ("/s", 50, 0o666, True)),
        ("unix:/s:mode=660", ("/s", 50, 0o660, True)),
        ("unix:address=/s:lockfile=0:backlog=3", ("/s", 3, 0o666, False)),
        ("unix:C\\:\\\\s", ("C:\\s", 50, 0o666, True)),
        ("unix:/a=b", None),
        ("unix:/a\\=b", ("/a=b", 50, 0o666, True)),
        ("unix:address=/a=b", ("/a=b", 50, 0o666, True)),
    ],
)
def test_servers_over_unix_sockets(description, call):
    if call is None:  # an argument with the name "/a"
        with pytest.raises(TypeError):
            listened(description, "unixServers")
    else:
        assert listened(description, "unixServers") == call


@pytest.mark.parametrize(
    ("description", "call"),
    [
        ("tcp:127.0.0.1:80", ("127.0.0.1", 80, 30, None)),
        ("tcp:host=127.0.0.1:port=80:timeout=5", ("127.0.0.1", 80, 5, None)),
        ("tcp:host=127.0.0.1:80", ("127.0.0.1", 80, 30, None)),
        ("tcp:127.0.0.1:port=80:bindAddress=10.0.0.1", ("127.0.0.1", 80, 30, ("10.0.0.1", 0))),
        ("TCP:127.0.0.1:80", ("127.0.0.1", 80, 30, None)),
    ],
)
def test_clients_over_tcp(description, call):
    assert connected(description) == call


@pytest.mark.parametrize(
    ("description", "call"),
    [
        ("unix:/s", ("/s", 30, False)),
        ("unix:path=/s:lockfile=1:timeout=9", ("/s", 9, True)),
    ],
)
def test_clients_over_unix_sockets(description, call):
    assert connected(description, "unixClients") == call


@pytest.mark.own_promise("Twisted takes either only")
def test_a_description_may_be_bytes():
    assert listened(b"tcp:80") == (80, 50, "")
    assert connected(b"tcp:127.0.0.1:80") == ("127.0.0.1", 80, 30, None)


@pytest.mark.parametrize("argument", ["C:\\Users\\x", "::1", "plain", "a\\:b", ""])
def test_a_quoted_argument_comes_out_as_it_went_in(argument):
    assert listened(f"unix:address={quoteStringArgument(argument)}:lockfile=0", "unixServers")[0] == argument


# --- what means nothing

mistakes = pytest.mark.parametrize(
    ("from_string", "description", "kind"),
    [
        (serverFromString, "ftl:80", ValueError),
        (clientFromString, "ftl:80", ValueError),
        (serverFromString, "", ValueError),
        (serverFromString, "tcp:eighty", ValueError),
        (serverFromString, "unix:/s:mode=999", ValueError),
        (serverFromString, "tcp", TypeError),
        (serverFromString, "tcp:80:colour=red", TypeError),
        (serverFromString, "tcp:80:127.0.0.1:50:more", TypeError),
        (clientFromString, "tcp:127.0.0.1:eighty", ValueError),
    ],
)


@mistakes
def test_a_mistake_is_an_error_of_its_kind(from_string, description, kind):
    with pytest.raises(kind):
        from_string(MemoryReactorClock(), description)


@pytest.mark.own_promise("the words are ours")
@mistakes
def test_the_message_names_the_string_and_the_place(from_string, description, kind):
    with pytest.raises(kind) as caught:
        from_string(MemoryReactorClock(), description)
    assert repr(description) in str(caught.value) and "at character " in str(caught.value)


@pytest.mark.own_promise("the words are ours")
@pytest.mark.parametrize(
    ("description", "message"),
    [
        (
            "ftl:80",
            "Unknown endpoint type: 'ftl'; known are tcp, tcp6, unix, ssl, tls, systemd, stdio "
            "(at character 1 of 'ftl:80')",
        ),
        ("tcp:x:backlog=7", "port is a number from 0 to 65535, not 'x' (at character 5 of 'tcp:x:backlog=7')"),
        ("tcp:80:backlog=-1", "backlog is a whole number, not '-1' (at character 8 of 'tcp:80:backlog=-1')"),
        ("unix:/s:lockfile=yes", "lockfile is 1 or 0, not 'yes' (at character 9 of 'unix:/s:lockfile=yes')"),
        ("unix:/s:mode=rw", "mode is an octal number such as 660, not 'rw' (at character 9 of 'unix:/s:mode=rw')"),
        ("tcp:65536", "port is a number from 0 to 65535, not '65536' (at character 5 of 'tcp:65536')"),
        ("stdio:x", "no parameter for 'x'; there are none (at character 7 of 'stdio:x')"),
        (
            "unix:\\",
            "nothing follows the last backslash; write \\\\ for one of its own (at character 6 of 'unix:\\\\')",
        ),
    ],
)
def test_what_the_messages_say(description, message):
    with pytest.raises((ValueError, TypeError)) as caught:
        serverFromString(MemoryReactorClock(), description)
    assert str(caught.value) == message


@pytest.mark.own_promise("Twisted raises what comes up")
@pytest.mark.parametrize("seed", range(200))
def test_nonsense_is_an_endpoint_or_one_of_the_two_errors(seed):
    """A failure is replayed by its number: -k "nonsense and [N]"."""
    chance = random.Random(seed)
    words = ["tcp", "tcp6", "unix", "stdio", ":", ":", "=", "\\", "port", "host", "80", "-1", "", "é", "\0", "x" * 99]
    description = "".join(chance.choices(words, k=8))
    for from_string in (serverFromString, clientFromString):
        try:
            from_string(MemoryReactorClock(), chance.choice(["tcp:", "unix:", ""]) + description)
        except (ValueError, TypeError) as problem:
            assert "at character " in str(problem)
