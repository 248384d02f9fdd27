"""Two questions that take their time: where a city is, and how warm it is there."""

from reactor import reactor
from reactor.defer import Deferred
from reactor.task import deferLater

PLACES = {"Oslo": (59.9, 10.8), "Rome": (41.9, 12.5)}
DEGREES = {(59.9, 10.8): 4, (41.9, 12.5): 17}


class UnknownCity(Exception):
    """The city is on no map."""


def locate(city):
    """A Deferred of the city's place. It fails with UnknownCity."""

    def look_it_up():
        if city not in PLACES:
            raise UnknownCity(f"there is no {city}")
        return PLACES[city]

    return deferLater(reactor, 0.01, look_it_up)


def temperature(place):
    """A Deferred of the degrees at a place."""
    return deferLater(reactor, 0.01, DEGREES.get, place)


def slow_measurement():
    """A Deferred of the degrees at the pole, in an hour. Cancelling it stops the measuring."""

    def stop_measuring(deferred):
        print("measuring was stopped")
        measuring.cancel()

    deferred = Deferred(stop_measuring)
    measuring = reactor.callLater(3600, deferred.callback, -40)
    return deferred
