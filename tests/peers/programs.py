"""Programs of others that run to their end, in a thread, while the reactor of the test turns."""

import subprocess
import threading

from tests.peers.packages import path_of
from tests.support.loopback import run_until

DEADLINE_S = 30.0


def meanwhile(reactor, function, *args):
    """What `function` returns, in a thread of its own, while the loop turns. Raises what it raises."""
    results = []

    def work():
        try:
            results.append((function(*args), None))
        except BaseException as problem:
            results.append((None, problem))
        reactor.callFromThread(lambda: None)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        run_until(reactor, lambda: results, DEADLINE_S)
    finally:
        thread.join(DEADLINE_S)
    result, problem = results[0]
    if problem is not None:
        raise problem
    return result


def run_program(reactor, *command, **options):
    """Run a program to its end, at most 30 s. Returns subprocess's CompletedProcess, with its output as bytes."""
    name, *words = map(str, command)

    def work():
        return subprocess.run(
            [path_of(name) or name, *words], **{"capture_output": True, "timeout": DEADLINE_S, **options}
        )

    return meanwhile(reactor, work)
