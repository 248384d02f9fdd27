"""The simulated world as one of the loops that the suite runs on: each test has a world of its own, with one host."""

import socket
from pathlib import Path

from tests.support import oracle

TESTS = Path(__file__).parents[1]
PATIENCE_S = 100.0
NAME = "simulated"

A_LOOP_OF_OTHERS = "it is about loops that aren't ours"
CHILDREN = "it starts child processes"
DESCRIPTORS = "it watches descriptors of the machine"
LIMITS = "it takes the machine's descriptors away, and a simulated host has its own"
MEMORY = "it counts memory, and a simulated kernel's is in the same process"
FILES = "it looks at files on the disk; a simulated host keeps the names of its sockets to itself"
PEERS = "it talks to programs of the machine"
RESOLVER = "it makes the machine's own resolver hang, which isn't asked in the simulated world"
SIGNALS = "it sends signals"
THREADS = "it starts threads"

LEFT_OUT = {  # a file below tests/, or one test by its name, that needs what a simulated host has not
    "asyncioloop/test_loop.py": A_LOOP_OF_OTHERS,
    "asyncioloop/test_deferreds.py": A_LOOP_OF_OTHERS,
    "asyncioloop/test_libraries.py": A_LOOP_OF_OTHERS,
    "asyncioloop/test_runs.py": A_LOOP_OF_OTHERS,
    "asyncioloop/test_notebook.py": A_LOOP_OF_OTHERS,
    "core/guests/test_guest.py": A_LOOP_OF_OTHERS,
    "core/transports/test_adopting.py": DESCRIPTORS,
    "core/pollers/test_descriptors_of_others.py": DESCRIPTORS,
    "endpoints/test_programs.py": CHILDREN,
    "core/transports/test_unix_descriptors.py": DESCRIPTORS,
    "core/transports/test_unix_locks.py": FILES,
    "core/transports/test_stdio.py": DESCRIPTORS,
    "core/transports/test_stdio_kinds.py": DESCRIPTORS,
    "core/transports/test_serialport.py": DESCRIPTORS,
    "core/transports/test_process.py": CHILDREN,
    "modules/test_process_results.py": CHILDREN,
    "core/transports/test_process_surroundings.py": CHILDREN,
    "core/transports/test_process_terminal.py": CHILDREN,
    "core/system/test_reaping.py": CHILDREN,
    "test_a_socket_that_a_killed_program_has_left_is_taken_over": CHILDREN,
    "core/loop/test_signals.py": SIGNALS,
    "core/transports/test_socket_peers.py": PEERS,
    "core/transports/test_tls_peers.py": PEERS,
    "core/loop/test_threads.py": THREADS,
    "test_a_client_out_of_descriptors_is_told": LIMITS,
    "test_who_connects_and_says_nothing_costs_little_and_keeps_nobody_waiting": MEMORY,
    "modules/test_defer_to_thread.py": THREADS,
    "test_the_standard_librarys_server_is_understood": THREADS,
    "test_callLater_from_another_thread_is_refused_with_the_way_out": THREADS,
    "test_the_mode_is_the_files_whatever_the_umask_is": FILES,
    "test_the_mode_is_the_files": FILES,
    "test_everybody_may_connect_unless_said_otherwise": FILES,
    "test_stopListening_removes_the_file": FILES,
    "test_a_file_that_somebody_removed_is_no_error": FILES,
    "test_a_file_that_somebody_else_has_put_there_is_left_alone": FILES,
    "test_a_path_that_is_taken_cannot_be_listened_on": FILES,
    "test_a_factory_that_got_no_port_is_not_started": FILES,
    "test_a_path_that_cannot_be_is_CannotListenError": FILES,
    "test_the_timeout_of_an_attempt_includes_the_lookup": RESOLVER,
    "test_stopConnecting_during_a_lookup_leaves_no_timer": RESOLVER,
}


def here():
    """The name of this loop, in a list; Twisted has no simulated world."""
    return [] if oracle.installed() else [NAME]


def why_not(item):
    """Why this test isn't run in the simulated world; None if it is."""
    return LEFT_OUT.get(item.path.relative_to(TESTS).as_posix()) or LEFT_OUT.get(item.originalname)


def reactors(at_the_end):
    """A function that makes reactors on the one host of a new world, where the test's sockets are from now on too.

    at_the_end: called with a function and its arguments, for what must be tidied up after the test.
    """
    from reactor.sim import World

    world = World()
    world.host("alone")
    made = []

    def make():
        made.append(world.reactor("alone"))
        at_the_end(check_nothing_is_open, made[-1])
        return made[-1]

    for name, function in plain_sockets(world, made).items():
        at_the_end(setattr, socket, name, getattr(socket, name))
        setattr(socket, name, function)
    return make


def plain_sockets(world, made):
    """What the test finds in the module `socket`: plain sockets of the simulated host. made: the test's reactors."""
    from reactor.sim.plain_sockets import NAMES, PlainSockets

    def wait(condition, timeout):
        return world.wait_inside(condition, PATIENCE_S if timeout is None else timeout)

    class OfTheTest(PlainSockets):
        def open(self, family, type):
            skt = super().open(family, type)
            skt.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)  # Linux lets it grow by itself as far
            return skt

        def socketpair(self):
            """The reactor of the test can watch its ends: they are among its descriptors."""
            return PlainSockets(made[-1].system, wait).socketpair()

    of_the_test = OfTheTest(world.reactor("alone").system, wait)  # a program of its own
    return {name: getattr(of_the_test, name) for name in NAMES}


def check_nothing_is_open(reactor):
    assert len(reactor.system.descriptors) == 0, "the test has left simulated sockets open"
