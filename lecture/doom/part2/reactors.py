"""Part 2, the loop itself: things to do later, and other loops to do them in."""

from lecture.slides import URL, Bullet, Center, Code, Image, Markdown, Notes, Session, Slide

reactors = [
    Slide(
        "Scheduling",
        Code("13_scheduling/scheduling.py", "dinner", highlight=(10, 11, 12)),
        Session("13_scheduling"),
        Notes("""
            Not every event comes from outside. `callLater` asks the reactor to call a function after a number of
            seconds, with the arguments that you give, positional or by name. It returns at once; what you get is an
            appointment, and you can move it.

            `delay` moves it later than it was planned. `reset` forgets the plan and counts from now. `cancel` is
            `cancel`. They are easily mixed up: for a timeout that starts anew whenever data arrives, you want `reset`.

            The soup was ordered for two seconds later, and came first. The tea was to come first, and came last. The
            cake is a lie.

            The times are promises of *not earlier*. If a handler takes a second, all calls that are due have to wait
            for it. And you cannot cancel a call that has run, or that was cancelled before: `AlreadyCalled` and
            `AlreadyCancelled` tell you which. So ask `active()` first.

            *Ask:* why is there no `reactor.sleep(1)`?
        """),
    ),
    Slide(
        "Choosing a Reactor – Why?",
        Bullet("A window system has an event loop of its own, and wants to be in charge"),
        Bullet(Markdown("So has `asyncio`, and many libraries live there now")),
        Bullet("Every platform has its best way of waiting: epoll, kqueue, completion ports"),
        Bullet("There can be only one loop in a thread"),
        Notes("""
            Put two loops into one thread, and while one waits, the other is dead. You could let each of them have a
            look a few times a second, and people did; it is slow when the program is busy and wastes the battery when
            it is not.

            The way out is that one loop waits for both and tells the other. If your program has windows, the window
            system's loop rules, and the reactor asks it to watch the sockets as well.

            The second line was not there in 2003. Python has had an event loop in its standard library since version
            3.4; when half of your libraries are written for `asyncio`, run the reactor on that loop, and both halves
            work.

            The third line is about speed. `select` exists everywhere, and looks through all sockets each time; epoll
            and kqueue only name those that have news. With ten connections you won't notice. With ten thousand you'll
            notice nothing else.

            *Ask:* which loop did your last program have, perhaps without your knowing?
        """),
    ),
    Slide(
        "Choosing a Reactor",
        Bullet("By default the best there is: epoll, kqueue, poll, select"),
        Bullet("Where another loop rules: asyncio, uvloop, GLib and GTK, Qt; Tk and wx as guests"),
        Bullet("Choose before any module has one"),
        Code("14_another_reactor/choose.py", highlight="selectreactor.install()"),
        Code("14_another_reactor/too_late.py", "late"),
        Session("14_another_reactor"),
        Notes("""
            `install` makes a reactor of its kind and puts it where `from reactor import reactor` finds it. After that,
            every module with that line gets this reactor. Nothing else in the program changes: protocols and factories
            never know.

            It has to happen first, and the second program of the session shows why. That program has taken a reactor
            already, and a reactor may have ports and timers in it. To put another one in its place would leave those
            behind in a loop that never runs. So it is an error, and a loud one.

            The trap in real programs is an import. You install in line ten; but line three imported a module that
            imported a module that wanted a reactor. So install in the first lines of the main program. Linters may
            complain about the order of imports; they are right in general, and wrong here.

            *Ask:* why not pass the reactor to every function as an argument? Good question. Libraries should.
        """),
    ),
    Slide(
        "Example GTK Program",
        Bullet(Markdown("First of all: `gireactor.install()`")),
        Bullet(
            "One thread, one loop",
            Center(Image("pictures/window.png", "A window: “hello from a window”, and below it a line to type in")),
        ),
        Code("15_gtk/window.py", "window", highlight="reactor."),
        Code("15_gtk/server.py", "listen"),
        Session("15_gtk"),
        Notes("""
            First of all the program installs the reactor for GTK. Then it makes windows and connections, in any order
            you like; then it calls `run`, which runs GTK's loop with our sockets in it. When the user closes the
            window, it calls `reactor.stop`. In 2003 this slide had GTK 1, which has gone to its rest; the shape of the
            program is the same. GTK 4 differs in how a box is filled, and in nothing that concerns us.

            Think about what is *not* here. There is no thread for the network, no queue between it and the window, no
            "please update the label from the main thread". The handler of the entry writes to the transport,
            `dataReceived` changes the label: one loop calls both, one at a time. A dialog that waits for its answer
            doesn't stop the network either: GTK runs a loop inside the loop, and our sockets are in that one too.

            The old trap stays: a handler that takes long freezes both the window and the network. *Ask:* which programs
            do that to you?
        """),
    ),
    Slide(
        "Learning more about networking and scheduling",
        Bullet(Markdown("`reactor/interfaces/`: what reactor, transport, protocol and producer promise one another")),
        Bullet(Markdown("The source: `docs/READING.md` has its core in three evenings, with a question for each file")),
        Bullet("Twisted's documentation: ", URL("https://docs.twisted.org/")),
        Bullet(Markdown("Python's own `selectors`, `socket` and `asyncio`")),
        Bullet("W. Richard Stevens, “UNIX Network Programming”, for everything below"),
        Notes("""
            End of part 2. You've seen all that a small network program needs: a loop, protocols, factories, clients
            that don't despair, and data that flows no faster than it is read.

            To go on, read `interfaces/` first. It holds the promises and none of the machinery: who calls which method
            when, and what you may rely on afterwards. Then take the first evening of `docs/READING.md`, which follows
            one echo through the source. A test counts how many functions you have to read for an echo, and fails when
            there are too many.

            The names are Twisted's, so its documentation explains this library too, and shows how far one can go. And
            what happens below `socket` is in Stevens: older than this talk, and still right about nearly everything.

            *Ask:* take the chat server, and make it drop guests who have said nothing for a minute. What do you need?
            One `callLater`, one `reset`, and a slide that you have seen.
        """),
    ),
]
