"""Two ways to wait no longer: a limit on the time, and a change of mind."""

from weather import slow_measurement

from reactor.defer import CancelledError, TimeoutError, ensureDeferred
from reactor.task import deferLater, react


async def at_most_a_moment(reactor):
    try:
        print(await slow_measurement().addTimeout(0.05, reactor))
    except TimeoutError:
        print("it took too long")


async def expedition():
    try:
        return await slow_measurement()
    except CancelledError:
        print("the expedition packs its things")
        raise


async def main(reactor):
    await at_most_a_moment(reactor)
    on_its_way = ensureDeferred(expedition())
    await deferLater(reactor, 0.05)
    on_its_way.cancel()  # raises CancelledError where the coroutine awaits
    try:
        await on_its_way
    except CancelledError:
        print("and comes home")


react(main)
