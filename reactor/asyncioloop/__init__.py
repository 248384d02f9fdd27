"""The reactor as an asyncio event loop: coroutines and protocols in one turn.

    from reactor import reactor
    from reactor.asyncioloop import ReactorEventLoop

    loop = ReactorEventLoop(reactor)
    loop.create_task(main())
    reactor.run()                        # or: loop.run_until_complete(main()), or an asyncio.Runner

Two ways lead there. One is to write all that asyncio's loop interface asks for, on our own transports: some forty
methods, with TLS, subprocesses and signals once more, and every library's favourite private attribute found out one by
one. The other is a door that the standard library holds open: `asyncio.SelectorEventLoop` takes a selector, any
`selectors.BaseSelector`, and calls its `select(timeout)` once a turn. If *that call is a turn of our loop*, then there
is one loop, with one poll and one clock, and asyncio's own code does the rest, as well as it always does. So it is
done here: `selector.py` is that turn, `loop.py` says who may start and stop whom. No private part of asyncio is used.

What stays apart: a handler of ours that raises is logged, a callback of asyncio's that raises goes to the loop's
exception handler.
"""

from reactor.asyncioloop.loop import ReactorEventLoop

__all__ = ["ReactorEventLoop"]
