"""The misfortunes that can happen in the middle of a run."""

from __future__ import annotations

import errno


def befall(run, trouble):
    """Let the trouble happen, and note the talks that can't be expected to go well any more."""
    _KINDS[trouble.kind](run, trouble)


def _cut(run, trouble):
    link = run.links[trouble.target % len(run.links)]
    run.books.note("trouble", f"a link is cut for {trouble.seconds} s")
    link.cut()
    run.world.clock.set(trouble.seconds, link.mend)


def _slow(run, trouble):
    link = run.links[trouble.target % len(run.links)]
    if link.latency_s == 0:
        return
    run.books.note("trouble", f"a link is {trouble.seconds / 10} s slower")
    link.latency_s += trouble.seconds / 10


def _freeze(run, trouble):
    program = run.programs[trouble.target % len(run.programs)]
    run.books.note("trouble", f"program {trouble.target % len(run.programs)} freezes for {trouble.seconds} s")
    program.reactor.system.host.pause(trouble.seconds)


def _reset(run, trouble):
    for endpoint in _endpoints(run, trouble):
        endpoint.fail(errno.ECONNRESET)


def _half_reset(run, trouble):
    for endpoint in _endpoints(run, trouble)[:1]:
        endpoint.fail(errno.ECONNRESET)


def _endpoints(run, trouble):
    """The kernels' two ends of a connection; the talk counts as harmed."""
    talk = _talk(run, trouble)
    if talk is None:
        return []
    for host in run.world.network.hosts:
        for (local, remote), endpoint in list(host.connections.items()):
            if 1000 + talk.number in (local[1], remote[1]):
                talk.harm("a connection is reset")
                others = [other.connections.get((remote, local)) for other in run.world.network.hosts]
                return [endpoint, *(other for other in others if other is not None)]
    return []


def _talk(run, trouble):
    """The talk that the trouble is about; None if it was left out."""
    place = trouble.target % len(run.plan.talks)
    return next((talk for talk in run.talks if talk.number == place), None)


def _gone(run, trouble, how):
    program = run.programs[trouble.target % len(run.programs)]
    for talk in run.talks:
        if program in talk.programs:
            talk.harm(f"program {run.programs.index(program)} is {how}")
    return program


def _kill(run, trouble):
    _gone(run, trouble, "killed").kill()


def _stop(run, trouble):
    program = _gone(run, trouble, "stopped")
    if program.is_running:
        program.interrupt()


def _refuse(run, trouble):
    """Close the talk's ports for a while."""
    talk = _talk(run, trouble)
    if talk is None:
        return
    talk.harm("its port is closed")
    talk.server.reactor.callFromThread(_close_ports, run, talk, trouble.seconds)


def _close_ports(run, talk, seconds):
    for _, port in talk.ports:
        if port.connected and not run.is_ending:
            port.stopListening()
            if seconds:
                talk.server.reactor.callLater(seconds, _open_port, run, port)


def _open_port(run, port):
    if not port.connected and not run.is_ending:
        port.startListening()


def _turn_away(run, trouble):
    """Let the server's factory build no protocol, once."""
    talk = _talk(run, trouble)
    if talk is not None:
        talk.refusals += 1


_KINDS = {
    "cut": _cut,
    "slow": _slow,
    "freeze": _freeze,
    "reset": _reset,
    "half reset": _half_reset,
    "kill": _kill,
    "stop": _stop,
    "refuse": _refuse,
    "turn away": _turn_away,
}
