"""Part 4, finding out: whether a protocol is right, and what a program is doing."""

from lecture.slides import Ask, Bullet, Code, Markdown, Notes, Session, Slide, Wrong

testing = [
    Slide(
        "Testing a Protocol",
        Bullet("No socket, no sleep, no reactor: a protocol is an object with methods"),
        Bullet(Markdown("`StringTransport` keeps what was written, and refuses what real ones refuse")),
        Bullet(Markdown("`Clock` is time that moves when you say so")),
        Code("56_testing/shy.py", "Shy.connectionMade"),
        Code("56_testing/test_shy.py", "TestShy.setUp"),
        Code("56_testing/test_shy.py", "TestShy.test_hangs_up_on_the_silent", highlight=(2, 4)),
        Session("56_testing"),
        Notes("""
            This test tries half a minute of silence, in less than a millisecond. A test that sleeps is slow when it
            passes, and fails on the day when the machine is busy.

            It works because a protocol needs only a transport and a clock, and doesn't care which. So hand them in.
            `Shy` takes its clock as an argument, and in the server that clock is the reactor.

            Feed your protocol one byte at a time, as the first test does. Networks do that to you, and no other test
            finds so many bugs for so little work.

            To test a server with its client there is `connectedServerAndClient`, and for programs that listen and
            connect, `MemoryReactor`. The same tests run against these and against the real ones, or they would soon be
            nicer than the world.
        """),
        Ask(
            "Which of your tests sleep? What are they waiting for?",
            """
            For something that the test could have been told, or done itself. Here the clock is an argument, and half a
            minute of silence passes in no time.
            """,
            run="56_testing",
            shows="test_hangs_up_on_the_silent (__main__.TestShy.test_hangs_up_on_the_silent) ... ok",
        ),
        Wrong("56_testing", "its_own_clock"),
        minutes=1.75,
        short=True,
        exercises=(31,),
    ),
    Slide(
        "What Is It Doing?",
        Bullet(Markdown("`REACTOR_DEBUG=1 python server.py`: the program reports what is wrong")),
        Bullet("Which handler held the loop for more than 100 ms, and at which line"),
        Bullet(Markdown("`kill -USR1`: what is open, which timers, and which line made which Deferred")),
        Code("57_debug/slow.py", "wrong"),
        Session("57_debug"),
        Notes("""
            A server that does nothing looks much the same whether it thinks, waits, or has forgotten something. These
            are three different bugs.

            It thinks: a handler sleeps, or asks a database, or computes, and no other connection is served. The report
            has the line where the handler was after 100 milliseconds, and that's usually the line to change.

            It waits for something that will not happen: a timer an hour away, a Deferred that no code is going to fire.
            For a Deferred, the table tells which line made it, because that is where the story begins.

            It has forgotten something: when the program is told to stop, the report lists once more what is still open.

            This program switches the debug mode on in its code, to have it on the slide. Usually you set the
            environment variable and change nothing.
        """),
        Ask(
            "Why isn't this always on?",
            """
            It looks at the clock around every handler, and looks cost. But it costs little, and may be on for the hour
            in which you need it:
            """,
            run="57_debug",
            shows="a handler held the loop for 0.[..] s: after 100 ms it was at slow.py:15 in think",
        ),
        minutes=2,
    ),
]
