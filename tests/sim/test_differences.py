"""Every difference that DIFFERENCES.md lists is one, and every one that is looked at here is listed."""

import array
import os
import re
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import reactor.sim
from reactor.sim import World
from tests.sim.kernels import RealKernel, SimulatedKernel, connected, error_of

LISTED = re.findall(
    r"^- \*\*(.+?)\*\*:", Path(reactor.sim.__file__).with_name("DIFFERENCES.md").read_text("utf-8"), re.M
)

TCP_INFO = 11


def buffers_keep_their_size(kernel):
    client, _ = connected(kernel)
    sent = 0
    while not (error := error_of(lambda: client.send(bytes(65536)))) and sent < 1_000_000:
        sent += 65536
    return error


def free_ports_come_in_order(kernel):
    numbers = []
    for _ in range(5):
        skt = kernel.tcp()
        skt.bind(("127.0.0.1", 0))
        numbers.append(skt.getsockname()[1])
    return numbers == [numbers[0] + i for i in range(5)]


def any_option_is_taken(kernel):
    return error_of(kernel.tcp().setsockopt, socket.SOL_SOCKET, 12345, 1)


def details_of_TCP_are_not_told(kernel):
    return len(connected(kernel)[0].getsockopt(socket.IPPROTO_TCP, TCP_INFO, 100))


def no_file_is_made_for_a_UNIX_socket(kernel):
    with tempfile.TemporaryDirectory() as folder:
        kernel.unix().bind(f"{folder}/door")
        return os.path.exists(f"{folder}/door")


def no_descriptors_are_handed_over(kernel):
    with tempfile.TemporaryDirectory() as folder:
        door, client = kernel.unix(), kernel.unix()
        door.bind(f"{folder}/door")
        door.listen()
        client.connect(f"{folder}/door")
        return error_of(client.sendmsg, [b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0]))])


def urgent_data_stays_in_line(kernel):
    client, server = connected(kernel)
    client.send(b"!", socket.MSG_OOB)
    kernel.until(lambda: kernel.mask(server))
    return error_of(server.recv, 1)


def sockets_dont_block(kernel):
    try:
        kernel.tcp().setblocking(True)
    except reactor.sim.SimulationError as error:
        return str(error)
    return ""


OF_SOCKETS = [
    buffers_keep_their_size,
    free_ports_come_in_order,
    any_option_is_taken,
    details_of_TCP_are_not_told,
    no_file_is_made_for_a_UNIX_socket,
    no_descriptors_are_handed_over,
    urgent_data_stays_in_line,
    sockets_dont_block,
]

OF_PROGRAMS = {  # each prints something else on a simulated host
    "time.sleep is an error": "import time\ntime.sleep(0.001)\nprint('awake')",
    "there are no threads": "import threading\nthreading.Thread(target=print, args=('hello',)).start()",
    "there are no child processes": "import subprocess, sys\nprint(subprocess.run([sys.executable, '-V']).returncode)",
    "there are no other processes": "import os\nos.kill(os.getppid(), 0)\nprint('it is there')",
    "the clock is the world's": "import time\nprint(time.time() < 1.1e9)",
    "random numbers are the seed's": (
        "import os, random, secrets\nprint(random.random(), os.urandom(8), secrets.token_hex())"
    ),
    "the resolver knows the world's hosts": "import socket\nprint(socket.gethostbyname('b'))",
}


def name(look):
    return look if isinstance(look, str) else look.__name__.replace("_", " ").replace("dont", "don't")


def on_the_machine(script):
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def in_a_world(script):
    with World() as world:
        world.host("a")
        world.host("b")
        program = world.run(script, host="a")
        return program.exit_code, program.stdout


def test_the_list_is_what_is_looked_at():
    assert [*map(name, OF_SOCKETS), *OF_PROGRAMS] == LISTED


@pytest.mark.skipif(sys.platform != "linux", reason="it is Linux that is simulated")
@pytest.mark.parametrize("look", OF_SOCKETS, ids=name)
def test_sockets_differ(look):
    found = []
    for kind in (RealKernel, SimulatedKernel):
        kernel = kind()
        found.append(look(kernel))
        kernel.close()
    assert found[0] != found[1], "this is no difference any more: cross it out in DIFFERENCES.md, and here"


@pytest.mark.parametrize("what", OF_PROGRAMS)
def test_programs_differ(what, tmp_path):
    script = tmp_path / "program.py"
    script.write_text(OF_PROGRAMS[what], "utf-8")
    found = in_a_world(script)
    assert found != on_the_machine(script), "this is no difference any more: cross it out in DIFFERENCES.md, and here"
    assert found == in_a_world(script)
