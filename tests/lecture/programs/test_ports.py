"""What programs are told about ports, and what the kernel is: the one as written, and one of the session's own."""

from __future__ import annotations

import os
import random
import socket
import threading

import pytest

from lecture.programs.processes.ports import BLOCK, PortLease, is_listening
from tests.support.example_folder import Folder


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


def output(folder: Folder, program: str) -> list[str]:
    """The lines that a program prints which ends by itself."""
    folder.write("a", "$ python a.py\n[..]\n", a=program)
    return folder.outputs("a")[0].splitlines()


def test_two_leases_have_no_port_in_common():
    first, second = PortLease(), PortLease()
    try:
        assert first.real and second.real
        assert not set(first.real) & set(second.real)
    finally:
        first.close()
        second.close()


@pytest.fixture
def one_block(monkeypatch):
    """There is one block of ports only, and no other run of anything on this machine leases it."""
    first = random.randrange(10_000, 20_000, BLOCK)
    monkeypatch.setattr("lecture.programs.processes.ports._region", lambda: range(first, first + 1))


def test_a_port_that_somebody_uses_is_not_leased(one_block):
    lease = PortLease()
    port = lease.real[3]
    lease.close()
    with socket.create_server(("127.0.0.1", port)):
        again = PortLease()
        again.close()
        assert is_listening(port)
    assert set(lease.real) - set(again.real) == {port}
    assert not is_listening(port)


def test_when_every_block_is_taken_the_message_says_so(one_block):
    lease = PortLease()
    try:
        with pytest.raises(OSError, match="all 1 blocks of ports"):
            PortLease()
    finally:
        lease.close()


def test_a_program_sees_the_ports_it_wrote_and_the_kernel_has_others(folder):
    program = """\
        import socket, _socket
        listener = socket.create_server(("127.0.0.1", 7771))
        client = socket.socket()
        client.bind(("127.0.0.1", 7772))
        client.connect(("localhost", 7771))
        server, address = listener.accept()
        print(listener.getsockname(), address, server.getpeername(), client.getpeername(), client.getsockname())
        real = {_socket.socket.getsockname(each)[1] for each in (listener, client)}
        print(len(real), real & {7771, 7772})
        for each in (listener, client, server): each.close()
    """
    at = "('127.0.0.1', 777{})"
    assert output(folder, program) == [" ".join(at.format(n) for n in (1, 2, 2, 1, 2)), "2 set()"]


def test_ipv6_addresses_keep_their_other_parts(folder):
    program = """\
        import socket
        listener = socket.create_server(("::1", 7771), family=socket.AF_INET6)
        client = socket.create_connection(("::1", 7771))
        print(listener.getsockname(), client.getpeername())
        listener.close(); client.close()
    """
    assert output(folder, program) == ["('::1', 7771, 0, 0) ('::1', 7771, 0, 0)"]


def test_datagrams_go_by_the_ports_as_written_and_are_answered(folder):
    program = """\
        import socket
        one, two = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in "12")
        one.bind(("127.0.0.1", 7771))
        two.bind(("127.0.0.1", 7772))
        free = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        free.sendto(b"hi", ("127.0.0.1", 7771))
        data, address = one.recvfrom(10)
        one.sendto(data, 0, address)
        print(free.recvfrom(10))
        two.sendmsg([b"ho"], [], 0, ("127.0.0.1", 7771))
        print(one.recvmsg(10)[-1], one.sendto(b"", ("127.0.0.1", 7772)))
        print(two.recvfrom_into(bytearray(9)))
        for each in (one, two, free): each.close()
    """
    assert output(folder, program) == [
        "(b'hi', ('127.0.0.1', 7771))",
        "('127.0.0.1', 7772) 0",
        "(0, ('127.0.0.1', 7771))",
    ]


def test_a_port_chosen_by_the_kernel_is_left_alone_in_other_processes_too(folder):
    folder.write(
        "a",
        "$ python server.py &\n[..]\n$ python client.py\n[..]\n$ wait %1\n",
        server="""\
            import socket
            with socket.create_server(("127.0.0.1", 0)) as listener:
                with open("port", "w") as file: print(listener.getsockname()[1], file=file)
                print("up")
                listener.accept()[0].close()
        """,
        client="""\
            import socket
            with open("port") as file: port = int(file.read())
            with socket.create_connection(("127.0.0.1", port)) as client:
                print(client.getpeername()[1] == port, client.recv(10))
        """,
    )
    assert folder.outputs("a")[1] == "True b''\n"


def test_a_port_that_nobody_listens_on_refuses_and_the_message_has_the_port_as_written(folder):
    program = """\
        import asyncio, socket
        with socket.socket() as each: print(each.connect_ex(("127.0.0.1", 7771)))
        try: asyncio.run(asyncio.open_connection("127.0.0.1", 7772))
        except ConnectionRefusedError as error: print(error)
    """
    assert output(folder, program) == ["111", "[Errno 111] Connect call failed ('127.0.0.1', 7772)"]


def test_a_port_bound_twice_is_in_use_until_the_first_is_closed(folder):
    program = """\
        import socket
        first = socket.create_server(("127.0.0.1", 7771))
        try: socket.create_server(("127.0.0.1", 7771))
        except OSError as error: print(error)
        first.close()
        with socket.create_server(("127.0.0.1", 7771)) as again: print(again.getsockname())
    """
    assert output(folder, program) == [
        "[Errno 98] Address already in use (while attempting to bind on address ('127.0.0.1', 7771))",
        "('127.0.0.1', 7771)",
    ]


def test_a_port_is_in_use_for_another_process_too(folder):
    server = (
        "import socket, signal\nlistener = socket.create_server(('127.0.0.1', 7771))\nprint('up')\nsignal.pause()\n"
    )
    folder.write("a", "$ python a.py &\nup\n[..]\n[exit 130]\n$ python a.py\n[..]\n[exit 1]\n", a=server)
    assert "in use" in folder.outputs("a")[1]


def test_two_sessions_use_the_same_port_at_the_same_time_without_noticing(folder, tmp_path):
    server = """\
        import socket
        with socket.create_server(("127.0.0.1", 7771)) as listener:
            print("up")
            connection, _ = listener.accept()
            print(connection.recv(10).decode())
            connection.close()
    """
    os.mkfifo(tmp_path / "meeting")
    for name, mode in (("a", "r"), ("b", "w")):
        client = f"""\
            import socket
            open({str(tmp_path / "meeting")!r}, {mode!r}).close()  # returns when the other session is here too
            with socket.create_connection(("127.0.0.1", 7771)) as connection: connection.sendall(b"it is {name}")
        """
        folder.write(
            name, "$ python server.py &\nup\n[..]\n$ python client.py\n$ wait %1\n", server=server, client=client
        )
    examples = folder.examples()
    threads = [threading.Thread(target=lambda name=name: examples.verify(name)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [folder.outputs(name)[0] for name in "ab"] == ["up\nit is a\n", "up\nit is b\n"]


def test_addresses_that_are_wrong_get_the_kernels_own_complaint(folder):
    program = """\
        import socket
        with socket.socket() as each:
            for address in (7771, ("127.0.0.1",), ("127.0.0.1", "http"), ("127.0.0.1", 99999), (None, 1)):
                try: each.connect(address)
                except (TypeError, OverflowError) as error: print(error)
    """
    kernel = []
    with socket.socket() as each:
        for address in (7771, ("127.0.0.1",), ("127.0.0.1", "http"), ("127.0.0.1", 99999), (None, 1)):
            with pytest.raises((TypeError, OverflowError)) as caught:
                each.connect(address)
            kernel.append(str(caught.value))
    assert output(folder, program) == kernel


def test_unix_sockets_pass_untouched(folder):
    program = """\
        import socket
        one, two = socket.socketpair()
        print(repr(one.getsockname()), repr(one.getpeername()))
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("here"); listener.listen(); print(listener.getsockname())
        one.close(); two.close()
    """
    assert output(folder, program) == ["'' ''", "here"]


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_processes_that_a_program_starts_are_in_the_same_world(folder, method):
    program = f"""\
        import multiprocessing, socket
        def call(): socket.create_connection(("127.0.0.1", 7771)).close()
        if __name__ == "__main__":
            with socket.create_server(("127.0.0.1", 7771)) as listener:
                process = multiprocessing.get_context("{method}").Process(target=call)
                process.start()
                listener.accept()[0].close()
                print("called")
                process.join()
    """
    assert output(folder, program) == ["called"]


@pytest.mark.parametrize("how", ["uncaught", "thread", "traceback", "logging", "chained"])
def test_no_frame_of_ours_is_in_a_traceback(folder, how):
    program = {
        "uncaught": "connect()",
        "thread": "import threading\nt = threading.Thread(target=connect)\nt.start()\nt.join()",
        "traceback": "import traceback\ntry: connect()\nexcept OSError: traceback.print_exc()",
        "logging": "import logging\ntry: connect()\nexcept OSError: logging.exception('x')",
        "chained": "try: connect()\nexcept OSError as error: raise ValueError('x') from error",
    }[how]
    start = "import socket\ndef connect():\n    with socket.socket() as each: each.connect(('127.0.0.1', 7771))\n"
    folder.write(
        "a", f"$ python a.py\n[..]\n{'[exit 1]' if how in ('uncaught', 'chained') else ''}\n", a=start + program
    )
    shown = folder.outputs("a")[0]
    assert "ConnectionRefusedError: [Errno 111] Connection refused" in shown
    assert 'File "a.py", line 3, in connect' in shown
    assert "sitecustomize" not in shown


def test_the_machines_own_sitecustomize_still_runs(folder, tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.theirs = True\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert output(folder, "import sys\nprint(sys.theirs)\n") == ["True"]


def test_a_program_starts_with_no_file_open_that_is_ours(folder):
    assert output(folder, "import os, socket\nwith socket.socket() as each: print(each.fileno())\n") == ["3"]


def test_more_ports_than_a_session_has_are_refused_by_name(folder):
    program = "import socket\nfor port in range(7000, 7100):\n    socket.create_server(('127.0.0.1', port)).close()\n"
    folder.write("a", "$ python a.py\n[..]\n[exit 1]\n", a=program)
    assert "RuntimeError: a session of a lecture may use" in folder.outputs("a")[0]
