"""A report by callbacks: each step is a function, and the next one gets what it returns."""

from weather import UnknownCity, locate, temperature

from reactor.defer import gatherResults
from reactor.task import react


def report(city):
    asking = locate(city)
    asking.addCallback(temperature)
    asking.addCallback(lambda degrees: f"{city}: {degrees} degrees")
    asking.addErrback(say_why_not)
    return asking


def say_why_not(failure):
    failure.trap(UnknownCity)  # every other failure goes on
    return f"no report: {failure.getErrorMessage()}"


def main(reactor):
    reports = gatherResults([report("Oslo"), report("Atlantis"), report("Rome")])
    reports.addCallback(lambda lines: print(*lines, sep="\n"))
    return reports


react(main)
