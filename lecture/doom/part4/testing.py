"""Part 4, finding out: whether a protocol is right, and what a program is doing."""

from lecture.slides import Bullet, Code, Markdown, Notes, Session, Slide

testing = [
    Slide(
        "Testing a Protocol",
        Bullet("No socket, no sleep, no reactor: a protocol is an object with methods"),
        Bullet(Markdown("`StringTransport` keeps what was written, and refuses what a real one refuses")),
        Bullet(Markdown("`Clock` is time that moves when you say so")),
        Code("56_testing/shy.py", "Shy.connectionMade"),
        Code("56_testing/test_shy.py", "TestShy.setUp"),
        Code("56_testing/test_shy.py", "TestShy.test_hangs_up_on_the_silent", highlight=(2, 4)),
        Session("56_testing"),
        Notes("""
            Half a minute of silence was tried here, in less than a millisecond. A test that sleeps is slow when it is
            right, and fails on the day on which the machine is busy.

            It works since a protocol asks for nothing but a transport and a clock, and doesn't ask who they are. So
            hand them in. `Shy` takes its clock as an argument, and in the server that clock is the reactor.

            Feed it a byte at a time, as the first test does. Networks do that to you, and no other test finds so many
            bugs for so little work.

            For more than one end there is `connectedServerAndClient`, and `MemoryReactor` for programs that listen and
            connect. All of these are held to what real transports do, by the same tests, or they would soon be nicer
            than the world.

            *Ask:* which of your tests sleeps? What is it waiting for?
        """),
    ),
    Slide(
        "What Is It Doing?",
        Bullet(Markdown("`REACTOR_DEBUG=1 python server.py`, and the program says what is wrong with it")),
        Bullet("Who held the loop for more than 100 ms, and at which line"),
        Bullet(Markdown("`kill -USR1`: what is open, which timers, which Deferreds, and who made them")),
        Code("57_debug/slow.py", "wrong"),
        Session("57_debug"),
        Notes("""
            A server that does nothing looks much the same whether it waits, thinks, or has forgotten something. These
            are three different bugs.

            It thinks: a handler sleeps, or asks a database, or computes. Nobody else is served. The report has the line
            where the handler was when its time was up, and that's usually the line to change.

            It waits for something that will not happen. A timer an hour away, a Deferred that nobody is going to fire.
            The table tells which line made it, since that is where the story begins.

            It has forgotten something: what is still open when the program was told to stop is told once more.

            This program switches it on by hand, to have it on the slide. Usually you set a variable and change nothing.

            *Ask:* why isn't this always on? It looks at the clock around every handler, and looks costs.
        """),
    ),
]
