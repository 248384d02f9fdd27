"""Part 4, the neighbours: asyncio's coroutines and our protocols in one loop."""

from lecture.slides import Ask, Bullet, Changes, Code, Markdown, Notes, Session, Slide, Wrong

worlds = [
    Slide(
        "Two worlds, one loop",
        Bullet(Markdown("asyncio is an event loop as well, and there can be only one in a thread")),
        Bullet(Markdown("So ours can be asyncio's: `ReactorEventLoop(reactor)`")),
        Bullet(Markdown("Or asyncio's can be ours: `asyncioreactor.install()`, in a notebook too")),
        Changes("03_echo/server.py", "55_two_worlds/restaurant.py", "Echo"),
        Code("55_two_worlds/restaurant.py", "dine"),
        Code("55_two_worlds/restaurant.py", "worlds", highlight=(1, 3)),
        Session("55_two_worlds"),
        Notes("""
            Python has had an event loop of its own for some years, and people have written good libraries for it: SSH,
            web servers, mail. You want those, and you want your protocols. Two loops in one thread can't both wait, and
            a thread for each brings back the locks.

            So one loop does both jobs. asyncio lets you choose the object that asks the kernel who is ready. We give it
            one that makes a turn of our loop instead: asyncio thinks that it has waited, and meanwhile `Echo` has done
            its work. The coroutine and the protocol take turns in the output, as they do in the loop, and neither knows
            of the other.

            Here asyncio is the guest. The other way round works as well. You need it in a notebook, where asyncio's
            loop runs already: there you call `reactor.startRunning()` instead of `reactor.run()`.
        """),
        Ask(
            "The coroutine calls `time.sleep(5)`. Who has to wait?",
            """
            Everybody: coroutine and protocol share one thread. One loop has one waiter, whichever library's uniform he
            wears, and the debug mode tells on him.
            """,
            run="57_debug",
            shows="a handler held the loop for 0.[..] s",
        ),
        Wrong("55_two_worlds", "two_loops"),
        minutes=2,
    ),
]
