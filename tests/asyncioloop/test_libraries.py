"""Libraries that were written for asyncio, as they are, on the reactor's loop.

Each test also asks an echo server of the reactor's own, while the library's connection is open: one loop serves both.
"""

import asyncio
import email.message
import smtplib
import ssl

import aiohttp.web
import aiosmtpd.controller
import asyncssh
import pytest
import trustme
import websockets

from tests.support.twoworlds import ON_THE_BEST_POLLER, echo_port, finish, say, two_worlds

pytestmark = ON_THE_BEST_POLLER


@pytest.fixture
def loop(reactor):
    with two_worlds(reactor) as loop:
        loop.set_debug(False)  # with it, asyncssh and aiohttp report their own habits
        yield loop


@pytest.fixture
def echo(reactor):
    """The number of the port of a server of the reactor's own."""
    return echo_port(reactor)[1]


@pytest.fixture(scope="module")
def certificates():
    """A server's context and a client's, for 127.0.0.1."""
    authority = trustme.CA()
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.issue_cert("127.0.0.1").configure_cert(server)
    authority.configure_trust(client)
    return server, client


def port_of(server):
    return server.sockets[0].getsockname()[1]


# --- asyncssh


class LetsGuestIn(asyncssh.SSHServer):
    def begin_auth(self, username):
        return username != "guest"


async def shell(process):
    """What runs on the server for a client's command."""
    process.stdout.write(f"you said {process.command}, and {await process.stdin.read()}")
    process.exit(3)


def ssh_server(**options):
    key = asyncssh.generate_private_key("ssh-ed25519")
    return asyncssh.listen(
        "127.0.0.1", 0, server_factory=LetsGuestIn, server_host_keys=[key], process_factory=shell, **options
    )


def ssh_client(server):
    return asyncssh.connect(
        "127.0.0.1", server.get_port(), username="guest", known_hosts=None, client_keys=None, config=None
    )


def test_asyncssh_runs_a_command_on_its_own_server(loop, echo):
    async def main():
        async with ssh_server() as server, ssh_client(server) as connection:
            result = await connection.run("moo", input="meow")
            return result.stdout, result.exit_status, await say(echo)

    assert finish(loop, main()) == ("you said moo, and meow", 3, b"hello\n")


def test_asyncssh_copies_files_by_sftp(loop, echo, tmp_path):
    async def main():
        (tmp_path / "here").write_bytes(b"x" * 300_000)
        async with (
            ssh_server(sftp_factory=True) as server,
            ssh_client(server) as connection,
            connection.start_sftp_client() as sftp,
        ):
            await sftp.put(tmp_path / "here", tmp_path / "there")
            await sftp.rename(tmp_path / "there", tmp_path / "back")
            return sorted(await sftp.listdir(tmp_path)), await say(echo)

    names, answer = finish(loop, main())
    assert names == [".", "..", "back", "here"] and answer == b"hello\n"
    assert (tmp_path / "back").read_bytes() == b"x" * 300_000


# --- aiosmtpd


class Mailbox:
    def __init__(self):
        self.letters = []

    async def handle_DATA(self, server, session, envelope):
        self.letters.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 thank you"


def test_aiosmtpd_takes_a_letter_from_smtplib(loop, echo):
    """smtplib blocks, so it has a thread; the server shares ours with the echo."""

    def post(port):
        letter = email.message.EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = "guest@example.com", "cook@example.com", "soup"
        letter.set_content("There is a fly in it.\n")
        with smtplib.SMTP("127.0.0.1", port) as connection:
            connection.send_message(letter)

    async def main():
        server = await loop.create_server(lambda: aiosmtpd.smtp.SMTP(mailbox, loop=loop), "127.0.0.1", 0)
        async with server:
            await asyncio.gather(loop.run_in_executor(None, post, port_of(server)), say(echo))

    mailbox = Mailbox()
    finish(loop, main())
    ((sender, recipients, content),) = mailbox.letters
    assert (sender, recipients) == ("guest@example.com", ["cook@example.com"])
    assert content.endswith(b"There is a fly in it.\r\n")


# --- aiohttp


async def greet(request):
    return aiohttp.web.Response(text=f"hello {request.match_info['name']}")


async def parrot(request):
    socket = aiohttp.web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        await socket.send_str(message.data.upper())
    return socket


async def serve_http(**options):
    """A server that runs; its runner, to be cleaned up, and its port."""
    app = aiohttp.web.Application()
    app.add_routes([aiohttp.web.get("/parrot", parrot), aiohttp.web.get("/{name}", greet)])
    runner = aiohttp.web.AppRunner(app)
    await runner.setup()
    await aiohttp.web.TCPSite(runner, "127.0.0.1", 0, **options).start()
    return runner, runner.addresses[0][1]


def test_aiohttp_serves_and_asks(loop, echo):
    async def main():
        runner, port = await serve_http()
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/world") as response:
                words = await response.text()
            async with session.ws_connect(f"http://127.0.0.1:{port}/parrot") as socket:
                await socket.send_str("polly")
                said = await socket.receive_str()
            answer = await say(echo)
        await runner.cleanup()
        return words, said, answer

    assert finish(loop, main()) == ("hello world", "POLLY", b"hello\n")


def test_aiohttp_serves_and_asks_over_tls(loop, echo, certificates):
    async def main():
        server, client = certificates
        runner, port = await serve_http(ssl_context=server)
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"https://127.0.0.1:{port}/world", ssl=client) as response,
        ):
            words = await response.text(), await say(echo)
        await runner.cleanup()
        return words

    assert finish(loop, main()) == ("hello world", b"hello\n")


# --- websockets


def test_websockets_talk(loop, echo):
    async def reverse(connection):
        async for message in connection:
            await connection.send(message[::-1])

    async def main():
        async with (
            websockets.serve(reverse, "127.0.0.1", 0) as server,
            websockets.connect(f"ws://127.0.0.1:{port_of(server)}", proxy=None) as connection,
        ):
            await connection.send("doom")
            return await connection.recv(), await say(echo)

    assert finish(loop, main()) == ("mood", b"hello\n")


# --- the standard library


def test_a_stream_turns_to_tls_on_the_way(loop, echo, certificates):
    server_context, client_context = certificates

    async def serve(reader, writer):
        writer.write(await reader.readline())
        await writer.start_tls(server_context)
        writer.write((await reader.readline()).upper())
        writer.close()
        await writer.wait_closed()

    async def main():
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", port_of(server))
            writer.write(b"plain\n")
            plain = await reader.readline()
            await writer.start_tls(client_context, server_hostname="127.0.0.1")
            writer.write(b"secret\n")
            secret = await reader.read()
            writer.close()
            await writer.wait_closed()
            return plain, secret, await say(echo)

    assert finish(loop, main()) == (b"plain\n", b"SECRET\n", b"hello\n")
