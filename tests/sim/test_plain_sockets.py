"""Plain sockets in simulated programs: they wait, and the world goes on meanwhile."""

import textwrap

import pytest

from reactor.sim import World


@pytest.fixture
def world():
    with World() as made:
        made.host("a")
        made.host("b")
        yield made


@pytest.fixture
def start(world, tmp_path):
    """Starts a program from its text."""
    count = iter(range(1000))

    def run(text, host="a"):
        script = tmp_path / f"program{next(count)}.py"
        script.write_text(textwrap.dedent(text), "utf-8")
        return world.run(script, host=host)

    return run


ECHO = """
    from reactor import protocol, reactor

    class Echo(protocol.Protocol):
        def dataReceived(self, data):
            self.transport.write(data)

    reactor.listenTCP(7, protocol.ServerFactory.forProtocol(Echo))
    reactor.run()
"""


def test_a_client_with_a_plain_socket_talks_to_a_reactor_on_another_host(start):
    start(ECHO, host="b")
    client = start(
        """
        import socket, time
        began = time.monotonic()
        with socket.create_connection(("b", 7), timeout=5) as connection:
            connection.sendall(b"hello")
            print(connection.recv(100), connection.getpeername(), time.monotonic() > began)
        """
    )
    assert client.output == "b'hello' ('10.0.0.2', 7) True\n" and client.exit_code == 0


def test_more_than_the_buffers_hold_is_sent_and_read(start):
    start(ECHO, host="b")
    client = start(
        """
        import socket
        connection = socket.socket()
        connection.connect(("b", 7))
        connection.setblocking(False)
        sent = received = 0
        while received < 1_000_000:
            for action in ("send", "recv"):
                try:
                    if action == "send" and sent < 1_000_000:
                        sent += connection.send(bytes(1_000_000 - sent))
                    elif action == "recv":
                        connection.settimeout(1)
                        received += len(connection.recv(65536))
                except BlockingIOError:
                    pass
                connection.setblocking(False)
        print(sent, received)
        """
    )
    assert client.output == "1000000 1000000\n"


def test_a_server_with_a_plain_socket_waits_for_its_client(world, start):
    client_text = """
        from reactor import protocol, reactor

        class Hello(protocol.Protocol):
            def connectionMade(self):
                self.transport.write(b"hello")
                self.transport.loseConnection()

        class Factory(protocol.ClientFactory):
            protocol = Hello

        reactor.callLater(1, reactor.connectTCP, "a", 7, Factory())
        reactor.callLater(2, reactor.stop)
        reactor.run()
    """
    start(client_text, host="b")
    server = start(
        """
        import socket
        with socket.create_server(("", 7)) as door:
            connection, address = door.accept()
            print(address[0], connection.recv(10), connection.recv(10))
            connection.close()
        """
    )
    assert server.output == "10.0.0.2 b'hello' b''\n"


FAILURES = {
    "nobody listens": ("socket.create_connection(('a', 1))", "ConnectionRefusedError"),
    "no such name": ("socket.create_connection(('nosuch', 1))", "gaierror"),
    "nobody comes": ("s = socket.create_server(('', 7))\ns.settimeout(30)\ns.accept()", "TimeoutError: timed out"),
    "nothing to read": ("s = socket.create_server(('', 7))\ns.setblocking(False)\ns.accept()", "BlockingIOError"),
    "for ever": ("socket.create_server(('', 7)).accept()", "a call waits for ever"),
    "a pair": ("one, other = socket.socketpair()\none.close()\nprint(other.recv(1))\nother.send(b'x')", "BrokenPipe"),
    "a descriptor": ("socket.socket(fileno=3)", "open one"),
    "packets": ("socket.socket(socket.AF_INET, socket.SOCK_RAW)", "Address family not supported"),
}


@pytest.mark.parametrize(("text", "error"), FAILURES.values(), ids=FAILURES)
def test_what_goes_wrong_is_what_goes_wrong_in_life(start, text, error):
    program = start(f"import socket\n{text}")
    assert error in program.stderr and program.exit_code == 1


def test_datagrams_and_unix_sockets_wait_too(start):
    program = start(
        """
        import socket
        one, other = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        one.bind(("10.0.0.1", 53))
        other.sendto(b"question", ("a", 53))
        print(one.recvfrom(100)[0])
        door = socket.socket(socket.AF_UNIX)
        door.bind("door")
        door.listen()
        client = socket.socket(socket.AF_UNIX)
        client.connect("door")
        client.sendall(b"knock")
        print(door.accept()[0].recv(100))
        """
    )
    assert program.output == "b'question'\nb'knock'\n"


def test_names_are_the_worlds(start):
    program = start(
        """
        import socket
        print(socket.gethostname(), socket.gethostbyname("b"), socket.gethostbyname("10.0.0.9"))
        for found in socket.getaddrinfo("b", "http", type=socket.SOCK_STREAM):
            print(found[0].name, found[2], found[4])
        print(len(socket.getaddrinfo("localhost", 80)), socket.getaddrinfo("::1", "7", socket.AF_INET))
        socket.getaddrinfo("nosuch", 80)
        """
    )
    lines = program.stdout.splitlines()
    assert lines[0] == "a 10.0.0.2 10.0.0.9"
    assert lines[1:3] == ["AF_INET6 6 ('fd00::2', 80, 0, 0)", "AF_INET 6 ('10.0.0.2', 80)"]
    assert lines[3] == "4 []"
    assert "Name or service not known" in program.stderr


def test_a_program_may_be_one_of_asyncio(world, start):
    start(ECHO, host="b")
    program = start(
        """
        import asyncio
        from reactor import reactor
        from reactor.asyncioloop import ReactorEventLoop

        async def talk():
            reader, writer = await asyncio.open_connection("10.0.0.2", 7)
            writer.write(bytes(1_000_000))
            print(len(await reader.readexactly(1_000_000)))
            await asyncio.sleep(3600)
            writer.close()
            await writer.wait_closed()

        loop = ReactorEventLoop(reactor)
        loop.run_until_complete(talk())
        loop.close()
        """
    )
    world.run_until(lambda: not program.is_running, patience_s=7200)
    assert program.output == "1000000\n" and program.exit_code == 0
    assert world.seconds() > 3600


def test_a_socket_as_a_file_keeps_the_connection_until_both_are_closed(start):
    start(ECHO, host="b")
    client = start(
        """
        import socket
        connection = socket.create_connection(("b", 7))
        with connection, connection.makefile("rw") as lines:
            connection.close()
            lines.write("soup\\n")
            lines.flush()
            print(lines.readline(), connection.fileno() >= 0)
        print(connection.fileno())
        """
    )
    assert client.output == "soup\n True\n-1\n", client.output


def test_clients_of_the_standard_library_ask_a_reactor(start):
    start(
        """
        from reactor import reactor
        from reactor.web.resource import Resource
        from reactor.web.server import Site
        from reactor.web.static import Data
        root = Resource()
        root.putChild(b"menu", Data(b"soup", "text/plain"))
        reactor.listenTCP(80, Site(root))
        reactor.run()
        """,
        host="b",
    )
    client = start(
        """
        from urllib.request import urlopen
        with urlopen("http://b/menu") as page:
            print(page.status, page.read())
        """
    )
    assert client.output == "200 b'soup'\n", client.output
