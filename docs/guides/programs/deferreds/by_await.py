"""The same by async and await."""

from weather import UnknownCity, locate, temperature

from reactor.defer import ensureDeferred, gatherResults
from reactor.task import react


async def report(city):
    try:
        place = await locate(city)
        degrees = await temperature(place)
    except UnknownCity as problem:
        return f"no report: {problem}"
    return f"{city}: {degrees} degrees"


async def main(reactor):
    cities = ["Oslo", "Atlantis", "Rome"]
    lines = await gatherResults([ensureDeferred(report(city)) for city in cities])
    print(*lines, sep="\n")


react(main)
