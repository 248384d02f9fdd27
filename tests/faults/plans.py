"""From a seed to a plan: which hosts, programs, links and conversations there are, and their misfortunes.

A plan is plain data, and its conversations are independent, so that some can be left out (see shrinking.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random

from tests.faults.attempts import Attempts
from tests.faults.clocks import Clocks
from tests.faults.datagrams import Datagrams
from tests.faults.publishing import Publishing
from tests.faults.requests import Requests
from tests.faults.returning import Returning
from tests.faults.talkers import Part

ENDINGS = [
    *(("polite", "wait"), ("wait", "polite"), ("polite", "polite"), ("half", "half"), ("half", "polite")),
    *(("polite", "half"), ("half", "wait"), ("wait", "half"), ("hasty", "wait"), ("wait", "hasty")),
    *(("hasty", "hasty"), ("early", "wait"), ("wait", "early"), ("abort", "wait"), ("wait", "abort")),
    *(("abort", "polite"), ("hasty", "half"), ("half", "hasty")),
]
SIZES = (0, 1, 1, 100, 100, 3000, 3000, 20_000, 70_000)
PIECES = (1, 17, 1000, 1460, 5000, 30_000)
WAYS = ("once", "pieces", "push", "pull", "answers")
HANDLERS = ("connectionMade", "dataReceived", "connectionLost", "readConnectionLost", "writeConnectionLost")
MOST_PIECES = 40
_STANDARD = 4  # descriptors that every program has: three streams, and the waker


@dataclass(frozen=True)
class LinkPlan:
    """The properties of one link. The fields are those of reactor.sim.Link."""

    latency_s: float
    jitter_s: float
    bandwidth: float | None
    loss: float
    duplication: float
    reordering: float
    mss: int
    shred: float


@dataclass(frozen=True)
class ProgramPlan:
    """One program: where it runs, and its limits.

    files: descriptors. buffer: bytes that each socket holds in each direction; None is the kernel's own choice.
    """

    host: int
    files: int
    buffer: int | None


@dataclass(frozen=True)
class TalkPlan:
    """One conversation. server, client: indexes of the plan's programs. details: the parameters of its kind."""

    kind: str
    server: int
    client: int
    starts_s: float
    details: dict = field(hash=False)


@dataclass(frozen=True)
class Trouble:
    """A misfortune at one step of the run. target: an index of the plan's links, programs or talks."""

    step: int
    kind: str
    target: int
    seconds: float


@dataclass(frozen=True)
class Plan:
    """Everything that a run is made of."""

    seed: int
    hosts: int
    links: tuple[LinkPlan, ...]
    programs: tuple[ProgramPlan, ...]
    talks: tuple[TalkPlan, ...]
    troubles: tuple[Trouble, ...]

    def text(self):
        """The plan, one item a line."""
        lines = [f"seed {self.seed}: {self.hosts} hosts"]
        lines += [f"  {link}" for link in self.links]
        lines += [f"  program {place}: {program}" for place, program in enumerate(self.programs)]
        for place, talk in enumerate(self.talks):
            if talk is not None:
                programs = f"server {talk.server}, client {talk.client}"
                lines += [f"  talk {place}: {talk.kind}, {programs}, at {talk.starts_s} s"]
                lines += [f"    {name}: {value}" for name, value in talk.details.items()]
        return "\n".join([*lines, *(f"  {trouble}" for trouble in self.troubles)])

    def without(self, talks=(), troubles=()):
        """The plan without the talks and troubles at these indexes."""
        return replace(
            self,
            talks=tuple(None if place in talks else talk for place, talk in enumerate(self.talks)),
            troubles=tuple(trouble for place, trouble in enumerate(self.troubles) if place not in troubles),
        )


def plan_for(seed):
    """The plan of this seed: always the same one."""
    random = Random(f"plan {seed}")
    hosts = random.randint(1, 3)
    programs = tuple(_program(random, hosts) for _ in range(random.randint(1, 4)))
    links = tuple(_link(random) for _ in range(hosts * (hosts + 1) // 2))
    talks = tuple(_talk(random, programs) for _ in range(random.randint(1, 4)))
    programs, talks = _with_few_files(random, programs, talks)
    troubles = tuple(_trouble(random) for _ in range(random.choice((0, 0, 1, 2, 4))))
    return Plan(seed, hosts, links, programs, talks, troubles)


def _with_few_files(random, programs, talks):
    """Sometimes a program that only serves has too few descriptors for all clients, and has to let some wait."""
    place = random.randrange(len(programs))
    served = [talk for talk in talks if talk.server == place]
    others = [talk for talk in talks if talk.client == place or talk.kind == "forwarded"]
    can_wait = all(talk.kind == "streams" and talk.details["kind"] in ("tcp", "tcp6", "unix") for talk in served)
    if not served or others or not can_wait:
        return programs, talks
    files = _STANDARD + len(served) + random.randint(1, 2)
    more = {talk: replace(talk, details={**talk.details, "clients": 4}) for talk in served}
    programs = (*programs[:place], replace(programs[place], files=files), *programs[place + 1 :])
    return programs, tuple(more.get(talk, talk) for talk in talks)


def _program(random, hosts):
    buffer = random.choice((None, None, 1200, 5000, 20_000))
    return ProgramPlan(random.randrange(hosts), 1024, buffer)


def _link(random):
    bandwidth = random.choice((None, None, 200_000.0, 2e6))
    return LinkPlan(
        latency_s=random.choice((0.0, 0.0005, 0.03, 0.2)),
        jitter_s=random.choice((0.0, 0.0, 0.01)),
        bandwidth=bandwidth,
        loss=0.0 if bandwidth else random.choice((0.0, 0.0, 0.0, 0.03)),
        duplication=random.choice((0.0, 0.0, 0.0, 0.2)),
        reordering=random.choice((0.0, 0.0, 0.0, 0.2)),
        mss=random.choice((1460, 1460, 100, 536)),
        shred=random.choice((0.0, 0.0, 0.3, 0.0 if bandwidth else 1.0)),
    )


def _talk(random, programs):
    talk = "streams" if random.random() < 0.5 else random.choice([*_DETAILS])
    server, client = random.randrange(len(programs)), random.randrange(len(programs))
    details = _DETAILS[talk](random)
    if talk == "attempts" or details.get("kind") == "unix":  # their paths exist on one host only
        client = random.choice([n for n, one in enumerate(programs) if one.host == programs[server].host])
    return TalkPlan(talk, server, client, random.choice((0.0, 0.5, 1.0)), details)


def _streams(random, kind=None):
    kind = kind or random.choice(("tcp", "tcp", "tcp6", "unix", "tls", "tls", "starttls"))
    endings = random.choice(ENDINGS)
    one, other = (_part(random, ending, kind) for ending in endings)
    if random.random() < 0.25:
        one, other = _in_a_corner(random, kind, one, other)
    parts = (replace(one, buffer=_buffer(random, kind, other)), replace(other, buffer=_buffer(random, kind, one)))
    return {"kind": kind, "parts": parts, "clients": random.choice((1, 1, 1, 2, 3))}


def _in_a_corner(random, kind, one, other):
    """Moments that chance alone would seldom bring about, for either kind of connection."""
    if kind == "starttls":  # one direction ends before the handshake is complete
        one = replace(one, size=0, ending="half", half_closeable=True, raises=None)
        other = replace(other, size=random.choice((0, 100)), ending="half", half_closeable=True, raises=None)
    elif kind == "tls":  # one end says goodbye while the other one closes with much left to send
        one = replace(one, size=150_000, way="once", ending="hasty", half_closeable=True, raises=None)
        other = replace(other, size=0, way="once", ending="half", pauses=1, raises=None)
    else:  # the connection is closed, and its producer unregisters after the buffer is empty
        one = replace(one, size=3000, way="pull", piece=100, ending="early", unregisters_late=True, raises=None)
        other = replace(other, size=0, ending="wait", raises=None)
    return random.choice(((one, other), (other, one)))


def _part(random, ending, kind):
    size = random.choice(SIZES) if random.random() < 0.95 else 300_000
    if kind == "starttls" and random.random() < 0.3:
        size = 0
    piece = max(random.choice(PIECES), size // MOST_PIECES)
    return Part(
        size=size,
        way=random.choice(WAYS),
        piece=piece,
        pace_s=random.choice((None, 0.0, 0.01, 0.5)),
        ending=ending,
        half_closeable=random.random() < 0.5,
        pauses=random.choice((0, 0, 1, 3)),
        buffer=None,
        raises=random.choice(HANDLERS) if random.random() < 0.1 else None,
        plain=random.choice((0, 1, 3000)) if kind == "starttls" else 0,
        chatter=random.choice((0, 0, 1, 2000)),
        unregisters_late=random.random() < 0.3,
    )


def _buffer(random, kind, other):
    """How much to read at once: little, but not so little that the other end's bytes take for ever."""
    smallest = 512 if kind in ("tls", "starttls") else 1
    return random.choice((None, None, max(smallest, (other.size + other.chatter) // 100), 2000))


def _forwarded(random):
    details = _streams(random, "tcp")
    del details["kind"]
    if random.random() < 0.3:  # both send much, and one of them leaves when it has sent all
        one, other = details["parts"]
        one = replace(one, size=150_000, way="once", ending="hasty", raises=None, pauses=1, buffer=2000)
        other = replace(other, size=70_000, way="once", ending="wait", raises=None, pauses=1, buffer=2000)
        details["parts"] = one, other
    return {**details, "through": random.randrange(12)}


_DETAILS = {
    "streams": _streams,
    "forwarded": _forwarded,
    "requests": Requests.details,
    "publishing": Publishing.details,
    "returning": Returning.details,
    "attempts": Attempts.details,
    "clocks": Clocks.details,
    "datagrams": Datagrams.details,
}

_HARMLESS = ("cut", "freeze", "slow")
_HARMFUL = ("reset", "half reset", "kill", "stop", "refuse", "turn away")


def _trouble(random):
    kind = random.choice(_HARMLESS if random.random() < 0.6 else _HARMFUL)
    step = int(10 ** random.uniform(0, 3))
    return Trouble(step, kind, random.randrange(100), random.choice((0.0, 0.1, 1.0, 3.0)))
