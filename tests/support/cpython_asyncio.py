"""CPython's own tests of asyncio, on the reactor's loop: `python -m tests.support.cpython_asyncio test_streams …`

Wherever they make a selector loop, they get one of ours. Ends with status 0 when they pass and really ran on it.
"""

import asyncio
import importlib
import sys
import unittest

from reactor import selectreactor
from reactor.asyncioloop import ReactorEventLoop


class LoopUnderTest(ReactorEventLoop):
    """Takes the place of SelectorEventLoop: the selector that a test hands in is left aside."""

    made = 0

    def __init__(self, selector=None):
        type(self).made += 1
        super().__init__(best_reactor())


def best_reactor():
    try:
        from reactor.epollreactor import EPollReactor
    except ImportError:
        return selectreactor.SelectReactor()
    return EPollReactor()


def take_its_place():
    """Be what asyncio makes when it is asked for a new loop. (The classes that make them are its private matter.)"""
    asyncio.SelectorEventLoop = asyncio.unix_events.SelectorEventLoop = LoopUnderTest
    for name in ("_UnixDefaultEventLoopPolicy", "_DefaultEventLoopPolicy"):  # before and since Python 3.14
        if hasattr(asyncio.unix_events, name):
            getattr(asyncio.unix_events, name)._loop_factory = LoopUnderTest


def main(names):
    take_its_place()
    modules = [importlib.import_module(f"test.test_asyncio.{name}") for name in names]
    suite = unittest.TestSuite(map(unittest.defaultTestLoader.loadTestsFromModule, modules))
    result = unittest.TextTestRunner(buffer=True).run(suite)
    print(f"{result.testsRun} tests, {LoopUnderTest.made} loops")
    return 0 if result.wasSuccessful() and LoopUnderTest.made else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
