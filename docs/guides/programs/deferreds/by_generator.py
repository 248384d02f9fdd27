"""The same by inlineCallbacks: a generator that yields Deferreds and gets their results."""

from weather import UnknownCity, locate, temperature

from reactor.defer import gatherResults, inlineCallbacks
from reactor.task import react


@inlineCallbacks
def report(city):
    try:
        place = yield locate(city)
        degrees = yield temperature(place)
    except UnknownCity as problem:
        return f"no report: {problem}"
    return f"{city}: {degrees} degrees"


@inlineCallbacks
def main(reactor):
    lines = yield gatherResults([report("Oslo"), report("Atlantis"), report("Rome")])
    print(*lines, sep="\n")


react(main)
