"""Four mistakes, and what each of them prints."""

import gc

from weather import locate

from reactor.defer import AlreadyCalledError, Deferred, NotACoroutineError, ensureDeferred
from reactor.task import deferLater, react


async def report(city):
    return await locate(city)


async def main(reactor):
    locate("Atlantis")  # 1. a Deferred that is forgotten
    await deferLater(reactor, 0.05)
    gc.collect()  # its failure is reported when Python frees the Deferred: now, and not at some later time

    answer = Deferred()
    answer.callback("yes")
    try:
        answer.callback("no")  # 2. a second result
    except AlreadyCalledError as problem:
        print("AlreadyCalledError:", problem)

    try:
        ensureDeferred(report)  # 3. the function instead of what it returns
    except NotACoroutineError as problem:
        print("NotACoroutineError:", problem)

    report("Oslo")  # 4. a coroutine that is never run


react(main)
