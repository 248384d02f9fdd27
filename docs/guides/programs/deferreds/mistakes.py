"""Four mistakes, and how each one looks."""

import gc

from weather import locate

from reactor.defer import AlreadyCalledError, Deferred, NotACoroutineError, ensureDeferred
from reactor.task import deferLater, react


async def report(city):
    return await locate(city)


async def main(reactor):
    locate("Atlantis")  # 1. nobody asks what came of it
    await deferLater(reactor, 0.05)
    gc.collect()  # it is reported when the Deferred is thrown away: now, and not some time

    answer = Deferred()
    answer.callback("yes")
    try:
        answer.callback("no")  # 2. a second result
    except AlreadyCalledError as problem:
        print("AlreadyCalledError:", problem)

    try:
        ensureDeferred(report)  # 3. the function, and not what it returns
    except NotACoroutineError as problem:
        print("NotACoroutineError:", problem)

    report("Oslo")  # 4. a coroutine that nobody runs


react(main)
