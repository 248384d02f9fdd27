"""The reactor as an asyncio event loop: coroutines and protocols in one turn.

    from reactor import reactor
    from reactor.asyncioloop import ReactorEventLoop

    loop = ReactorEventLoop(reactor)
    loop.create_task(main())
    reactor.run()                        # or: loop.run_until_complete(main()), or an asyncio.Runner

There are two ways to do this. One is to write all of asyncio's loop interface on our own transports: some forty
methods, with TLS, subprocesses and signals once more, and to find every library's favourite private attribute one by
one. The other is a door that the standard library holds open: `asyncio.SelectorEventLoop` takes any
`selectors.BaseSelector`, and calls its `select(timeout)` once a turn. If *that call is a turn of our loop*, then there
is one loop, with one poll and one clock, and asyncio's own code does the rest, as well as ever. This is what we do:
`selector.py` is that turn, `loop.py` says which side starts and stops which. No private part of asyncio is used.

Errors stay apart: what a handler of ours raises is logged, what a callback of asyncio's raises goes to the loop's
exception handler.
"""

from reactor.asyncioloop.loop import ReactorEventLoop

__all__ = ["ReactorEventLoop"]
