"""Programs of asyncio on simulated hosts: unchanged, several in one world, each with its loop, and in steps."""

import asyncio
import shutil
import sys
import textwrap

import pytest

from reactor.sim import World
from tests.sim import asyncio_world
from tests.sim.test_determinism import PYODIDE, ROOT, run


@pytest.fixture
def world():
    with World(seed=1) as made:
        made.host("a")
        made.host("b")
        yield made


@pytest.fixture
def start(world, tmp_path):
    """Starts a program from its text."""
    count = iter(range(1000))

    def start_text(text, *args, host="a"):
        script = tmp_path / f"program{next(count)}.py"
        script.write_text("import asyncio, sys\n" + textwrap.dedent(text), "utf-8")
        return world.run(script, *args, host=host)

    return start_text


SHOUT = """
    async def shout(reader, writer):
        while line := await reader.readline():
            writer.write(line.upper())
        writer.close()

    async def main():
        async with await asyncio.start_server(shout, None, 7) as server:
            await server.serve_forever()

    asyncio.run(main())
"""
ASK = """
    async def main():
        reader, writer = await asyncio.open_connection(sys.argv[1], 7)
        writer.write(b"soup\\n")
        print(await reader.readline())
        writer.close()
        await writer.wait_closed()

    asyncio.run(main())
"""


def test_two_programs_of_asyncio_talk_and_neither_waits_inside_the_other(world, start):
    start(SHOUT, host="b")
    world.advance(1)
    clients = [start(ASK, address) for address in ("b", "10.0.0.2", "fd00::2")]
    assert [client.output for client in clients] == ["", "", ""], "each stopped where it waits, and we have gone on"
    world.run_until(lambda: not any(client.is_running for client in clients))
    assert [client.output for client in clients] == ["b'SOUP\\n'\n"] * 3
    assert {client.exit_code for client in clients} == {0}


WAYS = {
    "asyncio.run": "asyncio.run(main())",
    "a runner": "with asyncio.Runner() as runner:\n    runner.run(main())\n    runner.run(main())",
    "the current loop": "asyncio.get_event_loop_policy().get_event_loop().run_until_complete(main())",
    "a new loop, twice": (
        "for _ in range(2):\n    loop = asyncio.new_event_loop()\n    loop.run_until_complete(main())\n    loop.close()"
    ),
    "for ever": (
        "loop = asyncio.new_event_loop()\nloop.create_task(main()).add_done_callback(lambda task: loop.stop())\n"
        "loop.run_forever()\nloop.close()"
    ),
    "from a function": "def start():\n    asyncio.run(main())\nif __name__ == '__main__':\n    start()",
    "with our reactor": (
        "from reactor import reactor\nfrom reactor.asyncioloop import ReactorEventLoop\n"
        "loop = ReactorEventLoop(reactor)\nloop.create_task(main()).add_done_callback(lambda task: reactor.stop())\n"
        "reactor.run()\nloop.close()"
    ),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_loop_may_be_run_in_every_way_and_stops_where_it_would_wait(world, start, way):
    program = start("async def main():\n    print('in')\n    await asyncio.sleep(3600)\n    print('out')\n" + way)
    assert (program.output, program.is_running) == ("in\n", True)
    world.run_until(lambda: not program.is_running, patience_s=10_000)
    assert program.exit_code == 0 and program.output.endswith("out\n")
    assert program.stderr == "" and world.seconds() == pytest.approx(3600 * program.output.count("out"))


def test_timers_of_both_kinds_come_at_their_times_and_in_order(world, start):
    program = start(
        """
        from reactor import reactor
        from reactor.asyncioloop import ReactorEventLoop

        loop = ReactorEventLoop(reactor)
        for delay in (3, 1, 2):
            reactor.callLater(delay, lambda delay=delay: print("reactor", delay, loop.time()))
            loop.call_later(delay + 0.5, lambda delay=delay: print("asyncio", delay, reactor.seconds()))
        reactor.callLater(2.25, loop.call_soon, print, "asked from the other side", 2.25)
        loop.call_later(4, loop.stop)
        loop.run_forever()
        loop.close()
        """
    )
    world.run_until(lambda: not program.is_running)
    times = [float(line.split()[-1]) for line in program.output.splitlines()]
    assert times == pytest.approx([1, 1.5, 2, 2.25, 2.5, 3, 3.5])


def test_each_program_has_its_own_current_loop(world, start):
    text = "loop = asyncio.new_event_loop()\nasyncio.set_event_loop(loop)\nloop.run_until_complete(asyncio.sleep(5))\n"
    text += "assert asyncio.get_event_loop_policy().get_event_loop() is loop\nloop.close()"
    programs = [start(text), start(text, host="b")]
    world.advance(6)
    assert [program.exit_code for program in programs] == [0, 0], programs[1].output


def test_a_world_may_live_inside_a_running_loop_as_in_a_page_or_a_notebook(world, start):
    async def page():
        client = start(ASK, "b")
        world.run_until(lambda: not client.is_running)
        assert asyncio.current_task() is not None
        return client.output

    start(SHOUT, host="b")
    world.advance(1)
    assert asyncio.run(page()) == "b'SOUP\\n'\n"


# --- the end


def test_ctrl_c_cancels_the_main_task_whose_blocks_end_and_the_program_dies_of_it(world, start):
    program = start(
        """
        async def main():
            try:
                await asyncio.sleep(3600)
            finally:
                await asyncio.sleep(1)
                print("last orders")

        asyncio.run(main())
        """
    )
    program.interrupt()
    world.run_until(lambda: not program.is_running)
    assert program.stdout == "last orders\n" and program.exit_code == -2
    assert program.stderr.rstrip().endswith("KeyboardInterrupt") and "reactor/sim" not in program.stderr
    assert world.seconds() == pytest.approx(1)


def test_a_program_may_handle_ctrl_c_itself(world, start):
    program = start(
        """
        import signal

        async def main():
            closing = asyncio.Event()
            asyncio.get_running_loop().add_signal_handler(signal.SIGINT, closing.set)
            await closing.wait()
            print("closing")

        asyncio.run(main())
        """
    )
    world.advance(5)
    program.interrupt()
    world.run_until(lambda: not program.is_running)
    assert (program.output, program.exit_code) == ("closing\n", 0)


def test_a_handler_of_the_module_signal_is_called_too(world, start):
    program = start(
        """
        import signal
        from reactor import reactor
        before = signal.signal(signal.SIGINT, lambda number, frame: print("no", number == signal.SIGINT))
        print(before is signal.default_int_handler, signal.getsignal(signal.SIGTERM) is signal.SIG_DFL)
        reactor.run()
        """
    )
    program.interrupt()
    assert program.is_running and program.output == "True True\nno True\n"


def test_a_program_may_send_itself_a_signal_or_ignore_it(start):
    program = start(
        """
        import os, signal
        signal.signal(signal.SIGTERM, lambda number, frame: print("asked to end"))
        os.kill(os.getpid(), signal.SIGTERM)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.raise_signal(signal.SIGTERM)
        os.kill(os.getpid(), 0)
        signal.raise_signal(signal.SIGINT)
        """
    )
    assert (program.stdout, program.exit_code) == ("asked to end\n", -2)


def test_what_cannot_be_a_handler_of_a_signal_is_refused(start):
    program = start("import signal\nsignal.signal(signal.SIGINT, 5)")
    assert "TypeError" in program.stderr


def test_a_program_that_is_killed_gets_no_more_time(world, start):
    program = start(
        """
        async def stubborn():
            while True:
                try:
                    await asyncio.sleep(3600)
                except asyncio.CancelledError:
                    print("not me")

        async def main():
            await asyncio.gather(stubborn(), asyncio.sleep(3600))

        asyncio.run(main())
        """
    )
    program.kill()
    assert program.exit_code == -9 and world.seconds() == 0
    assert "not me" in program.stdout
    assert not list(program.reactor.system.descriptors), "the kernel has closed all"


def test_a_loop_that_its_program_leaves_open_is_closed_without_a_word(start):
    program = start("loop = asyncio.new_event_loop()\nloop.run_until_complete(asyncio.sleep(0))")
    assert (program.exit_code, program.output) == (0, "")


# --- what needs a thread


def test_work_for_a_thread_is_done_in_a_turn_of_its_own(world, start):
    program = start(
        """
        def work(number):
            print("works")
            return 10 / number

        async def main():
            asked = [asyncio.create_task(asyncio.to_thread(work, number)) for number in (2, 0)]
            await asyncio.sleep(0)
            print("asked")
            print(await asked[0])
            await asked[1]

        asyncio.run(main())
        """
    )
    world.run_until(lambda: not program.is_running)
    assert program.stdout == "asked\nworks\nworks\n5.0\n"
    assert "ZeroDivisionError" in program.stderr


def test_another_process_is_refused_and_says_so(world, start):
    program = start(
        """
        import concurrent.futures

        async def main():
            with concurrent.futures.ProcessPoolExecutor() as pool:
                await asyncio.get_running_loop().run_in_executor(pool, print)

        asyncio.run(main())
        """
    )
    world.run_until(lambda: not program.is_running)
    assert "has nothing but itself to run on" in program.stderr


# --- libraries, as they are

SSH_SERVER = """
    import asyncssh

    class LetsGuestIn(asyncssh.SSHServer):
        def begin_auth(self, username):
            return username != "guest"

    async def shell(process):
        process.stdout.write(f"you said {process.command}, and {await process.stdin.read()}")
        process.exit(3)

    async def main():
        key = asyncssh.generate_private_key("ssh-ed25519")
        options = {"server_factory": LetsGuestIn, "server_host_keys": [key], "process_factory": shell}
        await (await asyncssh.listen("", 22, **options)).wait_closed()

    asyncio.run(main())
"""
SSH_CLIENT = """
    import asyncssh

    async def main():
        nothing = {"known_hosts": None, "client_keys": None, "config": None}
        async with asyncssh.connect("b", username="guest", **nothing) as connection:
            result = await connection.run("moo", input="meow")
            print(result.stdout, result.exit_status)

    asyncio.run(main())
"""
WEB_SERVER = """
    from aiohttp import web

    async def greet(request):
        return web.Response(text=f"hello {request.match_info['name']}")

    async def main():
        app = web.Application()
        app.add_routes([web.get("/{name}", greet)])
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "0.0.0.0", 80).start()
        await asyncio.Event().wait()

    asyncio.run(main())
"""
WEB_CLIENT = """
    import aiohttp

    async def main():
        async with aiohttp.ClientSession() as session, session.get("http://b/bob") as answer:
            print(answer.status, await answer.text())

    asyncio.run(main())
"""
PARROT = """
    import websockets

    async def parrot(socket):
        async for message in socket:
            await socket.send(message.upper())

    async def main():
        async with websockets.serve(parrot, "", 80):
            await asyncio.Event().wait()

    asyncio.run(main())
"""
OWNER = """
    import websockets

    async def main():
        async with websockets.connect("ws://b/", proxy=None) as socket:
            await socket.send("polly")
            print(await socket.recv())

    asyncio.run(main())
"""
LIBRARIES = {
    "asyncssh": (SSH_SERVER, SSH_CLIENT, "you said moo, and meow 3\n"),
    "aiohttp": (WEB_SERVER, WEB_CLIENT, "200 hello bob\n"),
    "websockets": (PARROT, OWNER, "POLLY\n"),
}


@pytest.mark.parametrize(("server", "client", "printed"), LIBRARIES.values(), ids=LIBRARIES)
def test_a_library_for_asyncio_serves_itself_over_a_link_that_loses_packets(world, start, server, client, printed):
    world.link("a", "b", latency_s=0.03, loss=0.1, shred=0.2)
    start(server, host="b")
    world.advance(1)
    asking = start(client)
    world.run_until(lambda: not asking.is_running)
    assert asking.output == printed


# --- the same each time, and everywhere


def test_the_same_seed_makes_the_same_world_in_another_process_with_other_hashes():
    mine = asyncio_world.main(1)
    assert mine.count("\n") > 100 and "(lost)" in mine
    assert run(sys.executable, "tests/sim/asyncio_world.py", "1", PYTHONHASHSEED="5") == mine
    assert asyncio_world.main(2) != mine


def test_its_programs_see_the_same_in_pyodide():
    if not (PYODIDE / "pyodide.mjs").exists() or shutil.which("node") is None:
        pytest.skip("Pyodide is not installed: tools/pyodide does it")
    theirs = run("node", "tests/sim/pyodide.mjs", str(PYODIDE), str(ROOT), "tests/sim/asyncio_world.py", "1")
    assert theirs.splitlines()[-3:] == asyncio_world.main(1).splitlines()[-3:]
